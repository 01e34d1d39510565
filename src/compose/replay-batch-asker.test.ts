import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Evidence } from "../ledger/records/evidence.ts";
import { openBatchBench, type BatchBench } from "./batch-replay.fixture.ts";

const ROWS = 10;
const FEW_ROWS = 5;

let bench: BatchBench;
beforeEach(async () => {
  bench = await openBatchBench(ROWS);
});
afterEach(() => bench.close());

/** Each row was asked of each model once. */
function expectNothingAskedTwice(rows = ROWS): void {
  const asked = bench.asked();
  expect(asked).toHaveLength(2 * rows);
  expect(new Set(asked).size).toBe(asked.length);
}

async function expectAllBooked(rows = ROWS): Promise<void> {
  const evidence = await bench.evidence();
  expect(evidence).toHaveLength(rows);
  expect(evidence.every(({ deepMissing }) => deepMissing === null)).toBe(true);
  expect(await bench.ledger().openBatches("support", "week")).toEqual([]);
}

test("what comes back is booked as single calls book it, at half the price", async () => {
  await bench.run();
  const other = await openBatchBench(ROWS, { timeScale: 0 });
  await other.runSingly();
  const singly = new Map((await other.evidence()).map((one) => [one.itemId, one]));
  const texts = await Promise.all(
    ["request", "answer:0", "answer:1"].map((part) => partOf(other, part)),
  );
  for (const one of await bench.evidence()) {
    const single = singly.get(one.itemId);
    expect({ ...one, ...UNLIKE }).toEqual({ ...single, ...UNLIKE });
    expect(2n * (one.cheapCostNanoUsd ?? 0n)).toBe(single?.cheapCostNanoUsd);
    expect(2n * (one.deepCostNanoUsd ?? 0n)).toBe(single?.deepCostNanoUsd);
    expect([one.cheapLatencyMs, one.deepLatencyMs]).toEqual([null, null]);
  }
  expect(
    await Promise.all(["request", "answer:0", "answer:1"].map((part) => partOf(bench, part))),
  ).toEqual(texts);
  await other.close();
});

/** What a batch is meant to be otherwise in. */
const UNLIKE: Partial<Evidence> = {
  ...{ createdAtMs: 0, cheapCostNanoUsd: null, deepCostNanoUsd: null },
  ...{ cheapLatencyMs: null, deepLatencyMs: null },
};

/** What the stored texts of a part say, without the ids and counts that each call has of its own. */
async function partOf({ rows, ledger }: BatchBench, part: string): Promise<readonly unknown[]> {
  const bodies = await Promise.all(rows.map(({ itemId }) => ledger().body(itemId, part)));
  return bodies.map((bytes) => {
    if (bytes === null) return null;
    const { content, messages }: Record<string, unknown> = JSON.parse(
      Buffer.from(bytes).toString(),
    );
    return [content, messages];
  });
}

test("each row goes through all tiers, batch by batch", async () => {
  const outcome = await bench.run();
  expect(outcome).toMatchObject({ end: { kind: "finished" }, awaitedRequests: 0 });
  expect(outcome.tally).toMatchObject({ complete: ROWS, known: 0, completed: 0 });
  expectNothingAskedTwice();
  await expectAllBooked();
  const evidence = await bench.evidence();
  const cost = evidence.reduce(
    (sum, { cheapCostNanoUsd: cheap, deepCostNanoUsd: deep }) => sum + (cheap ?? 0n) + (deep ?? 0n),
    0n,
  );
  expect(outcome.spentNanoUsd).toBe(cost);
  const again = await bench.run();
  expect(again.tally).toMatchObject({ complete: ROWS, known: ROWS });
  expect(again.spentNanoUsd).toBe(0n);
  expectNothingAskedTwice();
});

test("tiers between the first and the last are asked too", async () => {
  const three = await openBatchBench(ROWS, { tierCount: 3 });
  const { tally } = await three.run();
  expect(tally.complete).toBe(ROWS);
  expect(three.asked()).toHaveLength(3 * ROWS);
  expect(await three.evidence()).toHaveLength(2 * ROWS);
  await three.close();
});

describe("a run that ends early", () => {
  test("is gone on with after a death at any commit, and nothing is asked twice", async () => {
    for (let alive = 0; ; alive += 1) {
      await bench.close();
      bench = await openBatchBench(FEW_ROWS);
      let commits = 0;
      bench.append = async (entries) => {
        if ((commits += 1) > alive) throw new Error("killed");
        await bench.ledger().append(entries);
      };
      const first = await bench.run().catch(() => null);
      bench.append = null;
      const { end } = await bench.run();
      expect(end).toEqual({ kind: "finished" });
      expectNothingAskedTwice(FEW_ROWS);
      await expectAllBooked(FEW_ROWS);
      if (first === null) continue;
      // Two batches of each model, each written three times, and the answers.
      expect(alive).toBeGreaterThanOrEqual(12 + 2 * FEW_ROWS);
      break;
    }
  }, 60_000);

  test("on request leaves what is under way to the next run", async () => {
    const stop = new AbortController();
    const progress: number[] = [];
    const outcome = await bench.run({
      stop: stop.signal,
      onProgress: ({ awaited }) => {
        progress.push(awaited?.requests ?? 0);
        if (awaited?.requests === ROWS) stop.abort();
      },
    });
    expect(outcome).toMatchObject({ end: { kind: "interrupted" }, awaitedRequests: ROWS });
    expect(Math.max(...progress)).toBe(ROWS);
    expect(await bench.ledger().openBatches("support", "week")).toHaveLength(3);
    const again = await bench.run();
    expect(again.tally).toMatchObject({ complete: ROWS, completed: 0 });
    expectNothingAskedTwice();
    await expectAllBooked();
  });

  test("for want of money never passes the cap, and counts what is under way against the next", async () => {
    const caps: bigint[] = [];
    // Room for the first tier of all rows and the last one of a few.
    const maxNanoUsd = 12_000_000n;
    for (let run = 0; run < 60; run += 1) {
      const { end, spentNanoUsd } = await bench.run({ maxNanoUsd });
      caps.push(spentNanoUsd);
      if (end.kind === "finished") break;
      expect(end.kind).toBe("over_budget");
    }
    expect(caps.length).toBeGreaterThan(1);
    expect(caps.every((spent) => spent <= maxNanoUsd)).toBe(true);
    expectNothingAskedTwice();
    await expectAllBooked();
  });

  test("leaves answers whose rows it does not know to a run that knows them", async () => {
    const stop = new AbortController();
    await bench.run({ stop: stop.signal, onProgress: () => stop.abort() });
    const known = new Map(bench.rows.slice(0, 2).map((row) => [row.itemId, row]));
    const { end, tally } = await bench.run({
      rows: () => noRows(),
      rowsOf: async () => known,
    });
    expect(end).toEqual({ kind: "finished" });
    expect(tally.leftOut).toEqual({ row_not_in_files: 2 });
    await bench.run();
    expectNothingAskedTwice();
    await expectAllBooked();
  });
});

