import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exampleRecord } from "../../src/cascade/examples.fixture.ts";
import { openLedger } from "../../src/compose/open-ledger.ts";
import { systemClock } from "../../src/support/clock.ts";
import { call } from "../harness/call.ts";
import { runCli, startCli } from "./cli-process.ts";

const BIN = fileURLToPath(new URL("../../bin/leadsman.js", import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leadsman-process-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  [["--version"], 0],
  [["no-such-command"], 2],
  [["export"], 1],
])("the process of %j ends with %d", async (argv, exitCode) => {
  expect((await runCli(argv, folder)).exitCode).toBe(exitCode);
});

test("an export to a reader that leaves ends quietly", async () => {
  const url = `sqlite:${join(folder, ".leadsman/ledger.db")}`;
  const ledger = await openLedger({ url, spillBytes: 1e8 }, systemClock);
  await ledger.append(
    Array.from({ length: 3_000 }, (_, index) => ({
      kind: "request" as const,
      record: exampleRecord({ id: `req_${String(index).padStart(5, "0")}` }),
    })),
  );
  await ledger.close();
  const pipeline = `"${process.execPath}" "${BIN}" export | head -n 2; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = await runBash(pipeline);
  const lines = stdout.trim().split("\n");
  expect(lines.map((line) => line.slice(0, 16))).toEqual([
    '{"id":"req_02999',
    '{"id":"req_02998',
    "0",
  ]);
  expect(stderr).not.toMatch(/EPIPE|mistake/);
  expect(Number(/Exported ([\d,]+)/.exec(stderr)?.[1]?.replace(",", ""))).toBeLessThan(3_000);
});

test("an output that cannot be written is told in a sentence, and ends with 1", async () => {
  const line = `"${process.execPath}" "${BIN}" savings --cheap-input-price 1 --deep-input-price 5`;
  const { stdout, stderr } = await runBash(`${line} >/dev/full; echo "$?"`);
  expect(stderr).toBe(
    "Not all of the output could be written: ENOSPC: no space left on device, write\n(output_lost)\n",
  );
  expect(stdout).toBe("1\n");
  // Words that nobody can read are no reason to fail: a full disk under its log ends no gateway.
  const quiet = await runBash(
    `${line} --json 2>/dev/full >/dev/null; echo "$?"; ${line} --nonsense 2>/dev/full; echo "$?"`,
  );
  expect(quiet).toEqual({ stdout: "0\n2\n", stderr: "" });
});

describe("leadsman simulate", () => {
  test("says that it is simulated, answers, and stops with its count", async () => {
    const simulation = startCli(["simulate", "--port", "0", "--time-scale", "0"], folder);
    const [, url = ""] = await simulation.said(/SIMULATED upstream listens on (http:\S+)/);
    await simulation.said(/Ctrl-C/);
    const body = { model: "claude-haiku-4-5", max_tokens: 50, messages: [QUESTION] };
    const answer = await call(url, { body });
    expect(answer.headers["x-leadsman-simulated"]).toBe("1");
    expect(answer.body.toString()).toContain("(simulated) ");
    simulation.child.kill("SIGTERM");
    expect(await simulation.ended).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("Stopped after 1 call."),
    });
  });

  test("lets the ordered share of calls meet the ordered fault", async () => {
    const faults = ["--fault", "status=529", "--fault-share", "50%"];
    const options = ["--port", "0", "--time-scale", "0", ...faults];
    const simulation = startCli(["simulate", ...options, "--json"], folder);
    await simulation.said(/Ctrl-C/);
    const listening: { url: string; isSimulated: boolean } = JSON.parse(simulation.stdout());
    expect(listening.isSimulated).toBe(true);
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      const body = { model: "claude-haiku-4-5", max_tokens: 50, messages: [QUESTION] };
      statuses.push((await call(listening.url, { body })).status);
    }
    expect(statuses).toEqual([200, 529, 200, 529, 200, 529]);
    simulation.child.kill("SIGINT");
    expect((await simulation.ended).exitCode).toBe(0);
  });
});

const QUESTION = { role: "user", content: "Hello? [task:faq#1]" };

function runBash(script: string): Promise<{ stdout: string; stderr: string }> {
  const child = spawn("bash", ["-c", script], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () => {
      resolve({ stdout, stderr });
    });
  });
}
