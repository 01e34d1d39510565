import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { costQualityArea } from "./cost-quality-area.ts";

const POINTS = [
  { cost: 0.002, quality: 0.7 },
  { cost: 0.008, quality: 0.8 },
  { cost: 0.014, quality: 0.86 },
  { cost: 0.023, quality: 0.89 },
  { cost: 0.032, quality: 0.9 },
];

describe("costQualityArea", () => {
  test("the example, by either divisor", () => {
    const area = costQualityArea(POINTS);
    expect(area?.overOwnRange).toBeCloseTo(0.847, 12);
    expect(area?.overHighestCost).toBeCloseTo((0.847 * 0.03) / 0.032, 12);
    expect(area?.hull).toEqual(POINTS);
  });

  test("worse and dearer points change nothing", () => {
    const dominated = [...POINTS, { cost: 0.02, quality: 0.5 }, { cost: 0.01, quality: 0.78 }];
    expect(costQualityArea(dominated.toReversed())).toEqual(costQualityArea(POINTS));
  });

  test("the hull never falls and never bends upwards", () => {
    const point = fc.record({
      cost: fc.integer({ min: 1, max: 40 }),
      quality: fc.integer({ min: 0, max: 20 }).map((twentieths) => twentieths / 20),
    });
    fc.assert(
      fc.property(fc.array(point), (points) => {
        const hull = costQualityArea(points)?.hull ?? [];
        const slopes = hull.slice(1).map(({ cost, quality }, i) => {
          const before = hull[i] ?? { cost: 0, quality: 0 };
          return (quality - before.quality) / (cost - before.cost);
        });
        for (const [i, slope] of slopes.entries()) {
          expect(slope).toBeGreaterThanOrEqual(0);
          expect(slope).toBeLessThanOrEqual((slopes[i - 1] ?? Infinity) + 1e-12);
        }
      }),
    );
  });

  test("one cost has no range", () => {
    expect(costQualityArea([{ cost: 1, quality: 0.5 }])).toBeNull();
    expect(costQualityArea([])).toBeNull();
  });
});