async function* noRows(): AsyncGenerator<never> {
  yield* [];
}

describe("trouble", () => {
  test.each([
    ["refused connections", { kind: "connect_refused" }],
    ["too many requests", { kind: "status", status: 429, retryAfterSeconds: 2 }],
    ["an overloaded API", { kind: "status", status: 529 }],
    ["an answer that never comes", { kind: "hang" }],
    ["a connection that dies before the answer", { kind: "die_before_head" }],
    ["a connection that dies within the answer", { kind: "die", at: { afterBytes: 10 } }],
    ["an answer that is none", { kind: "text", text: "<html>" }],
    ["a failing proxy", { kind: "status", status: 502 }],
  ] as const)(
    "a creation meets %s: it is found or made again, never made twice",
    async (_name, fault) => {
      let met = 0;
      bench.trouble = ({ action }) => (action === "create" && met++ < 2 ? { fault } : {});
      expect((await bench.run()).end).toEqual({ kind: "finished" });
      expect(met).toBeGreaterThan(2);
      expectNothingAskedTwice();
      await expectAllBooked();
    },
  );

  test.each([
    ["list", { kind: "status", status: 500 }],
    ["retrieve", { kind: "die_before_head" }],
    ["retrieve", { kind: "status", status: 404 }],
    ["results", { kind: "die", at: { afterBytes: 700 } }],
    ["results", { kind: "status", status: 529 }],
    ["results", { kind: "text", text: "<html>" }],
  ] as const)("%s fails with %o: it is asked again", async (action, fault) => {
    let met = 0;
    const isLost = action === "list";
    bench.trouble = (call) => {
      if (isLost && call.action === "create" && call.index === 0) {
        return { fault: { kind: "die_before_head" } };
      }
      return call.action === action && met++ < 2 ? { fault } : {};
    };
    const { end, tally, spentNanoUsd } = await bench.run();
    expect(end).toEqual({ kind: "finished" });
    expect(met).toBeGreaterThan(1);
    expectNothingAskedTwice();
    await expectAllBooked();
    const costs = tally.tiers.map(({ costNanoUsd }) => costNanoUsd);
    expect(spentNanoUsd).toBe((costs[0] ?? 0n) + (costs[1] ?? 0n));
  });

  test.each(["errored", "expired", "canceled"] as const)(
    "requests that come back %s are asked again, and left out in the end",
    async (share) => {
      let creations = 0;
      bench.trouble = ({ action }) =>
        action === "create" && creations++ < 3 ? { shares: { [share]: 0.5 } } : {};
      const once = await bench.run();
      expect(once.end).toEqual({ kind: "finished" });
      expect(once.tally.complete).toBe(ROWS);
      await expectAllBooked();

      await bench.close();
      bench = await openBatchBench(ROWS);
      bench.trouble = ({ action }) => (action === "create" ? { shares: { [share]: 1 } } : {});
      const { end, tally, spentNanoUsd } = await bench.run();
      expect(end).toEqual({ kind: "finished" });
      const code = share === "errored" ? "overloaded_error" : share;
      expect(tally.leftOut).toEqual({ [code]: ROWS });
      expect(spentNanoUsd).toBe(0n);
      expect(bench.asked()).toHaveLength(3 * ROWS);
    },
  );

  test.each([
    [401, "a wrong key"],
    [404, "an API without batches"],
    [400, "a batch that it will never take"],
  ])("status %i (%s) ends the run, and nothing stays under way", async (status) => {
    bench.trouble = () => ({ fault: { kind: "status", status } });
    const { end } = await bench.run();
    expect(end.kind).toBe("upstream_refused");
    expect(await bench.ledger().openBatches("support", "week")).toEqual([]);
    bench.trouble = () => ({});
    await bench.run();
    expectNothingAskedTwice();
    await expectAllBooked();
  });

  test("an upstream that fails for long ends the run; a later one goes on", async () => {
    bench.trouble = ({ action }) =>
      action === "retrieve" ? { fault: { kind: "status", status: 500 } } : {};
    const { end, awaitedRequests } = await bench.run();
    expect([end.kind, awaitedRequests]).toEqual(["upstream_unwell", ROWS]);
    bench.trouble = () => ({});
    await bench.run();
    expectNothingAskedTwice();
    await expectAllBooked();
  });
});
