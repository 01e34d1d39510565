import { expect, test } from "vitest";
import { routingHorizon } from "./routing-horizon.ts";

const NO_OVERHEAD = { labels: 0, costPerLabel: 0, fixedCost: 0 };

test.each([
  ["100,000 a month", { requests: 100_000, savedPerRequest: 0.019, ...NO_OVERHEAD }, 1_900],
  [
    "a cascade that costs more",
    { requests: 100_000, savedPerRequest: -0.001, ...NO_OVERHEAD },
    -100,
  ],
  [
    "2,000 a month with 300 labels",
    { requests: 2_000, savedPerRequest: 0.019, labels: 300, costPerLabel: 0.05, fixedCost: 20 },
    3,
  ],
])("%s", (_, plan, net) => {
  const horizon = routingHorizon(plan);
  expect(horizon.net).toBeCloseTo(net, 9);
  expect(horizon.isWorthIt).toBe(net > 0);
});

test("says from how many requests it pays, if any", () => {
  const plan = {
    requests: 1,
    savedPerRequest: 0.019,
    labels: 300,
    costPerLabel: 0.05,
    fixedCost: 20,
  };
  expect(routingHorizon(plan).breakEvenRequests).toBeCloseTo(35 / 0.019, 9);
  expect(routingHorizon({ ...plan, savedPerRequest: 0 }).breakEvenRequests).toBeNull();
});
