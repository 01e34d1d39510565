import { expect, test } from "vitest";
import { createRandom } from "../support/random.ts";
import { quantileInterval } from "./quantile-interval.ts";

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1);

// Ranks from tables of distribution-free intervals: the 6th smallest of 20 and the 6th largest.
test.each([
  [20, 0.5, { low: 6, high: 15 }],
  [100, 0.5, { low: 40, high: 61 }],
  [6, 0.5, { low: 1, high: 6 }],
  [5, 0.5, null],
  [0, 0.5, null],
  [50, 0.95, null],
])("of %d values, quantile %d", (count, share, interval) => {
  expect(quantileInterval(range(count), share)).toEqual(interval);
});

test("covers the quantile at least as often as it says", () => {
  const random = createRandom("quantile interval");
  let covered = 0;
  for (let i = 0; i < 2_000; i += 1) {
    const values = range(120)
      .map(() => random())
      .toSorted((a, b) => a - b);
    const interval = quantileInterval(values, 0.9);
    if (interval !== null && interval.low <= 0.9 && interval.high >= 0.9) covered += 1;
  }
  expect(covered / 2_000).toBeGreaterThan(0.94);
});
