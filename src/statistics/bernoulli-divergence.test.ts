import { expect, test } from "vitest";
import { bernoulliDivergence } from "./bernoulli-divergence.ts";

test.each([
  [0.5, 0.25, 0.5 * Math.log(4 / 3)],
  [0, 0.05, -Math.log(0.95)],
  [1, 0.05, Math.log(20)],
  [0.3, 0.3, 0],
  [0, 0, 0],
  [1, 1, 0],
  [0.1, 0, Infinity],
  [0.1, 1, Infinity],
])("of %d from %d", (rate, other, expected) => {
  expect(bernoulliDivergence(rate, other)).toBeCloseTo(expected, 14);
});
