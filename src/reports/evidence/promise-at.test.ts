import { describe, expect, test } from "vitest";
import type { EvidenceCount } from "../../ledger/records/evidence.ts";
import { exactUpperBound } from "../../statistics/exact-binomial-bound.ts";
import { exampleTriages, gradedCounts, humanSays, exampleCount } from "./evidence-count.fixture.ts";
import { promiseAt, type PromiseBasis } from "./promise-at.ts";

const PROMISE = { atMost: 0.05, failureProbability: 0.05 };

function stateOf(counts: readonly EvidenceCount[], changes: Partial<PromiseBasis> = {}) {
  const basis = { triages: [exampleTriages(10_000)], target: "selective", ...changes } as const;
  return promiseAt(0.8, { counts, promised: PROMISE, readFrom: null, ...basis }).promise;
}

describe("a selective promise", () => {
  const at = (right: number, wrong: number) => stateOf(gradedCounts(0.9, right, wrong));

  test("holds, is broken, or says how many grades are missing", () => {
    expect(at(400, 5)).toEqual({ state: "holds", moreGrades: null, isUnlikely: false });
    expect(at(300, 60)).toEqual({ state: "broken", moreGrades: null, isUnlikely: false });
    const open = at(100, 3);
    expect(open.state).toBe("not_known_yet");
    expect(open.moreGrades).toBeGreaterThan(20);
  });

  test("without a grade the number is that of a run without errors", () => {
    expect(stateOf([]).moreGrades).toBe(59);
  });

  test("no number is promised where the rate is likely too high", () => {
    expect(at(92, 8)).toEqual({ state: "not_known_yet", moreGrades: null, isUnlikely: true });
  });

  test("a few grades with an error among them ask for as many as make a rate", () => {
    expect(at(4, 1)).toMatchObject({ moreGrades: 25, isUnlikely: false });
  });

  test("grades with unequal chances are worth less, so that more of them are missing", () => {
    const equal = at(196, 4).moreGrades ?? 0;
    const unequal = stateOf([
      ...gradedCounts(0.9, 98, 2, { propensity: 1 }),
      ...gradedCounts(0.85, 98, 2, { propensity: 0.02 }),
    ]).moreGrades;
    expect(unequal).toBeGreaterThan(1.5 * equal);
  });
});

describe("a joint promise", () => {
  const triages = [
    exampleTriages(7_000, { confidence: 0.9 }),
    exampleTriages(3_000, { confidence: 0.4 }),
  ];

  test("is about all requests, and may hold where the stricter selective one is broken", () => {
    // 60 of 1,000 shipped ones are wrong, 6 %, but only 70 % ship.
    const counts = gradedCounts(0.9, 940, 60);
    expect(stateOf(counts, { triages, target: "selective" }).state).not.toBe("holds");
    const { rate } = promiseAt(0.8, {
      ...{ counts, triages, promised: { atMost: 0.06, failureProbability: 0.05 } },
      ...{ target: "joint", readFrom: null },
    });
    expect(rate.share).toBeCloseTo(0.7 * 0.06, 12);
    // Between the bound of the wrong share alone and that with all of the failures it may use.
    expect(rate.upperBound).toBeGreaterThan(0.7 * exactUpperBound(60, 1_000, 0.05));
    expect(rate.upperBound).toBeLessThan(0.72 * exactUpperBound(60, 1_000, 0.045));
    expect(
      stateOf(counts, { triages, target: "joint", promised: { ...PROMISE, atMost: 0.06 } }),
    ).toEqual({ state: "holds", moreGrades: null, isUnlikely: false });
  });

  test("is broken where more ship wrong than is allowed", () => {
    expect(stateOf(gradedCounts(0.9, 800, 200), { triages, target: "joint" }).state).toBe("broken");
  });

  test("holds without a grade where hardly anything ships", () => {
    const few = [exampleTriages(10), exampleTriages(9_990, { confidence: 0.4 })];
    expect(stateOf([], { triages: few, target: "joint" }).state).toBe("holds");
  });

  test("is not known yet without triages", () => {
    expect(stateOf(gradedCounts(0.9, 400, 0), { triages: [], target: "joint" }).state).toBe(
      "not_known_yet",
    );
  });
});

describe("a relative promise", () => {
  const both = (items: number, cheap: "right" | "wrong", deep: "right" | "wrong") =>
    exampleCount(items, { cheap: humanSays(cheap), deep: humanSays(deep) });

  test("is about what shipping loses of the deep model's accuracy", () => {
    const equal = [both(1_900, "right", "right"), both(100, "wrong", "wrong")];
    expect(stateOf(equal, { target: "relative" }).state).toBe("holds");
    const worse = [both(800, "right", "right"), both(200, "wrong", "right")];
    expect(stateOf(worse, { target: "relative" }).state).toBe("broken");
  });

  test("is not known yet where the deep answers are not graded", () => {
    const { state, moreGrades, isUnlikely } = stateOf(gradedCounts(0.9, 500, 1), {
      target: "relative",
    });
    expect([state, moreGrades, isUnlikely]).toEqual(["not_known_yet", null, false]);
  });
});

describe("below the threshold that was in force", () => {
  const live = { decision: "shipped", propensity: 0.01 } as const;

  test("only what was drawn over all confidences counts", () => {
    const counts = [...gradedCounts(0.9, 100, 0, live), ...gradedCounts(0.7, 20, 10)];
    const { wrong } = promiseAt(0.6, {
      ...{ counts, triages: [], target: "selective", promised: PROMISE, readFrom: 0.8 },
    });
    // With the shipped ones, each of which stands for a hundred, it would look like 0.1 %.
    expect(wrong).toMatchObject({ graded: 30, wrong: 10 });
  });
});
