import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binomialCdf, binomialUpperTail } from "./binomial-distribution.ts";
import { exactLowerBound, exactUpperBound } from "./exact-binomial-bound.ts";

describe("exactUpperBound", () => {
  // Checked against 40-digit arithmetic.
  test.each([
    [0, 1, 0.05, 0.95],
    [0, 59, 0.05, 0.0495076098882269],
    [0, 58, 0.05, 0.0503393383304201],
    [0, 100, 0.05, 0.0295130496070399],
    [1, 100, 0.05, 0.0465598114535389],
    [2, 100, 0.05, 0.0616192003960407],
    [5, 200, 0.05, 0.0518433391202905],
    [12, 500, 0.1, 0.0353572532043601],
    [38, 1000, 0.05, 0.049512870255926],
    [224, 5000, 0.05, 0.0499131293592572],
    [3, 300, 1e-6, 0.0690302210685945],
    [99, 100, 0.05, 0.999487198583738],
    [100, 100, 0.05, 1],
  ])("of %d in %d at %d", (hits, trials, failureProbability, expected) => {
    const bound = exactUpperBound(hits, trials, failureProbability);
    expect(Math.abs(bound / expected - 1)).toBeLessThan(1e-13);
  });

  test("rises with hits, falls with trials and with the allowed failure", () => {
    fc.assert(
      fc.property(counts(), failure(), ([hits, trials], failureProbability) => {
        const bound = exactUpperBound(hits, trials, failureProbability);
        expect(exactUpperBound(hits, trials + 1, failureProbability)).toBeLessThanOrEqual(bound);
        const withOneMore = exactUpperBound(hits + 1, trials + 1, failureProbability);
        expect(withOneMore).toBeGreaterThanOrEqual(bound);
        expect(exactUpperBound(hits, trials, failureProbability * 0.9)).toBeGreaterThanOrEqual(
          bound,
        );
      }),
    );
  });

  test("solves the equation that defines it", () => {
    fc.assert(
      fc.property(counts(), failure(), ([hits, trials], failureProbability) => {
        const upper = exactUpperBound(hits, trials, failureProbability);
        const lower = exactLowerBound(hits, trials, failureProbability);
        if (hits < trials) {
          // Near 1, doubles lie too far apart for an equation: it holds between two neighbours.
          const [below, above] = [upper * (1 - 1e-15), Math.min(1, upper * (1 + 1e-15))];
          const least = failureProbability * (1 - 1e-6);
          expect(binomialCdf(hits, trials, below)).toBeGreaterThanOrEqual(least);
          expect(binomialCdf(hits, trials, above)).toBeLessThanOrEqual(
            failureProbability * (1 + 1e-6),
          );
        }
        if (hits > 0) {
          expect(binomialUpperTail(hits, trials, lower) / failureProbability).toBeCloseTo(1, 5);
        }
      }),
    );
  });

  test("knows nothing without trials and stays sane with a million", () => {
    expect(exactUpperBound(0, 0, 0.05)).toBe(1);
    expect(exactLowerBound(0, 0, 0.05)).toBe(0);
    expect(exactUpperBound(0, 1e6, 0.05)).toBeCloseTo(2.9957e-6, 9);
    expect(exactUpperBound(50_000, 1e6, 0.05)).toBeCloseTo(0.05036, 5);
    expect(exactLowerBound(1, 1e6, 1e-12) / 1e-18).toBeCloseTo(1, 9);
  });

  test("takes fractional counts between its whole neighbours", () => {
    const bound = exactUpperBound(2.5, 77.5, 0.05);
    expect(bound).toBeGreaterThan(exactUpperBound(2, 78, 0.05));
    expect(bound).toBeLessThan(exactUpperBound(3, 77, 0.05));
  });

  test.each([
    [3, 2, 0.05],
    [-1, 2, 0.05],
    [NaN, 2, 0.05],
    [1, Infinity, 0.05],
    [1, 2, 0],
    [1, 2, 1],
    [1, 2, NaN],
  ])("refuses %d of %d at %d", (hits, trials, failureProbability) => {
    const refusal = expect.objectContaining({ code: "statistics_argument" });
    expect(() => exactUpperBound(hits, trials, failureProbability)).toThrow(refusal);
    expect(() => exactLowerBound(hits, trials, failureProbability)).toThrow(refusal);
  });
});

describe("exactLowerBound", () => {
  // Checked against 40-digit arithmetic.
  test.each([
    [0, 10, 0.05, 0],
    [5, 100, 0.05, 0.0199055636621718],
    [1, 100, 0.025, 0.000253146032977421],
    [40, 100, 0.05, 0.317526015236499],
    [100, 100, 0.05, 0.97048695039296],
    [12, 60, 0.05, 0.11965613421642232],
    [3, 300, 1e-6, 6.10494786650492e-5],
  ])("of %d in %d at %d", (hits, trials, failureProbability, expected) => {
    const bound = exactLowerBound(hits, trials, failureProbability);
    expect(Math.abs(bound - expected)).toBeLessThanOrEqual(1e-13 * expected);
  });
});

function counts(): fc.Arbitrary<readonly [number, number]> {
  return fc
    .integer({ min: 1, max: 20_000 })
    .chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)));
}

function failure(): fc.Arbitrary<number> {
  return fc.double({ min: 1e-9, max: 0.99, noNaN: true });
}
