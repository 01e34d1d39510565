import { describe, expect, test } from "vitest";
import { createRandom } from "../support/random.ts";
import { savingsEstimate, stratifiedSavings, type ShadowCost } from "./savings-estimate.ts";

const COUNTS = { shippedRows: 8_000, predictedDeepCost: 392, cheapCost: 42 };
const SHADOW: readonly ShadowCost[] = [
  { predicted: 0.05, measured: 0.06 },
  { predicted: 0.05, measured: 0.045 },
  { predicted: 0.06, measured: 0.08 },
  { predicted: 0.04, measured: 0.03 },
  { predicted: 0.05, measured: 0.055 },
];

describe("savingsEstimate", () => {
  test("shadow rows correct the prediction and give the interval", () => {
    const estimate = savingsEstimate(COUNTS, SHADOW);
    expect(estimate.deepCost).toBeCloseTo(424, 9);
    expect(estimate.saved).toBeCloseTo(382, 9);
    // 8,000 × 0.0119373 / √5, times the 97.5 % point of t with four degrees of freedom, 2.776445.
    expect(estimate.interval?.low).toBeCloseTo(382 - 118.57728660275883, 6);
    expect(estimate.interval?.high).toBeCloseTo(382 + 118.57728660275883, 6);
    expect(estimate.basis).toBe("shadow_rows");
  });

  test("what escalated rows cost is on both sides of the balance", () => {
    const escalatedDeepCost = 150;
    const { deepCost, saved } = savingsEstimate(COUNTS, SHADOW);
    const allDeep = deepCost + escalatedDeepCost;
    const cascade = COUNTS.cheapCost + escalatedDeepCost;
    expect(allDeep).toBeCloseTo(574, 9);
    expect(cascade).toBe(192);
    expect(allDeep - cascade).toBeCloseTo(saved, 9);
  });

  test("without shadow rows there is a number, marked, and no interval", () => {
    expect(savingsEstimate(COUNTS, [])).toEqual({
      saved: 350,
      deepCost: 392,
      interval: null,
      basis: "prediction_only",
    });
    expect(savingsEstimate(COUNTS, SHADOW.slice(0, 1)).interval).toBeNull();
  });

  test("a prediction that is off by the same everywhere makes no difference", () => {
    const shifted = SHADOW.map((row) => ({ ...row, predicted: row.predicted + 0.01 }));
    const counts = { ...COUNTS, predictedDeepCost: 392 + 80 };
    const [one, other] = [savingsEstimate(COUNTS, SHADOW), savingsEstimate(counts, shifted)];
    expect(other.saved).toBeCloseTo(one.saved, 9);
    expect(other.interval?.low).toBeCloseTo(one.interval?.low ?? 0, 9);
  });

  test("may be below 0", () => {
    expect(savingsEstimate({ ...COUNTS, cheapCost: 1_000 }, SHADOW).saved).toBeLessThan(0);
  });
});

describe("stratifiedSavings", () => {
  const many = (count: number): readonly ShadowCost[] =>
    Array.from({ length: count }, (_, i) => SHADOW[i % 5] ?? { predicted: 0, measured: 0 });

  test("corrects each stratum by itself", () => {
    const exact = [{ predicted: 0.02, measured: 0.02 }];
    const strata = [
      { shippedRows: 6_000, shadow: many(40) },
      { shippedRows: 2_000, shadow: [...exact, ...exact] },
      { shippedRows: 0, shadow: [] },
    ];
    const result = stratifiedSavings(COUNTS, strata, createRandom("savings"));
    if (!result.ok) throw new Error(result.problem);
    const { saved, interval } = result.value;
    expect(saved).toBeCloseTo(392 + 6_000 * 0.004 - 42, 9);
    // 6,000 × sd/√40, sd = 0.0107 of these forty: a standard error of 10.1.
    expect(interval?.low).toBeGreaterThan(saved - 25);
    expect(interval?.low).toBeLessThan(saved - 15);
    expect(interval?.high).toBeGreaterThan(saved + 15);
    expect(interval?.high).toBeLessThan(saved + 25);
  });

  test.each([
    ["too few in all", [{ shippedRows: 8_000, shadow: many(29) }]],
    [
      "a stratum with one",
      [
        { shippedRows: 6_000, shadow: many(40) },
        { shippedRows: 2_000, shadow: many(1) },
      ],
    ],
  ])("says so when there are %s", (_, strata) => {
    expect(stratifiedSavings(COUNTS, strata, createRandom("few"))).toEqual({
      ok: false,
      problem: "too_few_shadow_rows",
    });
  });
});
