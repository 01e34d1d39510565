import { expect, test } from "vitest";
import { chooseStrata } from "../evidence/choose-stratum.ts";
import { exampleTriages, gradedCounts } from "../evidence/evidence-count.fixture.ts";
import type { ReportedRoute } from "../evidence/reported-route.ts";
import { describeTier } from "../evidence/tier-report.ts";
import { adviceFacts } from "./advice-facts.ts";

const PROMISED = { atMost: 0.05, failureProbability: 0.05 };
const SETTINGS = {
  requests: 500_000,
  spanMs: 30 * 86_400_000,
  labelUsd: 0.05,
  fixedUsdPerMonth: 20,
};

const THREE_TIERS: ReportedRoute = {
  name: "support",
  mode: "shadow",
  thresholds: [0.8, 0.8, null],
  models: ["claude-haiku-4-5", "claude-sonnet-4-6", "claude-opus-4-7"],
  target: "joint",
  promised: PROMISED,
};

/** Of 1,000 that reached the middle tier it would have shipped 400. */
const TIERS = chooseStrata([
  ...gradedCounts(0.9, 500, 5, { deepTier: 2 }),
  ...gradedCounts(0.9, 390, 10, {
    tier: 1,
    deepTier: 2,
    cheapModel: "claude-sonnet-4-6-20260901",
  }),
]).map((stratum) =>
  describeTier(
    stratum,
    [
      exampleTriages(400, { tier: 1, model: "claude-sonnet-4-6-20260901" }),
      exampleTriages(600, { tier: 1, model: "claude-sonnet-4-6-20260901", confidence: 0.3 }),
    ],
    { threshold: 0.8, readFrom: 0.8, target: "joint", promised: PROMISED },
  ),
);

test("a middle tier is in force where the route has its model at its place", () => {
  const { inForce, candidates } = adviceFacts(TIERS, THREE_TIERS, SETTINGS).middleTiers;
  expect(candidates).toEqual([]);
  expect(inForce).toEqual([
    expect.objectContaining({ model: "claude-sonnet-4-6-20260901", shipped: 400, reached: 1_000 }),
  ]);
});

test.each([
  ["the route has two tiers now", { models: ["claude-haiku-4-5", "claude-opus-4-7"] }],
  [
    "another model is at its place",
    { models: ["claude-haiku-4-5", "claude-sonnet-5-5", "claude-opus-4-7"] },
  ],
])("it is a candidate when %s", (_, changes) => {
  const settings = { ...THREE_TIERS, ...changes };
  const { inForce, candidates } = adviceFacts(TIERS, settings, SETTINGS).middleTiers;
  expect(inForce).toEqual([]);
  expect(candidates).toHaveLength(1);
});

test("a mean of a handful of calls is no price", () => {
  const few = chooseStrata(gradedCounts(0.9, 5, 0)).map((stratum) =>
    describeTier(stratum, [], {
      ...{ threshold: 0.8, readFrom: 0.8, target: "joint", promised: PROMISED },
    }),
  );
  expect(adviceFacts(few, null, SETTINGS)).toMatchObject({ cheapUsd: null, deepUsd: null });
});
