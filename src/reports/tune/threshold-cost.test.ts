import { expect, test } from "vitest";
import type { TriageCount } from "../../ledger/records/evidence.ts";
import { countOf } from "./counts.fixture.ts";
import { callCostsOf, thresholdCost } from "./threshold-cost.ts";

const TRIAGES: TriageCount = {
  ...{ dayMs: 0, route: "support", task: null, tier: 0, role: "triage", model: "cheap" },
  ...{ promptHash: "p1", confidence: 0.9, failureCode: null },
  ...{ triages: 20, pricedTriages: 10, costNanoUsd: 1_000n },
};
const PRICED = { pricedItems: 5, cheapCostNanoUsd: 750n, deepCostNanoUsd: 5_000n };
const SHADOWED = { ...countOf(0.9, "right", 8), ...PRICED };

test("a request pays the triage, and the deep call when it escalates", () => {
  const costs = callCostsOf([TRIAGES], [SHADOWED]);
  expect(costs).toEqual({ cheapNanoUsd: 100, deepNanoUsd: 1_000 });
  expect(thresholdCost(costs, 0.75)).toEqual({
    ...{ perRequestNanoUsd: 350, allDeepNanoUsd: 1_000, savedShare: 0.65 },
  });
  expect(thresholdCost(costs, 0)).toMatchObject({ savedShare: -0.10000000000000009 });
});

test("without priced triages the evidence says what a triage costs", () => {
  expect(callCostsOf([], [SHADOWED])).toMatchObject({ cheapNanoUsd: 150 });
});

test("what came from a part of the confidences, and what has no price, says nothing", () => {
  const shipped = { ...countOf(0.9, "right", 8, { decision: "shipped" }), ...PRICED };
  expect(callCostsOf([TRIAGES], [shipped, countOf(0.9, "right", 3)])).toBeNull();
  expect(thresholdCost(null, 0.5)).toBeNull();
  expect(thresholdCost({ cheapNanoUsd: 1, deepNanoUsd: 2 }, null)).toBeNull();
});
