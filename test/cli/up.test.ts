import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  startSimulatedServer,
  type SimulatedServer,
} from "../../src/providers/simulated/simulated-server.ts";
import { call } from "../harness/call.ts";
import { runCli, startCli, type CliProcess } from "./cli-process.ts";

let folder: string;
let upstream: SimulatedServer;
const started: CliProcess[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "leadsman-up-"));
  upstream = await startSimulatedServer({});
  writeConfig({ mode: "live" });
});

afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill("SIGKILL");
    await ended;
  }
  await upstream.close();
  rmSync(folder, { recursive: true });
});

describe("leadsman up", () => {
  test("says where it listens, what each route does, and stops with its counts", async () => {
    const gateway = await up();
    expect(gateway.stderr()).toContain(`export ANTHROPIC_BASE_URL=${gateway.url}`);
    expect(gateway.stderr()).toMatch(
      /support +live \(uncertified\) +claude-haiku-4-5 ≥ 0\.80 → claude-opus-4-7 +claude-opus-\*/,
    );
    expect((await ask(gateway.url, 1)).headers["x-leadsman-decision"]).toBe("shipped");

    const stoppedMs = performance.now();
    gateway.child.kill("SIGTERM");
    const end = await gateway.ended;
    expect(end).toMatchObject({ exitCode: 0, stdout: "" });
    // With nothing in hand there is nothing to wait for.
    expect(performance.now() - stoppedMs).toBeLessThan(1_800);
    expect(end.stderr).toMatch(
      /Stopped: 0 finished, 0 cut, 0 in the background given up; [1-9]\d* entries written, 0 lost\./,
    );
  });

  test.each(["SIGTERM", "SIGINT"] as const)("%s lets the call in hand end", async (signal) => {
    const slow = await startSimulatedServer({ timeScale: 0.3 });
    writeConfig({ mode: "off" }, slow.url);
    const gateway = await up();
    const answer = ask(gateway.url, 1);
    while (slow.calls().length === 0) await pause(5);
    gateway.child.kill(signal);
    await gateway.said(/Stopping: waiting up to 30 s for 1 in flight/);
    expect((await answer).status).toBe(200);
    const end = await gateway.ended;
    expect(end).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/Stopped: 1 finished, 0 cut/),
    });
    await slow.close();
  });

  test("a second signal ends it at once with 130", async () => {
    const stuck = await startSimulatedServer({ faults: () => ({ kind: "hang" }) });
    writeConfig({ mode: "off" }, stuck.url);
    const gateway = await up();
    const answer = ask(gateway.url, 1).catch(() => null);
    while (stuck.calls().length === 0) await pause(5);
    gateway.child.kill("SIGINT");
    await gateway.said(/Stopping/);
    await pause(400);
    gateway.child.kill("SIGINT");
    expect((await gateway.ended).exitCode).toBe(130);
    await answer;
    await stuck.close();
  });

  test("calls that outlast the drain are cut and counted", async () => {
    const stuck = await startSimulatedServer({ faults: () => ({ kind: "hang" }) });
    writeConfig({ mode: "off" }, stuck.url, { drainMs: 100 });
    const gateway = await up();
    const answer = ask(gateway.url, 1).catch(() => null);
    while (stuck.calls().length === 0) await pause(5);
    gateway.child.kill("SIGTERM");
    expect(await gateway.ended).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/Stopped: 0 finished, 1 cut/),
    });
    await answer;
    await stuck.close();
  });

  test("--json says the same as events", async () => {
    const gateway = await up("--json");
    await ask(gateway.url, 1);
    gateway.child.kill("SIGTERM");
    const { stdout } = await gateway.ended;
    const events: unknown = JSON.parse(`[${stdout.trim().split("\n").join(",")}]`);
    expect(events).toMatchObject([
      { event: "listening", url: gateway.url, routes: [{ route: { name: "support" } }] },
      { event: "request", decision: "shipped", attempts: [{ role: "triage" }] },
      { event: "stopped", finished: 0, cut: 0, lostEntries: 0 },
    ]);
  });

  test("--verbose has a line for every request", async () => {
    const gateway = await up("--verbose");
    await ask(gateway.url, 1);
    await gateway.said(/✓ shipped · haiku-4-5 0\.\d+ ≥ 0\.80 · ≈?\$0\.000\d+ · .* ms · SIMULATED/);
  });

  test("a taken port is told with what to do, and harms nobody", async () => {
    const first = await up();
    const second = await runCli(["up", "--port", new URL(first.url).port], folder);
    expect(second).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringMatching(/is taken, perhaps by another leadsman.*--port 0/),
    });
    expect((await ask(first.url, 2)).status).toBe(200);
  });

  test("without a configuration it runs in shadow", async () => {
    rmSync(join(folder, "leadsman.yaml"));
    const gateway = await up("--port", "0");
    expect(gateway.stderr()).toMatch(/default +shadow +claude-haiku-4-5 ≥ 0\.80 → requested/);
    expect(gateway.stderr()).toContain("In shadow your answers do not change.");
  });
});

