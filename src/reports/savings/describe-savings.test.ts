import { describe, expect, test } from "vitest";
import type { TotalsRow } from "../../ledger/ledger.ts";
import { describeSavings } from "./describe-savings.ts";

const DAY_MS = 86_400_000;
const NOTHING = { costNanoUsd: 0n, unpricedAttempts: 0 };

function row(decision: string, requests: number, cost: bigint, allDeep: bigint): TotalsRow {
  return {
    route: "support",
    task: null,
    mode: "live",
    decision,
    reason: null,
    hourMs: 0,
    requests,
    unpricedRequests: 0,
    estimatedRequests: 0,
    costNanoUsd: cost,
    allDeepNanoUsd: allDeep,
    allDeepRequests: requests,
    comparableCostNanoUsd: cost,
    measuredAllDeepRequests: decision === "shipped" ? 0 : requests,
    latencyMsSum: 0,
  };
}

// 90 shipped at 1 + a shadow of 10 on ten of them; 10 escalated at 1 + 10; 5 controls at 10.
const ROWS = [
  row("shipped", 90, 190n, 900n),
  row("escalated", 10, 110n, 100n),
  row("control", 5, 50n, 50n),
];
const SPEND = { costNanoUsd: 100n, unpricedAttempts: 0 };

describe("describeSavings", () => {
  test("takes wasted triages and background calls off what shipping saved, exactly", () => {
    const { net } = describeSavings({ rows: ROWS, spend: SPEND, shadowCosts: [], spanMs: DAY_MS });
    expect(net).toMatchObject({
      savedNanoUsd: 700n,
      shippedNanoUsd: 810n,
      wastedTriageNanoUsd: 10n,
      backgroundNanoUsd: 100n,
      otherNanoUsd: 0n,
      measuredRequests: 15,
      projectedNanoUsdPerMonth: 21_000n,
      corrected: null,
    });
  });

  test("adds up whatever was in shadow", () => {
    const rows = [...ROWS, row("shadowed", 20, 220n, 200n)];
    const spend = { costNanoUsd: 120n, unpricedAttempts: 0 };
    const { net } = describeSavings({ rows, spend, shadowCosts: [], spanMs: DAY_MS });
    if (net === null) throw new Error("nothing to compare");
    const { shippedNanoUsd, wastedTriageNanoUsd, backgroundNanoUsd, otherNanoUsd } = net;
    expect(shippedNanoUsd - wastedTriageNanoUsd - backgroundNanoUsd + otherNanoUsd).toBe(
      net.savedNanoUsd,
    );
  });

  test("puts the estimated part right by what shadows measured", () => {
    // Receipts say 10 each; shadows measured 11 and 13.
    const billion = 1_000_000_000n;
    const rows = [row("shipped", 100, 100n * billion, 1_000n * billion)];
    const shadowCosts = [11n * billion, 13n * billion, 12n * billion];
    const { net } = describeSavings({ rows, spend: NOTHING, shadowCosts, spanMs: DAY_MS });
    expect(net?.corrected).toMatchObject({ savedUsd: 1_100, shadows: 3 });
    // Student's t with 2 degrees of freedom, 4.3027 × 100 × 1/√3.
    expect(net?.corrected?.intervalUsd.low).toBeCloseTo(1_100 - 248.41, 1);
    expect(net?.corrected?.intervalUsd.high).toBeCloseTo(1_100 + 248.41, 1);
  });

  test("without prices nothing is known, without a day nothing is projected", () => {
    const unpriced = { ...row("shipped", 3, 0n, 0n), unpricedRequests: 3, allDeepRequests: 0 };
    const input = { spend: NOTHING, shadowCosts: [], spanMs: DAY_MS / 2 };
    expect(describeSavings({ ...input, rows: [unpriced] })).toEqual({
      requests: 3,
      unpricedRequests: 3,
      net: null,
    });
    expect(describeSavings({ ...input, rows: [] })).toMatchObject({ requests: 0, net: null });
    const { net } = describeSavings({ ...input, rows: ROWS });
    expect(net?.projectedNanoUsdPerMonth).toBeNull();
  });
});
