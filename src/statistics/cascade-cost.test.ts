import { expect, test } from "vitest";
import { cascadeCost } from "./cascade-cost.ts";

const CHEAP = { cost: 0.002, shipRate: 0.7 };

test.each([
  ["two tiers", [CHEAP], 0.011, 0.6333333333333333],
  [
    "a middle tier that ships half",
    [CHEAP, { cost: 0.01, shipRate: 0.5 }],
    0.0095,
    0.68333333333333,
  ],
  [
    "a middle tier that ships too little",
    [CHEAP, { cost: 0.01, shipRate: 0.3 }],
    0.0113,
    0.62333333333333,
  ],
  [
    "a first tier that ships too little",
    [{ cost: 0.01, shipRate: 0.3 }],
    0.031,
    -0.03333333333333344,
  ],
  ["no tier before the last", [], 0.03, 0],
])("%s", (_, tiers, perRequest, savedShare) => {
  const cost = cascadeCost(tiers, 0.03);
  expect(cost.perRequest).toBeCloseTo(perRequest, 12);
  expect(cost.savedShare).toBeCloseTo(savedShare, 12);
  expect(cost.allDeepPerRequest).toBe(0.03);
});

test("a router's share of deep calls gives its cost", () => {
  const costs = [0, 0.2, 0.4, 0.7, 1].map(
    (deepShare) => cascadeCost([{ cost: 0.002, shipRate: 1 - deepShare }], 0.03).perRequest,
  );
  [0.002, 0.008, 0.014, 0.023, 0.032].forEach((cost, i) => {
    expect(costs[i]).toBeCloseTo(cost, 15);
  });
});

test("a middle tier lowers the cost exactly when it ships more than the ratio of costs", () => {
  const base = cascadeCost([CHEAP], 0.03).perRequest;
  for (const shipRate of [0.1, 0.3, 0.33, 0.34, 0.5]) {
    const withMiddle = cascadeCost([CHEAP, { cost: 0.01, shipRate }], 0.03).perRequest;
    expect(withMiddle < base).toBe(shipRate > 0.01 / 0.03);
  }
});