test("leadsman up --log-format json is lines of JSON alone, without a text or a key", async () => {
  const cli = startCli(["up", "--log-format", "json"], folder);
  started.push(cli);
  const [, url = ""] = await cli.said(/"url":"(http:[^"]+)"/);
  await ask(url, 1);
  await cli.said(/"msg":"request"/);
  cli.child.kill("SIGTERM");
  await cli.ended;
  const lines = cli.stderr().trim().split("\n");
  const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(events.find(({ msg }) => msg === "request")).toMatchObject({
    level: "info",
    route: "support",
    decision: "shipped",
    status: 200,
  });
  expect(events.at(-1)?.["msg"]).toMatch(/^Stopped: 0 finished, 0 cut/);
  for (const secret of ["opening hours", "test-key"]) expect(cli.stderr()).not.toContain(secret);
});

describe("leadsman mode, while a gateway runs", () => {
  test("is taken over within two seconds, and told by the gateway", async () => {
    const gateway = await up();
    expect(await modeOf(gateway.url)).toBe("live");
    const order = await runCli(["mode", "support", "off", "--reason", "looks wrong"], folder);
    const orderedMs = performance.now();
    expect(order).toMatchObject({ exitCode: 0, stdout: "support: live → off\n" });
    while ((await modeOf(gateway.url)) !== "off") await pause(20);
    expect(performance.now() - orderedMs).toBeLessThan(2_000);
    await gateway.said(/! support: live \(uncertified\) → off/);
  });

  test("stops a gateway too that was started with another --mode, or before an edit", async () => {
    writeConfig({ mode: "shadow" });
    const gateway = await up("--mode", "live");
    expect(await modeOf(gateway.url)).toBe("live");
    writeConfig({ mode: { canary: "50%" } });
    await runCli(["mode", "support", "off", "--reason", "stop"], folder);
    await gateway.said(/! support: live \(uncertified\) → off/);
    expect(await modeOf(gateway.url)).toBe("off");
  });

  test("outlives a restart, until the command line overrules it, which is told", async () => {
    await runCli(["mode", "support", "off", "--reason", "night"], folder);
    const plain = await up();
    expect(await modeOf(plain.url)).toBe("off");
    plain.child.kill("SIGTERM");
    await plain.ended;
    const overruled = await up("--mode", "live");
    await overruled.said(
      /support was set to off on .* \("night"\), and --mode live overrules that/,
    );
    expect(await modeOf(overruled.url)).toBe("live");
  });
});

test("what try shows is what a gateway sends", async () => {
  const body = {
    model: "claude-opus-4-7",
    max_tokens: 333,
    system: "Be brief.",
    temperature: 0.3,
    thinking: { type: "adaptive" },
    messages: [{ role: "user", content: "A multi-step riddle [task:multi_step_math#2]" }],
  };
  writeFileSync(join(folder, "body.json"), JSON.stringify(body));
  const shown = await runCli(["try", "--body", "body.json", "--json"], folder);
  const explained: { tiers: { body: unknown }[] } = JSON.parse(shown.stdout);

  const gateway = await up();
  const headers = { "x-simulate": "triage:verdict=no-such-verdict,triage:status=529" };
  const response = await call(gateway.url, { body, headers });
  expect(response.headers["x-leadsman-decision"]).toBe("escalated");
  const sent = upstream.calls().map((recorded): unknown => JSON.parse(recorded.body.toString()));
  expect(sent).toEqual(explained.tiers.map((tier) => tier.body));
});

interface RunningGateway extends CliProcess {
  readonly url: string;
}

async function up(...options: readonly string[]): Promise<RunningGateway> {
  const cli = startCli(["up", ...options], folder);
  started.push(cli);
  const [, url = ""] = await cli.said(/listens on (http:\/\/\S+)/);
  await cli.said(/Ctrl-C stops/);
  return { ...cli, url };
}

function ask(url: string, number: number): ReturnType<typeof call> {
  const content = `What are your opening hours? [task:faq#${number}]`;
  const messages = [{ role: "user", content }];
  return call(url, { body: { model: "claude-opus-4-7", max_tokens: 200, messages } });
}

async function modeOf(url: string): Promise<string | undefined> {
  const { headers } = await ask(url, 1);
  const mode = headers["x-leadsman-mode"];
  return typeof mode === "string" ? mode : undefined;
}

function writeConfig(route: object, upstreamUrl = upstream.url, server: object = {}): void {
  const settings = {
    version: 1,
    server: { port: 0, ...server },
    providers: { anthropic: { baseUrl: upstreamUrl } },
    routes: [
      {
        name: "support",
        match: { model: "claude-opus-*" },
        tiers: ["claude-haiku-4-5", "claude-opus-4-7"],
        sampling: { control: "0%", shadow: "0%", grade: "0%", band: "0%", triage: "0%" },
        ...route,
      },
    ],
    ledger: { url: `sqlite:${join(folder, "ledger.db")}` },
  };
  writeFileSync(join(folder, "leadsman.yaml"), JSON.stringify(settings));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
