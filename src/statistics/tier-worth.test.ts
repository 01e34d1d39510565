import { expect, test } from "vitest";
import { exactInterval } from "./exact-interval.ts";
import { tierWorth } from "./tier-worth.ts";

test.each([
  ["far above the ratio of costs", 700, 1_000, 0.002, 0.03, "keep"],
  ["far below it", 20, 1_000, 0.002, 0.03, "bypass"],
  ["near it", 66, 1_000, 0.002, 0.03, "not_known"],
  ["above it, in ten rows", 2, 10, 0.002, 0.03, "not_known"],
  ["a middle tier that ships half", 500, 1_000, 0.01, 0.03, "keep"],
  ["a middle tier that ships 28 %", 280, 1_000, 0.01, 0.03, "bypass"],
  ["a tier dearer than the last", 1_000, 1_000, 0.04, 0.03, "bypass"],
] as const)("%s", (_, shipped, reached, cost, deepCost, decision) => {
  const worth = tierWorth(shipped, reached, cost, deepCost);
  expect(worth.decision).toBe(decision);
  expect(worth.breakEvenShipRate).toBeCloseTo(cost / deepCost, 12);
  expect(worth.interval).toEqual(exactInterval(shipped, reached));
});

test.each([
  [0.002, 0.03, 0.06666666666666667],
  [0.01, 0.03, 0.33333333333333337],
])("a tier at %d before one at %d breaks even at a ship rate of %d", (cost, deepCost, rate) => {
  expect(tierWorth(1, 2, cost, deepCost).breakEvenShipRate).toBeCloseTo(rate, 15);
});

test("a threshold that was chosen among several must clear a wider interval", () => {
  const once = tierWorth(400, 1_000, 0.011, 0.03);
  const chosen = tierWorth(400, 1_000, 0.011, 0.03, 0.05 / 20);
  expect([once.decision, chosen.decision]).toEqual(["keep", "not_known"]);
  expect(chosen.interval).toEqual(exactInterval(400, 1_000, 0.0025));
});

test("before anything reached it nothing is known", () => {
  expect(tierWorth(0, 0, 0.002, 0.03)).toMatchObject({ decision: "not_known", shipRate: null });
  expect(() => tierWorth(0, 0, 0.002, 0)).toThrow("deepCost");
});
