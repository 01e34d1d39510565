import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openLedger } from "../../src/compose/open-ledger.ts";
import type { Evidence } from "../../src/ledger/records/evidence.ts";
import type { SimulatedFault } from "../../src/providers/simulated/simulated-fault.ts";
import type { SimulatedCall } from "../../src/providers/simulated/simulated-exchange.ts";
import {
  startSimulatedServer,
  type SimulatedServer,
} from "../../src/providers/simulated/simulated-server.ts";
import { systemClock } from "../../src/support/clock.ts";
import { startCli, type CliEnd, type CliProcess } from "./cli-process.ts";

const ROWS = 24;
const CALLS = 2 * ROWS;

let folder: string;
let upstream: SimulatedServer;
let faultOf: (call: SimulatedCall) => SimulatedFault | null;
const started: CliProcess[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "leadsman-replay-"));
  faultOf = () => null;
  upstream = await startSimulatedServer({ timeScale: 0.05, faults: (call) => faultOf(call) });
  writeConfig({ apiKey: "test-key" });
  writeRows(ROWS);
});

afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill("SIGKILL");
    await ended;
  }
  await upstream.close();
  rmSync(folder, { recursive: true });
});

describe("leadsman replay", () => {
  test("asks both models about each row, keeps everything, and asks nothing twice", async () => {
    const end = await replay();
    expect(end).toMatchObject({ exitCode: 0 });
    expect(end.stdout).toContain(`${ROWS} of ${ROWS} rows complete, ${ROWS} by this run`);
    expect(end.stdout).toContain("SIMULATED");
    expect(upstream.calls()).toHaveLength(CALLS);
    expect(upstream.calls().every(({ headers }) => headers["x-api-key"] === "test-key")).toBe(true);

    const evidence = await storedEvidence();
    expect(evidence).toHaveLength(ROWS);
    for (const one of evidence) {
      expect(one).toMatchObject({
        source: "import",
        dataset: "cases",
        route: "support",
        deepMissing: null,
        propensity: 1,
        decision: "imported",
        deepModel: "claude-opus-4-7",
      });
      expect(one.promptHash).toMatch(/^[0-9a-f]{16}$/);
      expect(one.cheapCostNanoUsd).toBeGreaterThan(0n);
      expect(one.deepLatencyMs).toBeGreaterThan(0);
    }
    const report = json(await replay("--json"));
    expect(report).toMatchObject({
      end: { kind: "finished" },
      spentNanoUsd: "0",
      tally: { complete: ROWS, known: ROWS },
    });
    expect(upstream.calls()).toHaveLength(CALLS);
  });

  test("is evidence and no traffic: no total of money knows of it", async () => {
    await replay();
    await withLedger(async (ledger) => {
      expect(await ledger.totals({})).toEqual([]);
      expect((await ledger.requests({}, 10)).rows).toEqual([]);
      expect(await ledger.triageCounts({})).toEqual([]);
      const [item] = (await ledger.evidence({}, 1)).rows;
      for (const part of ["request", "answer:0", "answer:1", "ideal"]) {
        expect(await ledger.body(item?.itemId ?? "", part)).not.toBeNull();
      }
    });
    removeLedger();
    await replay("--no-bodies");
    await withLedger(async (ledger) => {
      const [item] = (await ledger.evidence({}, 1)).rows;
      expect(await ledger.body(item?.itemId ?? "", "request")).toBeNull();
    });
  });

  test("Ctrl-C lets calls in flight end: what is paid for is kept, the rest comes later", async () => {
    const run = start();
    while (upstream.calls().length < 12) await pause(5);
    run.child.kill("SIGINT");
    const end = await run.ended;
    expect(end.exitCode).toBe(130);
    expect(end.stderr).toMatch(/Interrupted after .*rows are kept, the same command goes on/);
    expect(upstream.calls().length).toBeLessThan(CALLS);
    expect(upstream.calls().every(({ aborted }) => !aborted)).toBe(true);

    expect(await replay("--resume")).toMatchObject({ exitCode: 0 });
    expect(upstream.calls()).toHaveLength(CALLS);
    expect(await storedEvidence()).toHaveLength(ROWS);
  });

  test("kill -9 costs the calls in flight and no more", async () => {
    const run = start();
    while (upstream.calls().length < 16) await pause(5);
    run.child.kill("SIGKILL");
    await run.ended;
    const before = upstream.calls().length;
    expect(await replay()).toMatchObject({ exitCode: 0 });
    const evidence = await storedEvidence();
    expect(evidence).toHaveLength(ROWS);
    expect(evidence.every(({ deepMissing }) => deepMissing === null)).toBe(true);
    // Four workers with a call each, and the answers whose commit was under way.
    expect(upstream.calls().length - CALLS).toBeLessThanOrEqual(8);
    expect(before).toBeLessThan(CALLS);
  });

  test("stops before --max-usd could be passed, and goes on when there is more", async () => {
    const cap = ["--max-usd", "0.012", "--max-tokens", "100"];
    const end = await replay("--json", ...cap);
    const report = json(end);
    expect(end.exitCode).toBe(0);
    expect(end.stderr).toContain("could pass --max-usd");
    expect(report).toMatchObject({ end: { kind: "over_budget" } });
    expect(Number(report["spentNanoUsd"])).toBeLessThanOrEqual(12_000_000);
    expect(Number(report["spentNanoUsd"])).toBeGreaterThan(3_000_000);
    expect(await replay("--max-tokens", "100")).toMatchObject({ exitCode: 0 });
    expect(upstream.calls()).toHaveLength(CALLS);
  });

  test("waits as upstream asks, with all workers, and loses no row", async () => {
    faultOf = ({ index }) =>
      index === 10 || index === 11
        ? { kind: "status", status: 429, retryAfterSeconds: 1 }
        : index % 30 === 29
          ? { kind: "status", status: 529 }
          : null;
    const end = await replay("--concurrency", "2");
    expect(end).toMatchObject({ exitCode: 0 });
    expect(await storedEvidence()).toHaveLength(ROWS);
    const starts = upstream.calls().map(({ startedMs }) => startedMs);
    const refusedMs = starts[10] ?? 0;
    const isInPause = (ms: number): boolean => ms > refusedMs + 20 && ms < refusedMs + 900;
    expect(starts.filter(isInPause)).toEqual([]);
  }, 60_000);

  test("an error that holds for every row ends the run at once", async () => {
    faultOf = ({ isTriage }) => (isTriage ? null : { kind: "status", status: 401 });
    const end = await replay();
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toContain("upstream refuses (status 401, invalid x-api-key)");
    expect(upstream.calls().length).toBeLessThan(12);
    faultOf = () => null;
    expect(await replay()).toMatchObject({ exitCode: 0 });
    // The triages that were paid for were kept, though their rows were not complete.
    expect(upstream.calls().filter(({ isTriage }) => isTriage)).toHaveLength(ROWS);
  });

  test("a request that upstream never takes is kept as missing, with the reason", async () => {
    faultOf = ({ prompt, isTriage }) =>
      prompt.startsWith("Case 3:") && !isTriage ? { kind: "status", status: 400 } : null;
    expect(await replay()).toMatchObject({ exitCode: 0 });
    const missing = (await storedEvidence()).filter(({ deepMissing }) => deepMissing !== null);
    expect(missing).toMatchObject([{ deepMissing: "http_error", cheapMissing: null }]);
    const before = upstream.calls().length;
    await replay();
    expect(upstream.calls()).toHaveLength(before);
  });

  test("--count draws by chance, and a larger draw holds the smaller one", async () => {
    expect(await replay("--count", "6")).toMatchObject({ exitCode: 0 });
    const six = await storedEvidence();
    expect(six).toHaveLength(6);
    expect(six.every(({ propensity }) => propensity === 6 / ROWS)).toBe(true);
    await replay("--count", "12");
    expect(upstream.calls()).toHaveLength(24);
    const twelve = await storedEvidence();
    const ids = new Set(twelve.map(({ itemId }) => itemId));
    expect(six.every(({ itemId }) => ids.has(itemId))).toBe(true);
    expect(twelve.every(({ propensity }) => propensity === 12 / ROWS)).toBe(true);
  });

  test("--batch asks in batches, goes on after kill -9 at any time, and asks nothing twice", async () => {
    const plan = json(await replay("--batch", "--dry-run", "--json"));
    const dear = json(await replay("--dry-run", "--json"));
    const highOf = ({ plan: told }: Record<string, unknown>): number =>
      Number((told as Record<string, unknown>)["highNanoUsd"]);
    expect(highOf(plan) / highOf(dear)).toBeCloseTo(0.5, 3);
    for (const aliveMs of [0, 1_000, 3_000]) {
      const seen = upstream.calls().length;
      const run = start("--batch");
      while (upstream.calls().length === seen) await pause(5);
      await pause(aliveMs);
      run.child.kill("SIGKILL");
      await run.ended;
    }
    const refused = await replay();
    if (refused.exitCode !== 0) expect(refused.stderr).toContain("(batches_open)");
    const end = await replay("--batch");
    expect(end).toMatchObject({ exitCode: 0 });
    expect(end.stdout).toContain(`${ROWS} of ${ROWS} rows complete`);
    const created = upstream
      .calls()
      .filter(({ method, path }) => method === "POST" && path.endsWith("/batches"))
      .map(({ body }) => Buffer.from(body).toString().split('"custom_id"').length - 1);
    expect(created.reduce((sum, requests) => sum + requests, 0)).toBe(CALLS);
    const evidence = await storedEvidence();
    expect(evidence).toHaveLength(ROWS);
    expect(evidence.every(({ deepMissing }) => deepMissing === null)).toBe(true);
  }, 60_000);

  test("--drop-batches tells upstream to stop and lets the rows be asked anew", async () => {
    const run = start("--batch");
    const isCreated = (): boolean => upstream.calls().some(({ path }) => path.endsWith("/batches"));
    while (!isCreated()) await pause(5);
    run.child.kill("SIGINT");
    const stopped = await run.ended;
    expect(stopped.exitCode).toBe(130);
    expect(stopped.stderr).toContain(`${ROWS} requests are being answered in batches`);
    const refused = await replay();
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toContain("(batches_open)");
    const dropped = await replay("--drop-batches");
    expect(dropped).toMatchObject({ exitCode: 0 });
    expect(dropped.stdout).toContain(`Gave up 1 batch of data set cases with ${ROWS} requests`);
    expect((await replay("--drop-batches")).stdout).toBe(
      "No batch of data set cases is under way, so none was given up.\n",
    );
    // One that has ended meanwhile is not told to stop.
    const canceled = upstream.calls().filter(({ path }) => path.endsWith("/cancel"));
    expect(canceled.length).toBeLessThanOrEqual(1);
    expect(await replay()).toMatchObject({ exitCode: 0 });
  }, 60_000);

  test("a row of a smaller draw that was cut short is part of the larger one", async () => {
    faultOf = ({ isTriage }) => (isTriage ? null : { kind: "status", status: 401 });
    await replay("--count", "6", "--concurrency", "1");
    faultOf = () => null;
    await replay("--count", "12");
    const twelve = await storedEvidence();
    expect(twelve).toHaveLength(12);
    expect(twelve.every(({ propensity }) => propensity === 12 / ROWS)).toBe(true);
  });

  test("--dry-run counts and sends nothing, key or no key", async () => {
    writeConfig({});
    const end = await replay("--dry-run", "--json");
    expect(json(end)).toMatchObject({
      survey: { rows: ROWS },
      plan: { toAsk: ROWS, calls: CALLS, known: 0 },
    });
    expect(upstream.calls()).toEqual([]);
    expect(existsSync(join(folder, "ledger.db"))).toBe(false);
  });

  test("without a key of our own it says which setting is wanted", async () => {
    writeConfig({});
    const end = await replay();
    expect(end.exitCode).toBe(2);
    expect(end.stderr).toContain("Set providers.anthropic.apiKey");
    expect(upstream.calls()).toEqual([]);
  });

  test("a cap on what nobody can count is refused", async () => {
    writeConfig({ apiKey: "test-key" }, ["claude-haiku-4-5", "nobodys-model"]);
    const end = await replay("--max-usd", "3");
    expect(end.exitCode).toBe(2);
    expect(end.stderr).toContain("No price is known for nobodys-model");
    expect(upstream.calls()).toEqual([]);
  });
});

