import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wilsonInterval } from "./wilson-interval.ts";

describe("wilsonInterval", () => {
  // The first two rows are in Newcombe, Statistics in Medicine 17 (1998), 857–872, Table I.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [5, 10, 0.2366, 0.7634],
    [10, 10, 0.7225, 1],
    [0, 0, 0, 1],
  ])("%d of %d", (hits, trials, low, high) => {
    const interval = wilsonInterval(hits, trials);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  const counts = fc
    .integer({ min: 1, max: 1_000_000 })
    .chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)));

  test("holds the observed share and stays between 0 and 1", () => {
    fc.assert(
      fc.property(counts, ([hits, trials]) => {
        const { low, high } = wilsonInterval(hits, trials);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(hits / trials);
        expect(high).toBeGreaterThanOrEqual(hits / trials);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("mirrors when hits and misses change places", () => {
    fc.assert(
      fc.property(counts, ([hits, trials]) => {
        const interval = wilsonInterval(hits, trials);
        const mirrored = wilsonInterval(trials - hits, trials);
        expect(mirrored.low).toBeCloseTo(1 - interval.high, 9);
        expect(mirrored.high).toBeCloseTo(1 - interval.low, 9);
      }),
    );
  });

  test("narrows with the number of trials", () => {
    const widths = [10, 100, 1_000, 10_000].map((trials) => {
      const { low, high } = wilsonInterval(trials * 0.3, trials);
      return high - low;
    });
    expect(widths).toEqual(widths.toSorted((a, b) => b - a));
  });
});
