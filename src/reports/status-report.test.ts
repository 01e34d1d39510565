import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exampleAttempt, exampleRecord } from "../cascade/examples.fixture.ts";
import type { Attempt, RequestRecord } from "../cascade/receipt.ts";
import { DECISIONS } from "../cascade/words.ts";
import type { Ledger, LedgerEntry } from "../ledger/ledger.ts";
import { openSqliteLedger } from "../ledger/sqlite/open-sqlite-ledger.ts";
import { createManualClock } from "../support/clock.ts";
import { buildReceiptReport, type ReceiptReport } from "./receipt-report.ts";
import { buildStatusReport, spendBetween } from "./status-report.ts";
import type { TrafficTotals } from "./traffic-totals.ts";

const START_MS = Date.UTC(2026, 10, 23, 9);
const HOUR_MS = 3_600_000;

let folder: string;
let fileNumber = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leadsman-reports-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function withLedger<Value>(use: (ledger: Ledger) => Promise<Value>): Promise<Value> {
  fileNumber += 1;
  const path = join(folder, `${fileNumber}.db`);
  const ledger = await openSqliteLedger({ path, clock: createManualClock(START_MS) });
  try {
    return await use(ledger);
  } finally {
    await ledger.close();
  }
}

const nanoUsd = fc.bigInt({ min: 0n, max: 10n ** 12n });

const attempt = fc.record({
  role: fc.constantFrom("triage", "answer"),
  costNanoUsd: fc.option(nanoUsd),
  isEstimated: fc.boolean(),
});

const lateAttempt = fc.record({
  role: fc.constantFrom("shadow_triage", "shadow_answer"),
  costNanoUsd: fc.option(nanoUsd),
  isEstimated: fc.boolean(),
});

const request = fc.record({
  route: fc.constantFrom("support", "sales", null),
  decision: fc.constantFrom(...DECISIONS.filter((decision) => decision !== "forwarded")),
  reason: fc.constantFrom(null, "low_confidence", "tools"),
  startedAtMs: fc.integer({ min: START_MS, max: START_MS + 3 * HOUR_MS - 1 }),
  attempts: fc.array(attempt, { maxLength: 3 }),
  late: fc.array(lateAttempt, { maxLength: 2 }),
  allDeep: fc.option(fc.tuple(nanoUsd, fc.constantFrom("measured", "estimated"))),
});

type Drawn = typeof request extends fc.Arbitrary<infer Value> ? Value : never;

/** The record as it is written first, and the attempts that end after it. */
function entriesOf(drawn: Drawn, id: string): readonly (readonly LedgerEntry[])[] {
  const { attempts, late, allDeep, ...changes } = drawn;
  const record: RequestRecord = exampleRecord({
    ...changes,
    id,
    attempts: attempts.map((own, index) => exampleAttempt({ ...own, index })),
    allDeepNanoUsd: allDeep?.[0] ?? null,
    allDeepBasis: allDeep?.[1] ?? null,
  });
  const lateEntries = late.map((own, index): readonly LedgerEntry[] => {
    const attempt: Attempt = exampleAttempt({ ...own, index: attempts.length + index });
    return [{ kind: "attempt", requestId: id, attempt }];
  });
  return [[{ kind: "request", record }], ...lateEntries];
}

/** The same totals, made of nothing but receipts. */
function sumReceipts(receipts: readonly ReceiptReport[]) {
  const money = (of: (receipt: ReceiptReport) => bigint, from = receipts): bigint =>
    from.reduce((sum, receipt) => sum + of(receipt), 0n);
  const compared = receipts.filter(({ allDeep }) => allDeep !== null);
  const count = (test: (receipt: ReceiptReport) => boolean): number => receipts.filter(test).length;
  return {
    requests: receipts.length,
    costNanoUsd: money(({ costNanoUsd }) => costNanoUsd),
    unpricedRequests: count(({ unpricedAttempts }) => unpricedAttempts > 0),
    estimatedRequests: count(({ isEstimated }) => isEstimated),
    escalated: count(({ request: { decision } }) => decision === "escalated"),
    triaged: count(({ request: { decision } }) => ["shipped", "escalated"].includes(decision)),
    compared: compared.length,
    measured: count(({ allDeep }) => allDeep?.basis === "measured"),
    comparedCostNanoUsd: money(({ costNanoUsd }) => costNanoUsd, compared),
    allDeepNanoUsd: money(({ allDeep }) => allDeep?.allDeepNanoUsd ?? 0n, compared),
  };
}

function sumsOf(totals: TrafficTotals): ReturnType<typeof sumReceipts> {
  return {
    requests: totals.requests,
    costNanoUsd: totals.costNanoUsd,
    unpricedRequests: totals.unpricedRequests,
    estimatedRequests: totals.estimatedRequests,
    escalated: totals.escalation.count,
    triaged: totals.escalation.of,
    compared: totals.allDeep?.requests ?? 0,
    measured: totals.allDeep?.measuredRequests ?? 0,
    comparedCostNanoUsd: totals.allDeep?.costNanoUsd ?? 0n,
    allDeepNanoUsd: totals.allDeep?.allDeepNanoUsd ?? 0n,
  };
}

