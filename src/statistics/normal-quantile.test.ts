import { expect, test } from "vitest";
import { NORMAL_DEVIATE_95 } from "./normal-interval.ts";
import { normalQuantile } from "./normal-quantile.ts";

// Values of printed tables.
test.each([
  [0.5, 0],
  [0.8, 0.8416212335729143],
  [0.95, 1.6448536269514722],
  [0.975, NORMAL_DEVIATE_95],
  [0.995, 2.5758293035489004],
  [0.999, 3.090232306167813],
  [0.025, -NORMAL_DEVIATE_95],
])("at %d", (share, expected) => {
  expect(normalQuantile(share)).toBeCloseTo(expected, 10);
});

test("refuses the ends", () => {
  expect(() => normalQuantile(0)).toThrow("share");
  expect(() => normalQuantile(1)).toThrow("share");
});
