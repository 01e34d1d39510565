import { describe, expect, test } from "vitest";
import type { TotalsRow } from "../../ledger/records/traffic-sum.ts";
import { exampleCount } from "../evidence/evidence-count.fixture.ts";
import { describeSavings } from "./describe-savings.ts";
import { shadowStrata } from "./shadow-strata.ts";

const DAY_MS = 86_400_000;
const NOTHING = { costNanoUsd: 0n, unpricedAttempts: 0 };

function row(
  decision: string,
  requests: number,
  cost: bigint,
  allDeep: bigint,
  background = 0n,
): TotalsRow {
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
    backgroundCostNanoUsd: background,
  };
}

// 90 shipped at 1 + a shadow of 10 on ten of them; 10 escalated at 1 + 10; 5 controls at 10.
const ROWS = [
  row("shipped", 90, 190n, 900n, 100n),
  row("escalated", 10, 110n, 100n),
  row("control", 5, 50n, 50n),
];
/** Strata of shipped answers, each with the dollars that the deep model took for some of them. */
function shadowsOf(costsUsd: readonly (readonly number[])[], propensity = 0.1) {
  const items = costsUsd.flatMap((costs, index) =>
    costs.map((usd) => ({
      ...exampleCount(1, { decision: "shipped", propensity, deepModel: `deep-${String(index)}` }),
      usd,
    })),
  );
  return shadowStrata(
    items.map(({ usd, ...count }) => ({ ...count, deepCostNanoUsd: BigInt(usd) * 10n ** 9n })),
    items.map(({ usd, key }) => ({ ...key, deepCostNanoUsd: BigInt(usd) * 10n ** 9n })),
  );
}

const SPEND = { costNanoUsd: 100n, unpricedAttempts: 0 };

describe("describeSavings", () => {
  test("takes wasted triages and background calls off what shipping saved, exactly", () => {
    const { net } = describeSavings({ rows: ROWS, spend: SPEND, shadows: null, spanMs: DAY_MS });
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

  test("counts candidates that escalated requests were sent to as background, not as triages", () => {
    const [shipped, , control] = ROWS;
    const rows = [shipped, row("escalated", 10, 140n, 100n, 30n), control].filter(
      (one) => one !== undefined,
    );
    const spend = { costNanoUsd: 130n, unpricedAttempts: 0 };
    const { net } = describeSavings({ rows, spend, shadows: null, spanMs: DAY_MS });
    expect(net).toMatchObject({
      ...{ savedNanoUsd: 670n, shippedNanoUsd: 810n, wastedTriageNanoUsd: 10n },
      ...{ backgroundNanoUsd: 130n, otherNanoUsd: 0n },
    });
  });

  test("adds up whatever was in shadow", () => {
    const rows = [...ROWS, row("shadowed", 20, 220n, 200n, 20n)];
    const spend = { costNanoUsd: 120n, unpricedAttempts: 0 };
    const { net } = describeSavings({ rows, spend, shadows: null, spanMs: DAY_MS });
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
    const shadows = shadowsOf([[11, 13, 12]]);
    const { net } = describeSavings({ rows, spend: NOTHING, shadows, spanMs: DAY_MS });
    expect(net?.corrected).toMatchObject({ savedUsd: 1_100, shadows: 3 });
    // Student's t with 2 degrees of freedom, 4.3027 × 100 × 1/√3.
    expect(net?.corrected?.intervalUsd.low).toBeCloseTo(1_100 - 248.41, 1);
    expect(net?.corrected?.intervalUsd.high).toBeCloseTo(1_100 + 248.41, 1);
  });

  test("keeps what was measured before a change of model apart from what came after", () => {
    const billion = 1_000_000_000n;
    const rows = [row("shipped", 80, 0n, 80n * 10n * billion)];
    // Half of the answers cost 4 or 6, after the change of model 19 or 21: the mean is 12.5, and what
    // single costs scatter within either model is far less than their difference.
    const shadows = shadowsOf([
      [4, 6, 4, 6],
      [19, 21, 19, 21],
    ]);
    const { net } = describeSavings({ rows, spend: NOTHING, shadows, spanMs: DAY_MS });
    expect(net?.corrected?.savedUsd).toBeCloseTo(80 * 12.5, 9);
    const { low, high } = net?.corrected?.intervalUsd ?? { low: 0, high: 0 };
    expect(high - low).toBeLessThan(80 * 3);
  });

  test("weighs shadows by the chance that each had", () => {
    const cheapHour = exampleCount(90, { decision: "shipped", propensity: 0.9 });
    const dearHour = exampleCount(10, { decision: "shipped", propensity: 0.1 });
    const counts = [
      { ...cheapHour, deepCostNanoUsd: 90n * 1_000_000_000n },
      { ...dearHour, deepCostNanoUsd: 10n * 3_000_000_000n },
    ];
    const items = [1n, 3n].map((usd) => ({
      ...cheapHour.key,
      deepCostNanoUsd: usd * 1_000_000_000n,
    }));
    // 90/0.9 at $1 and 10/0.1 at $3 are as many requests of either.
    const [stratum] = shadowStrata(counts, items) ?? [];
    expect(stratum?.meanUsd).toBeCloseTo(2, 12);
    expect(stratum?.shippedWeight).toBeCloseTo(200, 9);
    expect(stratum?.effectiveShadows).toBeLessThan(100);
  });

  test("says nothing where a model that shipped has no measured cost", () => {
    const shadowed = exampleCount(5, { decision: "shipped", propensity: 0.1 });
    const unshadowed = {
      ...exampleCount(5, { decision: "shipped", propensity: 0.1, deepModel: "another" }),
      pricedItems: 0,
      deepCostNanoUsd: 0n,
    };
    const items = [1n, 3n].map((usd) => ({ ...shadowed.key, deepCostNanoUsd: usd }));
    expect(shadowStrata([shadowed, unshadowed], items)).toBeNull();
  });

  test("without prices nothing is known, without a day nothing is projected", () => {
    const unpriced = { ...row("shipped", 3, 0n, 0n), unpricedRequests: 3, allDeepRequests: 0 };
    const input = { spend: NOTHING, shadows: null, spanMs: DAY_MS / 2 };
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