describe("buildStatusReport", () => {
  test("every total is the sum of its receipts, of all, per route and per decision", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 12 }), async (drawn) => {
        await withLedger(async (ledger) => {
          for (const [index, one] of drawn.entries()) {
            for (const entries of entriesOf(one, `req_${index}`)) await ledger.append(entries);
          }
          const receipts: ReceiptReport[] = [];
          for (const index of drawn.keys()) {
            const receipt = await buildReceiptReport(ledger, `req_${index}`);
            if (receipt !== null) receipts.push(receipt);
          }
          const span = { fromMs: START_MS, toMs: START_MS + 3 * HOUR_MS };
          const report = await buildStatusReport(ledger, span);

          expect(sumsOf(report.total)).toEqual(sumReceipts(receipts));
          expect(report.routes.map(({ route }) => route)).toEqual(
            ["sales", "support", null].filter((name) => drawn.some(({ route }) => route === name)),
          );
          for (const route of report.routes) {
            const own = receipts.filter((receipt) => receipt.request.route === route.route);
            expect(sumsOf(route)).toEqual(sumReceipts(own));
          }
          for (const { decision, requests, costNanoUsd } of report.total.decisions) {
            const own = receipts.filter((receipt) => receipt.request.decision === decision);
            const sums = sumReceipts(own);
            expect({ requests, costNanoUsd }).toEqual({
              requests: sums.requests,
              costNanoUsd: sums.costNanoUsd,
            });
          }
        });
      }),
      { numRuns: 15 },
    );
  });

  test("calls of other paths are counted apart, since nothing knows what they cost", async () => {
    await withLedger(async (ledger) => {
      const other = { decision: "forwarded", kind: "other", route: null, attempts: [] } as const;
      const records = [
        exampleRecord({ id: "message", startedAtMs: START_MS }),
        exampleRecord({ ...other, id: "models", startedAtMs: START_MS }),
      ];
      for (const record of records) await ledger.append([{ kind: "request", record }]);
      const span = { fromMs: START_MS, toMs: START_MS + HOUR_MS };
      const { total } = await buildStatusReport(ledger, span);
      expect([total.requests, total.unmeteredCalls]).toEqual([1, 1]);
    });
  });

  test("the time is widened to whole hours, and nothing outside of it counts", async () => {
    await withLedger(async (ledger) => {
      for (const [id, startedAtMs] of [
        ["before", START_MS - 1],
        ["first", START_MS],
        ["last", START_MS + HOUR_MS - 1],
        ["after", START_MS + HOUR_MS],
      ] as const) {
        await ledger.append([{ kind: "request", record: exampleRecord({ id, startedAtMs }) }]);
      }
      const halfPast = START_MS + HOUR_MS / 2;
      const report = await buildStatusReport(ledger, { fromMs: halfPast, toMs: halfPast + 1 });
      expect(report).toMatchObject({
        fromMs: START_MS,
        toMs: START_MS + HOUR_MS,
        newestRecords: 2,
        isComplete: true,
        total: { requests: 2 },
      });
    });
  });

  test("background calls of a route are counted within the time only", async () => {
    await withLedger(async (ledger) => {
      for (const [id, startedAtMs] of [
        ["in", START_MS],
        ["later", START_MS + HOUR_MS],
      ] as const) {
        const shadow = exampleAttempt({ role: "shadow_triage", costNanoUsd: 700n });
        const record = exampleRecord({ id, startedAtMs, decision: "shadowed", attempts: [shadow] });
        await ledger.append([{ kind: "request", record }]);
      }
      const report = await buildStatusReport(ledger, { fromMs: START_MS, toMs: START_MS + 1 });
      expect(report.routes[0]?.shadow?.spend).toEqual({ costNanoUsd: 700n, unpricedAttempts: 0 });
    });
  });

  test("what background calls cost in the present hour counts, as the hour does in the totals", () =>
    withLedger(async (ledger) => {
      const shadow = exampleAttempt({ role: "shadow_triage", costNanoUsd: 700n });
      const record = exampleRecord({ startedAtMs: START_MS, attempts: [shadow] });
      await ledger.append([{ kind: "request", record }]);
      const spend = await spendBetween(
        ledger,
        record.route ?? "",
        START_MS - HOUR_MS,
        START_MS + 1,
      );
      expect(spend).toEqual({ costNanoUsd: 700n, unpricedAttempts: 0 });
    }));

  test("a cascade that was dearer says so instead of hiding it", async () => {
    await withLedger(async (ledger) => {
      const attempts = [exampleAttempt({ costNanoUsd: 3_000_000n })];
      const record = exampleRecord({
        attempts,
        allDeepNanoUsd: 2_000_000n,
        allDeepBasis: "estimated",
      });
      await ledger.append([{ kind: "request", record: { ...record, startedAtMs: START_MS } }]);
      const report = await buildStatusReport(ledger, { fromMs: START_MS, toMs: START_MS + 1 });
      expect(report.total.allDeep).toMatchObject({
        savedNanoUsd: -1_000_000n,
        savedShare: -0.5,
        measuredRequests: 0,
      });
    });
  });

  test("an empty ledger gives an empty report", async () => {
    const report = await withLedger((ledger) =>
      buildStatusReport(ledger, { fromMs: START_MS, toMs: START_MS + 1 }),
    );
    expect(report).toMatchObject({
      isSimulated: false,
      routes: [],
      total: { requests: 0, costPerRequestNanoUsd: null, allDeep: null, latency: [] },
    });
  });
});
