import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anytimeUpperBound } from "./anytime-upper-bound.ts";
import { exactUpperBound } from "./exact-binomial-bound.ts";

describe("anytimeUpperBound", () => {
  test.each([
    [0, 100, 0.0439786803264488],
    [3, 100, 0.10262798972567],
    [10, 400, 0.0536823392751059],
    [31, 1000, 0.0497849439431284],
    [5, 5, 1],
    [0, 0, 1],
  ])("of %d in %d at .05", (hits, trials, expected) => {
    expect(Math.abs(anytimeUpperBound(hits, trials, 0.05) / expected - 1)).toBeLessThan(1e-12);
  });

  test("is above the bound for one look and moves as a bound should", () => {
    const counts = fc
      .integer({ min: 1, max: 3_000 })
      .chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)));
    fc.assert(
      fc.property(counts, fc.constantFrom(0.2, 0.05, 1e-4), ([hits, trials], failure) => {
        const bound = anytimeUpperBound(hits, trials, failure);
        expect(bound).toBeGreaterThanOrEqual(exactUpperBound(hits, trials, failure));
        expect(bound).toBeLessThanOrEqual(anytimeUpperBound(hits, trials, failure / 2));
        expect(bound).toBeGreaterThanOrEqual(anytimeUpperBound(hits, trials + 1, failure));
        expect(bound).toBeLessThanOrEqual(anytimeUpperBound(hits + 1, trials + 1, failure));
      }),
    );
  });
});
