import { expect, test } from "vitest";
import { exampleAttempt, exampleRecord } from "../cascade/examples.fixture.ts";
import type { RequestRecord } from "../cascade/receipt.ts";
import { buildStatusReport, type StatusReport } from "../reports/status-report.ts";
import type { StatusRoute } from "../reports/standing-report.ts";
import { createPaint } from "./paint.ts";
import { renderStatus } from "./render-status.ts";

const START_MS = Date.UTC(2026, 10, 23, 9);
const plain = createPaint(false);

type SourceLedger = Parameters<typeof buildStatusReport>[0];
type TrafficSum = Awaited<ReturnType<SourceLedger["trafficSums"]>>[number];

test("a live and a shadowing route", async () => {
  const report = await busyReport();
  expect(`\n${renderStatus(report, plain)}\n`).toMatchInlineSnapshot(`
    "
      SIMULATED  answers are made up, prices are the catalogue's

      410 requests  2026-11-23 09:00 UTC to 2026-11-23 10:00 UTC

      route support  live

      decision     requests   share  cost per call  why
      ✓ shipped         271  73.2 %       $0.00138
      ▲ escalated        99  26.8 %       $0.00598  low_confidence 99

      escalated      26.8 % of 370 triaged (95 % interval 22.5–31.5 %)
      cost per call  ≈$0.00261  99 with estimated tokens
      all-deep       $0.005  per call; 26.8 % measured, 73.2 % estimated
      in sum         47.8 % under all-deep  $0.966 instead of $1.85

      p50 / p95  calls    first byte   whole answer       gateway
      ✓ shipped     30  612 / 612 ms  1.20 / 1.20 s  304 / 304 ms

      route triage-desk  shadow

      decision    requests    share  cost per call  why
      ○ shadowed        40  100.0 %       $0.00625

      unpriced       2 requests have a part without a known price
      cost per call  at least $0.00625
      all-deep       $0.005  per call; 100.0 % measured, 0.0 % estimated
      in sum         25.0 % over all-deep  $0.25 instead of $0.20, known prices only

      would ship       75.0 % of 40 background triages (95 % interval 59.8–85.8 %)
      would not        low_confidence 10
      pairs            0 complete of 0
      background cost  $0.044 and 2 unpriced calls

      p50 / p95   calls     first byte   whole answer     gateway
      ○ shadowed     40  2.24 / 2.24 s  3.01 / 3.01 s  11 / 11 ms

      all together
      escalated      26.8 % of 370 triaged (95 % interval 22.5–31.5 %)
      unpriced       2 requests have a part without a known price
      cost per call  at least ≈$0.00297  99 with estimated tokens
      all-deep       $0.005  per call; 33.9 % measured, 66.1 % estimated
      in sum         40.7 % under all-deep  ≈$1.22 instead of $2.05, known prices only
    "
  `);
});

test("one request is spoken of as one", async () => {
  const rows = [totals({ decision: "shipped", requests: 1, unpricedRequests: 1 })];
  const text = renderStatus(await reportOn(rows, [exampleRecord()]), plain);
  expect(text).toMatch(/^ {2}1 request {2}/);
  expect(text).toContain("1 request has a part without a known price");
});

test("few requests: what was counted, and that nothing is known yet", async () => {
  const rows = [
    totals({ decision: "shipped", requests: 3, costNanoUsd: 9_000_000n, allDeepRequests: 0 }),
  ];
  const report = await reportOn(rows, copies(3, exampleRecord()));
  expect(`\n${renderStatus(report, plain)}\n`).toMatchInlineSnapshot(`
    "
      3 requests  2026-11-23 09:00 UTC to 2026-11-23 10:00 UTC

      route support  live

      decision   requests    share  cost per call  why
      ✓ shipped         3  100.0 %         $0.003

      escalated      not known yet (0 of 3 triaged)
      cost per call  $0.003
      all-deep       not known yet

      How long answers take is not known yet (3 so far).
    "
  `);
});

test("dearer than all-deep is said as loudly as cheaper", async () => {
  const rows = [
    totals({ requests: 40, costNanoUsd: 240_000_000n, comparableCostNanoUsd: 240_000_000n }),
  ];
  const text = renderStatus(await reportOn(rows, []), plain);
  expect(text).toContain("20.0 % over all-deep  $0.24 instead of $0.20");
});

