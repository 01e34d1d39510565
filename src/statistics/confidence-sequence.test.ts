import { describe, expect, test } from "vitest";
import { confidenceSequence } from "./confidence-sequence.ts";

describe("confidenceSequence", () => {
  test.each([
    [0, 100, 0, 0.0570285976387719],
    [3, 100, 0.00187906063240769, 0.122948885608933],
    [10, 400, 0.00642925129322916, 0.0628452579271327],
    [50, 1000, 0.0287199172596234, 0.0792395818108571],
    [0, 0, 0, 1],
  ])("of %d in %d at .05", (hits, trials, low, high) => {
    const interval = confidenceSequence(hits, trials, 0.05);
    expect(Math.abs(interval.low - low)).toBeLessThanOrEqual(1e-12 * low);
    expect(Math.abs(interval.high - high)).toBeLessThanOrEqual(1e-12 * high);
  });

  test("mirrors when hits and misses change places", () => {
    const interval = confidenceSequence(30, 100, 0.05);
    const mirrored = confidenceSequence(70, 100, 0.05);
    expect(mirrored.low).toBeCloseTo(1 - interval.high, 12);
    expect(mirrored.high).toBeCloseTo(1 - interval.low, 12);
    expect(confidenceSequence(9, 9, 0.05).high).toBe(1);
  });
});
