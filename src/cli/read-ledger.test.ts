import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exampleAttempt, exampleRecord } from "../cascade/examples.fixture.ts";
import { openLedger } from "../compose/open-ledger.ts";
import { systemClock } from "../support/clock.ts";
import { EXIT } from "./cli-io.ts";
import { createFakeIo } from "./fake-io.fixture.ts";
import { runCommandLine } from "./main.ts";

let folder: string;
let config: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leadsman-receipt-"));
  config = join(folder, "leadsman.yaml");
  writeFileSync(config, `version: 1\nledger: { url: "sqlite:${join(folder, "ledger.db")}" }\n`);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: readonly string[]) {
  const { io, out, notes } = createFakeIo({ workingDirectory: folder });
  const exitCode = await runCommandLine(["--config", config, ...args], io);
  return { exitCode, out: out(), notes: notes() };
}

async function fillLedger(): Promise<void> {
  const url = `sqlite:${join(folder, "ledger.db")}`;
  const ledger = await openLedger({ url, spillBytes: 1_000_000 }, systemClock);
  const nowMs = systemClock.nowMs();
  await ledger.append([
    {
      kind: "request",
      record: exampleRecord({
        id: "req_big",
        startedAtMs: nowMs - 2_000,
        attempts: [exampleAttempt({ costNanoUsd: 9_007_199_254_740_993n })],
      }),
    },
    {
      kind: "request",
      record: exampleRecord({
        id: "req_models",
        startedAtMs: nowMs - 1_000,
        kind: "other",
        decision: "passthrough",
        path: "/v1/models",
        attempts: [],
      }),
    },
  ]);
  await ledger.close();
}

describe("leadsman receipt", () => {
  test("--last is the newest message call", async () => {
    await fillLedger();
    const { exitCode, out } = await run("receipt", "--last");
    expect(exitCode).toBe(EXIT.ok);
    expect(out).toContain("receipt req_big");
    expect(out).toContain("0.93 ≥ 0.80 → the answer of claude-haiku-4-5 shipped");
  });

  test("--json loses no digit of an amount", async () => {
    await fillLedger();
    const { out } = await run("receipt", "req_big", "--json");
    expect(JSON.parse(out)).toMatchObject({
      report: "receipt",
      version: 1,
      costNanoUsd: "9007199254740993",
      request: { id: "req_big" },
    });
  });

  test.each([
    [["receipt", "req_none"], EXIT.failure, 'no request "req_none"'],
    [["receipt"], EXIT.usage, "either the id of a request or --last"],
    [["receipt", "req_big", "--last"], EXIT.usage, "either the id of a request or --last"],
  ] as const)("%j is refused in words", async (args, exitCode, words) => {
    await fillLedger();
    const ended = await run(...args);
    expect(ended).toMatchObject({ exitCode, out: "" });
    expect(ended.notes).toContain(words);
  });
});

describe("leadsman status", () => {
  test("sums up the ledger, per route where there are several", async () => {
    await fillLedger();
    const { exitCode, out } = await run("status", "--since", "1h", "--json");
    expect(exitCode).toBe(EXIT.ok);
    expect(JSON.parse(out)).toMatchObject({
      report: "status",
      total: { requests: 2, costNanoUsd: "9007199254740993" },
      isSimulated: false,
    });
  });

  test("a route that neither is nor was is taken for a slip", async () => {
    await fillLedger();
    expect(await run("status", "--route", "support")).toMatchObject({ exitCode: EXIT.ok });
    const { exitCode, notes } = await run("status", "--route", "suport");
    expect(exitCode).not.toBe(EXIT.ok);
    expect(notes).toContain('There is no route "suport"');
  });

  test("without a ledger says so and makes none", async () => {
    const first = await run("status");
    expect(first).toMatchObject({ exitCode: EXIT.failure, out: "" });
    expect(first.notes).toContain("There is no ledger at sqlite:");
    expect((await run("status")).notes).toContain("There is no ledger");
  });
});
