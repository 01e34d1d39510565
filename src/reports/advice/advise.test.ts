import { describe, expect, test } from "vitest";
import type { AdviceFacts, MiddleTierFacts } from "./advice.ts";
import { advise } from "./advise.ts";

/** Everything speaks for routing. */
const GOOD: AdviceFacts = {
  requestsPerMonth: 500_000,
  atMost: 0.02,
  failureProbability: 0.05,
  shipped: { count: 7_000, of: 10_000 },
  cheapUsd: 0.002,
  deepUsd: 0.03,
  ranking: { area: 0.82, standardError: 0.02, interval: { low: 0.77, high: 0.86 } },
  failingClasses: 0,
  largestAtom: { count: 4_000, of: 10_000 },
  bestAtomErrorLow: 0.001,
  deepError: { low: 0.001, high: 0.02 },
  gradesNeeded: 300,
  labelUsd: 0.05,
  fixedUsdPerMonth: 20,
  middleTiers: { inForce: [], candidates: [] },
  tried: [],
};

const MIDDLE: MiddleTierFacts = {
  model: "claude-sonnet-4-6",
  shipped: 400,
  reached: 1_000,
  costUsd: 0.006,
  deepUsd: 0.03,
};

test("with all numbers good it routes", () => {
  expect(advise(GOOD)).toMatchObject({ verdict: "route", decidedBy: null });
});

const TOUCHING = { area: 0.62, standardError: 0.03, interval: { low: 0.57, high: 0.67 } };

test.each<[Partial<AdviceFacts>, string, string]>([
  [{ requestsPerMonth: 9_999 }, "volume", "9,999 requests a month are under 10,000"],
  // 12,000 × (0.7 × 0.03 - 0.002) = $228 less 300 × $0.05 and $20 is positive; with dear labels not.
  [{ requestsPerMonth: 12_000, labelUsd: 2 }, "horizon", "that is -$392.00"],
  [{ atMost: 0.001 }, "accuracy_bar", "leaves no room"],
  [{ deepError: { low: 0.03, high: 0.05 } }, "deep_accuracy", "misses the 2 %"],
  [{ ranking: TOUCHING }, "signal", "every request is unique"],
  [{ largestAtom: { count: 900, of: 1_000 } }, "one_confidence", "no threshold parts them"],
  [{ bestAtomErrorLow: 0.04 }, "best_confidence", "at least 4.0 %"],
  [{ cheapUsd: 0.012, shipped: { count: 450, of: 1_000 } }, "price_ratio", "2.5 cheap ones"],
  [{ shipped: { count: 10, of: 1_000 } }, "horizon", "A month saves -$850.00"],
  [{ atMost: 0.002, requestsPerMonth: 1_400 }, "volume", "too few"],
])("does not route for %j by the rule %s", (changes, rule, words) => {
  const { verdict, decidedBy, advice } = advise({ ...GOOD, ...changes });
  expect([verdict, decidedBy]).toEqual(["do_not_route", rule]);
  expect(advice.find((one) => one.rule === rule)?.sentence).toContain(words);
});

test.each<[Partial<AdviceFacts>, string]>([
  [{ requestsPerMonth: null }, "volume"],
  [{ cheapUsd: null }, "horizon"],
  [{ gradesNeeded: null }, "labels"],
  [{ ranking: null }, "signal"],
  [{ failingClasses: null }, "signal"],
  [{ largestAtom: null }, "one_confidence"],
  [{ largestAtom: { count: 5, of: 5 } }, "one_confidence"],
  [{ largestAtom: { count: 29, of: 29 } }, "one_confidence"],
  [{ largestAtom: { count: 26, of: 30 } }, "one_confidence"],
  [{ shipped: { count: 0, of: 5 } }, "horizon"],
  [{ shipped: { count: 2, of: 30 } }, "horizon"],
  [{ cheapUsd: 0.012, shipped: { count: 14, of: 30 } }, "horizon"],
  // Plausible only with a guess at how many grades it takes, which few grades do not support.
  [{ requestsPerMonth: 12_000, gradesNeeded: 5_000 }, "horizon"],
  [{ gradesNeeded: 600_000 }, "labels"],
  [{ bestAtomErrorLow: null }, "best_confidence"],
  [{ shipped: { count: 0, of: 0 } }, "horizon"],
])("leaves it open for %j", (changes, rule) => {
  expect(advise({ ...GOOD, ...changes })).toMatchObject({
    verdict: "not_known_yet",
    decidedBy: rule,
  });
});

test("between the two volumes the horizon decides", () => {
  expect(advise({ ...GOOD, requestsPerMonth: 12_000 }).verdict).toBe("route");
});

test("a confidence that hardly sorts is no obstacle where classes of input do", () => {
  expect(advise({ ...GOOD, ranking: TOUCHING, failingClasses: 2 }).verdict).toBe("route");
});

test("one rule against outweighs numbers that lack", () => {
  const facts = { ...GOOD, requestsPerMonth: 500, ranking: null, cheapUsd: null };
  expect(advise(facts)).toMatchObject({ verdict: "do_not_route", decidedBy: "volume" });
});

test("one observation forbids nothing", () => {
  const one = { count: 1, of: 1 };
  const facts = { ...GOOD, ranking: null, bestAtomErrorLow: null, shipped: one, largestAtom: one };
  const { verdict, advice } = advise(facts);
  expect(verdict).toBe("not_known_yet");
  expect(advice.filter(({ says }) => says === "do_not_route")).toEqual([]);
});

test("the labels rule forbids only what not even a run without errors could reach", () => {
  const { advice } = advise({ ...GOOD, atMost: 0.002, requestsPerMonth: 1_400 });
  expect(advice.find(({ rule }) => rule === "labels")).toMatchObject({ says: "do_not_route" });
});

describe("a middle tier", () => {
  const saysOf = (list: "inForce" | "candidates", changes: Partial<MiddleTierFacts>) => {
    const tier = { ...MIDDLE, ...changes };
    const middleTiers = { inForce: [], candidates: [], [list]: [tier] };
    return advise({ ...GOOD, middleTiers }).advice.at(-1)?.says;
  };

  test.each<["inForce" | "candidates", Partial<MiddleTierFacts>, string]>([
    ["candidates", {}, "add_tier"],
    ["inForce", {}, "keep_tier"],
    ["inForce", { shipped: 120 }, "remove_tier"],
    // A share above the break-even one whose lower bound is not.
    ["candidates", { shipped: 210 }, "not_known_yet"],
    ["candidates", { shipped: 120 }, "not_known_yet"],
    ["candidates", { costUsd: null }, "not_known_yet"],
    ["candidates", { reached: 0, shipped: 0 }, "not_known_yet"],
  ])("%s with %j is answered %s", (list, changes, says) => {
    expect(saysOf(list, changes)).toBe(says);
  });

  test("does not change the verdict on routing", () => {
    const middleTiers = { inForce: [{ ...MIDDLE, shipped: 120 }], candidates: [] };
    expect(advise({ ...GOOD, middleTiers }).verdict).toBe("route");
  });
});
