import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leadsmanVersion } from "./leadsman-version.ts";
import { createFakeFolder, runFake, type FakeFolder } from "./fake-run.fixture.ts";
import { createFakeIo } from "./fake-io.fixture.ts";
import { createProgram } from "./main.ts";

let folder: FakeFolder;
beforeAll(() => {
  folder = createFakeFolder({
    routes: [{ name: "support", tiers: ["claude-haiku-4-5", "claude-opus-4-7"] }],
  });
  writeFileSync(join(folder.path, "broken.yaml"), "version: 1\nserver: { prot: 1 }\n");
});
afterAll(() => {
  folder.remove();
});

describe("exit codes", () => {
  test.each([
    [["--version"], 0, /^$/],
    [["--help"], 0, /^$/],
    [["help", "up"], 0, /^$/],
    [[], 2, /Usage: leadsman/],
    [["stauts"], 2, /unknown command 'stauts'\n\(Did you mean status\?\)/],
    [
      ["help", "nope"],
      2,
      /^There is no command "nope"\. Did you mean "mode"\? `leadsman help` lists the commands\.\n/,
    ],
    [
      ["--json", "help", "rceipt"],
      2,
      /^There is no command "rceipt"\. Did you mean "receipt"\? `leadsman help` lists/,
    ],
    [
      ["alerts", "help", "something"],
      2,
      /^There is no command "something"\. `leadsman alerts help` lists the commands\.\n/,
    ],
    [["up", "--prot", "1"], 2, /unknown option '--prot'\n\(Did you mean --port\?\)/],
    [["up", "--port", "x"], 2, /Wanted a port from 0 to 65535/],
    [["up", "--host", "0.0.0.0"], 2, /server\.token \(or LEADSMAN_TOKEN\)/],
    [
      ["mode", "support", "live"],
      2,
      /required option '--reason <text>'[^]*`leadsman mode --help` explains it and shows examples/,
    ],
    [["alerts", "lst"], 2, /Did you mean list\?[^]*`leadsman alerts --help`/],
    [["alerts", "list", "--opn"], 2, /Did you mean --open\?[^]*`leadsman alerts list --help`/],
    [["mode", "support", "on", "--reason", "x"], 2, /"on" is no mode/],
    [["mode", "support", "off", "--reason", " "], 2, /Wanted a few words/],
    [["mode", "suport", "off", "--reason", "x"], 2, /Did you mean "support"\? Routes: support\./],
    [["config", "check", "--config", "no.yaml"], 2, /There is no file no\.yaml/],
    [
      ["config", "check", "--config", "broken.yaml"],
      2,
      /broken\.yaml:2:11 .*Did you mean "port"\?/,
    ],
    [["try", "--config", "broken.yaml", "x"], 2, /broken\.yaml:2:11 [^]*\(config_invalid\)/],
    [
      ["try"],
      2,
      /Wanted either a prompt in quotes or --body.*found neither\. For example: leadsman try "/,
    ],
    [["try", "x", "--body", "y.json"], 2, /found both/],
    [["try", "x", "--route", "mail"], 2, /There is no route "mail"/],
    [["export"], 1, /There is no ledger at .*ledger\.db yet/],
    [["export", "--from", "tomorrow"], 2, /Wanted a time/],
    [["export", "--format", "csv", "--bodies"], 2, /bodies do not fit into CSV/],
    [["export", "--format", "xml"], 2, /Allowed choices are jsonl, csv/],
    [["init"], 1, /is there already[^]*--force/],
    [["simulate", "--fault", "burn"], 2, /The fault "burn" is not known/],
  ] as const)("%j ends with %d", async (argv, exitCode, notes) => {
    const run = await folder.run(argv);
    expect({ exitCode: run.exitCode, notes: run.notes }).toEqual({
      exitCode,
      notes: expect.stringMatching(notes),
    });
  });

  test("a port that is taken is said to be, with the way out", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    for (const command of ["up", "simulate"]) {
      const run = await folder.run([command, "--port", String(port)]);
      expect(run).toMatchObject({
        exitCode: 1,
        notes: expect.stringMatching(
          `Port ${String(port)} of 127.0.0.1 is taken[^]*\`leadsman ${command} --port 0\`[^]*port_taken`,
        ),
      });
    }
    other.close();
  });

  test("130 after an interrupt", async () => {
    const fake = createFakeIo({ workingDirectory: folder.path });
    fake.interrupt();
    const { runCommandLine } = await import("./main.ts");
    expect(await runCommandLine(["config", "schema"], fake.io)).toBe(130);
  });
});

test("the version is that of package.json", async () => {
  expect((await runFake(["--version"])).out).toBe(`${leadsmanVersion()}\n`);
  expect(leadsmanVersion()).toMatch(/^\d+\.\d+\.\d+/);
});

test("data goes to standard output and complaints do not", async () => {
  const good = await folder.run(["config", "check"]);
  const bad = await folder.run(["config", "check", "--config", "broken.yaml"]);
  expect([good.out, bad.out]).toEqual(["leadsman.yaml is fine: 1 route.\n", ""]);
});

describe("every command", () => {
  const program = createProgram(createFakeIo().io, () => undefined);
  const commands = program.commands.flatMap((command) => [command, ...command.commands]);

  test.each(commands.map((command) => [command.name(), command] as const))(
    "%s explains itself with an example and the shared options",
    async (name, command) => {
      const path = command.parent === program ? [name] : [command.parent?.name() ?? "", name];
      const { out, exitCode } = await runFake([...path, "--help"]);
      expect(exitCode).toBe(0);
      expect(out).toMatch(/Examples?:\n {2}\$ leadsman /);
      expect(out).toMatch(/--config <file>/);
      expect(out).toMatch(/--json/);
      const tooLong = out.split("\n").filter((line) => line.length > 80 && !line.includes("$ "));
      expect(tooLong).toEqual([]);
    },
  );
});
