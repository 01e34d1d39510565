import { describe, expect, test } from "vitest";
import { createRandom } from "../support/random.ts";
import { bootstrap, percentileInterval } from "./bootstrap.ts";
import { gapRecovered } from "./gap-recovered.ts";

const POINTS = [
  { deepShare: 0, accuracy: 0.7 },
  { deepShare: 0.2, accuracy: 0.8 },
  { deepShare: 0.4, accuracy: 0.86 },
  { deepShare: 0.7, accuracy: 0.89 },
  { deepShare: 1, accuracy: 0.9 },
];

describe("gapRecovered", () => {
  test("the example, whatever the order of points", () => {
    const gap = gapRecovered(POINTS.toReversed());
    [0, 0.5, 0.8, 0.95, 1].forEach((recovered, i) => {
      expect(gap?.recovered[i]).toBeCloseTo(recovered, 12);
    });
    expect(gap?.area).toBeCloseTo(0.735, 12);
    expect(gap?.deepShareFor(0.5)).toBeCloseTo(0.2, 12);
    expect(gap?.deepShareFor(0.8)).toBeCloseTo(0.4, 12);
    expect(gap?.deepShareFor(0.65)).toBeCloseTo(0.3, 12);
    expect(gap?.deepShareFor(0)).toBe(0);
    expect(gap?.deepShareFor(1.1)).toBeNull();
  });

  test("a router that throws dice recovers half", () => {
    const dice = [0, 0.3, 1].map((deepShare) => ({ deepShare, accuracy: 0.7 + 0.2 * deepShare }));
    expect(gapRecovered(dice)?.area).toBeCloseTo(0.5, 12);
  });

  test("without a gap there is nothing to recover, and both ends are needed", () => {
    const even = POINTS.map((point) => ({ ...point, accuracy: 0.8 }));
    expect(gapRecovered(even)).toBeNull();
    expect(() => gapRecovered(POINTS.slice(1))).toThrow("deepShare 0");
  });

  test("comes with a bootstrap interval over rows", () => {
    // Cheap right on 70, last tier on 90, and the router knows half of the twenty between.
    const rows = Array.from({ length: 100 }, (_, i) => ({
      cheap: i < 70 ? 1 : 0,
      routed: i < 80 ? 1 : 0,
      deep: i < 90 ? 1 : 0,
    }));
    const areaOf = (sample: typeof rows): number => {
      const mean = (pick: (row: (typeof rows)[number]) => number): number =>
        sample.reduce((sum, row) => sum + pick(row), 0) / sample.length;
      const points = [
        { deepShare: 0, accuracy: mean(({ cheap }) => cheap) },
        { deepShare: 0.1, accuracy: mean(({ routed }) => routed) },
        { deepShare: 1, accuracy: mean(({ deep }) => deep) },
      ];
      return gapRecovered(points)?.area ?? 0.5;
    };
    const draws = bootstrap([rows], ([sample]) => areaOf([...(sample ?? [])]), createRandom("gap"));
    const { low, high } = percentileInterval(draws);
    expect(low).toBeLessThan(areaOf(rows));
    expect(high).toBeGreaterThan(areaOf(rows));
    expect(high - low).toBeGreaterThan(0.1);
    expect(high - low).toBeLessThan(0.4);
  });
});
