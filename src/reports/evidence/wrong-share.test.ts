import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exactInterval } from "../../statistics/exact-interval.ts";
import { exampleCount, gradedCounts, humanSays, UNGRADED } from "./evidence-count.fixture.ts";
import { promiseState, wrongShare } from "./wrong-share.ts";

const PROMISE = { atMost: 0.05, failureProbability: 0.05 };

describe("wrongShare", () => {
  test("of equally likely grades is a plain exact interval", () => {
    const result = wrongShare(gradedCounts(0.9, 97, 3), 0.05);
    expect(result).toMatchObject({ basis: "truth", graded: 100, wrong: 3, share: 0.03 });
    expect(result.interval).toEqual(exactInterval(3, 100));
    expect(result.upperBound).toBeCloseTo(0.0757, 4);
  });

  test("weighs grades by 1/propensity", () => {
    const counts = [
      ...gradedCounts(0.9, 90, 10, { propensity: 1 }),
      ...gradedCounts(0.95, 100, 0, { propensity: 0.1 }),
    ];
    // 10 wrong of 100 + 100/0.1.
    expect(wrongShare(counts, 0.05).share).toBeCloseTo(10 / 1_100, 12);
  });

  test("a label goes before a human, and a disputed item counts as neither", () => {
    const counts = [
      ...gradedCounts(0.9, 40, 0),
      exampleCount(5, { cheap: { label: "wrong", human: "right", judge: "right" } }),
      exampleCount(7, { cheap: { label: "disputed", human: "right", judge: null } }),
    ];
    // The judge called 5 items right that all have a truth, so it stands for nothing else.
    expect(wrongShare(counts, 0.05)).toMatchObject({ basis: "truth", graded: 45, wrong: 5 });
  });

  test("grades of unknown propensity are in no share", () => {
    const counts = [...gradedCounts(0.9, 40, 2), ...gradedCounts(0.9, 0, 50, { propensity: null })];
    expect(wrongShare(counts, 0.05)).toMatchObject({ graded: 42, wrong: 2 });
  });

  test("a judge that nobody checked says something, and nothing is known", () => {
    const counts = [
      exampleCount(90, { cheap: { ...UNGRADED, judge: "right" } }),
      exampleCount(10, { cheap: { ...UNGRADED, judge: "wrong" } }),
    ];
    expect(wrongShare(counts, 0.05)).toMatchObject({
      basis: "judge_says",
      share: null,
      judge: { judged: 100, wrong: 10 },
    });
  });

  test("human checks put the judge right", () => {
    // 2,000 judged, 130 of them wrong; half of 200 checks in each verdict.
    const counts = [
      exampleCount(1_770, { cheap: { ...UNGRADED, judge: "right" } }),
      exampleCount(99, { cheap: { ...UNGRADED, judge: "right", human: "right" } }),
      exampleCount(1, { cheap: { ...UNGRADED, judge: "right", human: "wrong" } }),
      exampleCount(30, { cheap: { ...UNGRADED, judge: "wrong" } }),
      exampleCount(50, { cheap: { ...UNGRADED, judge: "wrong", human: "right" } }),
      exampleCount(50, { cheap: { ...UNGRADED, judge: "wrong", human: "wrong" } }),
    ];
    const result = wrongShare(counts, 0.05);
    expect(result.basis).toBe("judge_corrected");
    expect(result.share).toBeCloseTo(0.065 * 0.5 + 0.935 * 0.01, 12);
    expect(result.interval?.low).toBeLessThan(0.0418);
    expect(result.interval?.high).toBeGreaterThan(0.0418);
  });

  test("few grades are no share, none is none", () => {
    expect(wrongShare(gradedCounts(0.9, 28, 1), 0.05)).toMatchObject({ graded: 29, share: null });
    expect(wrongShare([], 0.05)).toMatchObject({ basis: "none", graded: 0, share: null });
    expect(wrongShare(gradedCounts(0.9, 1, 0), 0.05)).toMatchObject({ basis: "truth", graded: 1 });
  });

  test("does not depend on the order of its rows", () => {
    const counts = [
      ...gradedCounts(0.9, 31, 4, { propensity: 0.3 }),
      ...gradedCounts(0.8, 17, 6, { propensity: 0.07 }),
      ...gradedCounts(0.7, 9, 2, { propensity: 0.9 }),
    ];
    const expected = wrongShare(counts, 0.05);
    const shuffled = fc.shuffledSubarray(counts, {
      minLength: counts.length,
      maxLength: counts.length,
    });
    fc.assert(
      fc.property(shuffled, (rows) => {
        expect(wrongShare(rows, 0.05)).toEqual(expected);
      }),
    );
  });
});

describe("promiseState", () => {
  const stateOf = (right: number, wrong: number) =>
    promiseState(wrongShare(gradedCounts(0.9, right, wrong), 0.05), PROMISE);

  test("holds, is broken, or says how many grades are missing", () => {
    expect(stateOf(400, 5)).toEqual({ state: "holds", moreGrades: null });
    expect(stateOf(300, 60)).toEqual({ state: "broken", moreGrades: null });
    const open = stateOf(100, 3);
    expect(open.state).toBe("not_known_yet");
    expect(open.moreGrades).toBeGreaterThan(20);
  });

  test("without a grade the number is that of a run without errors", () => {
    expect(promiseState(wrongShare([], 0.05), PROMISE).moreGrades).toBe(59);
  });

  test("no number is promised where the rate is likely too high", () => {
    expect(stateOf(92, 8)).toEqual({ state: "not_known_yet", moreGrades: null });
  });

  test("the deep side is read from its own outcomes", () => {
    const counts = [exampleCount(60, { deep: humanSays("wrong") })];
    expect(wrongShare(counts, 0.05, ({ deep }) => deep)).toMatchObject({ graded: 60, wrong: 60 });
  });
});