function start(...options: readonly string[]): CliProcess {
  const run = startCli(["replay", "cases.jsonl", ...options], folder);
  started.push(run);
  return run;
}

function replay(...options: readonly string[]): Promise<CliEnd> {
  return start(...options).ended;
}

function json({ stdout }: { readonly stdout: string }): Record<string, unknown> {
  return JSON.parse(stdout) as Record<string, unknown>;
}

function writeRows(count: number): void {
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({ id: String(index), input: `Case ${index}: what now?`, ideal: "nothing" }),
  );
  writeFileSync(join(folder, "cases.jsonl"), `${lines.join("\n")}\n`);
}

function writeConfig(
  provider: object,
  tiers: readonly string[] = ["claude-haiku-4-5", "claude-opus-4-7"],
): void {
  const config = {
    version: 1,
    providers: { anthropic: { baseUrl: upstream.url, ...provider } },
    routes: [{ name: "support", tiers, threshold: 0.8 }],
    ledger: { url: `sqlite:${join(folder, "ledger.db")}` },
  };
  writeFileSync(join(folder, "leadsman.yaml"), JSON.stringify(config));
}

type OpenedLedger = Awaited<ReturnType<typeof openLedger>>;

async function withLedger<Value>(use: (ledger: OpenedLedger) => Promise<Value>): Promise<Value> {
  const url = `sqlite:${join(folder, "ledger.db")}`;
  const ledger = await openLedger({ url, spillBytes: 1_000_000 }, systemClock);
  try {
    return await use(ledger);
  } finally {
    await ledger.close();
  }
}

function storedEvidence(): Promise<readonly Evidence[]> {
  return withLedger(async (ledger) => (await ledger.evidence({}, 1_000)).rows);
}

function removeLedger(): void {
  for (const end of ["", "-wal", "-shm"]) rmSync(join(folder, `ledger.db${end}`), { force: true });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