test("how a route stands: what is in force, graded, under way and spent", async () => {
  const route = { name: "support", thresholds: [0.8, null], isCertified: false };
  const inForce = { ...route, mode: "live (uncertified)", backgroundUsdPerDay: 5 };
  const report = await reportOn([totals({ requests: 40 })], [], [inForce]);
  const text = renderStatus(report, plain);
  expect(text.slice(text.indexOf("  in force"))).toMatchInlineSnapshot(`
    "  in force     live (uncertified), ≥ 0.80
      certificate  none; see leadsman tune support
      graded       3 of 7 answers drawn, 2 by a judge alone; leadsman report says what they show
      jobs         12 judge waiting, 3 shadow given up (no_key)
      spent today  $0.044 of $5.00 on background calls and 2 unpriced calls"
  `);
  const [standing] = report.routes.flatMap((one) => one.standing ?? []);
  const certified = renderStatus(
    await reportOn(
      [totals({ requests: 40 })],
      [],
      [{ ...inForce, isCertified: true, thresholds: [2, null], backgroundUsdPerDay: null }],
    ),
    plain,
  );
  expect(standing?.answers).toEqual({ drawn: 7, graded: 3, judged: 2 });
  expect(certified).toMatch(/in force +live \(uncertified\), never ships/);
  expect(certified).toMatch(/certificate +yes/);
  expect(certified).toMatch(/spent today +\$0\.044 without a limit/);
});

test("without requests", async () => {
  expect(renderStatus(await reportOn([], []), plain)).toBe(
    "  No requests from 2026-11-23 09:00 UTC to 2026-11-23 10:00 UTC.",
  );
});

/** 5 dollars a thousand requests all-deep, unless told otherwise. */
function totals(changes: Partial<TrafficSum>): TrafficSum {
  const requests = changes.requests ?? 1;
  const costNanoUsd = changes.costNanoUsd ?? 0n;
  const allDeepRequests = changes.allDeepRequests ?? requests;
  return {
    route: "support",
    task: null,
    mode: "live",
    decision: "shipped",
    reason: null,
    requests,
    unpricedRequests: 0,
    estimatedRequests: 0,
    costNanoUsd,
    allDeepNanoUsd: BigInt(allDeepRequests) * 5_000_000n,
    allDeepRequests,
    comparableCostNanoUsd: costNanoUsd,
    measuredAllDeepRequests: 0,
    latencyMsSum: 0,
    backgroundCostNanoUsd: 0n,
    ...changes,
  };
}

function shadowedRecord(confidence: number): RequestRecord {
  return exampleRecord({
    route: "triage-desk",
    mode: "shadow",
    decision: "shadowed",
    latencyMs: 3_011,
    firstByteMs: 2_240,
    attempts: [
      exampleAttempt({
        role: "answer",
        tier: 1,
        isSimulated: true,
        startedAfterMs: 1,
        latencyMs: 3_000,
      }),
      exampleAttempt({ index: 1, role: "shadow_triage", confidence, isSimulated: true }),
    ],
  });
}

function copies(count: number, record: RequestRecord): readonly RequestRecord[] {
  return Array.from({ length: count }, () => record);
}

function reportOn(
  rows: readonly TrafficSum[],
  records: readonly RequestRecord[],
  inForce: readonly StatusRoute[] = [],
): Promise<StatusReport> {
  const ledger: SourceLedger = {
    trafficSums: async () => rows,
    requests: async () => ({ rows: records, next: null }),
    pairs: async () => ({ rows: [], next: null }),
    backgroundSpend: async (_route, sinceMs) => ({
      costNanoUsd: sinceMs > START_MS ? 0n : 44_000_000n,
      unpricedAttempts: sinceMs > START_MS ? 0 : 2,
    }),
    answerCounts: async () => ({ drawn: 7, graded: 3, judged: 2 }),
    jobCounts: async () => [
      { kind: "judge", route: "support", state: "waiting", reason: null, jobs: 12 },
      { kind: "judge", route: "support", state: "done", reason: null, jobs: 99 },
      { kind: "shadow", route: "support", state: "given_up", reason: "no_key", jobs: 3 },
    ],
  };
  return buildStatusReport(ledger, { fromMs: START_MS, toMs: START_MS + 60_000, inForce });
}

function busyReport(): Promise<StatusReport> {
  const shipped = totals({ decision: "shipped", requests: 271, costNanoUsd: 373_980_000n });
  const escalated = totals({
    decision: "escalated",
    reason: "low_confidence",
    requests: 99,
    costNanoUsd: 592_020_000n,
    estimatedRequests: 99,
    measuredAllDeepRequests: 99,
  });
  const shadowed = totals({
    route: "triage-desk",
    mode: "shadow",
    decision: "shadowed",
    requests: 40,
    costNanoUsd: 250_000_000n,
    measuredAllDeepRequests: 40,
    unpricedRequests: 2,
  });
  return reportOn(
    [shipped, escalated, shadowed],
    [
      ...copies(30, exampleRecord({ firstByteMs: 612, latencyMs: 1_204 })),
      ...copies(30, shadowedRecord(0.95)),
      ...copies(10, shadowedRecord(0.35)),
    ],
  );
}
