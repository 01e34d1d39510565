import { expect, test } from "vitest";
import { createRandom } from "../support/random.ts";
import { horvitzThompsonShare } from "./horvitz-thompson-share.ts";
import { EXAMPLE_GROUPS } from "./sampled-group.fixture.ts";

test("the example, of ten thousand rows", () => {
  expect(horvitzThompsonShare(EXAMPLE_GROUPS, 10_000)).toBeCloseTo(0.06, 12);
  expect(horvitzThompsonShare([], 0)).toBeNull();
});

test("is right on average over draws", () => {
  // 1,000 rows at 0.1 of which 100 wrong, 1,000 at 0.02 of which 20 wrong: 6 % of all.
  const random = createRandom("unbiased");
  const drawn = (rows: number, propensity: number): number =>
    Array.from({ length: rows }, random).filter((draw) => draw < propensity).length;
  const estimates = Array.from({ length: 2_000 }, () => {
    const [often, seldom] = [drawn(100, 0.1), drawn(20, 0.02)];
    const groups = [
      { propensity: 0.1, trials: often + drawn(900, 0.1), hits: often },
      { propensity: 0.02, trials: seldom + drawn(980, 0.02), hits: seldom },
    ];
    return horvitzThompsonShare(groups, 2_000) ?? 0;
  });
  const mean = estimates.reduce((sum, value) => sum + value, 0) / estimates.length;
  // One estimate has a standard error of 0.0217, their mean of 0.0005.
  expect(Math.abs(mean - 0.06)).toBeLessThan(0.0015);
});
