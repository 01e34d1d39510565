import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exactInterval } from "../../statistics/exact-interval.ts";
import { exampleCount, gradedCounts, humanSays, UNGRADED } from "./evidence-count.fixture.ts";
import { wrongShare } from "./wrong-share.ts";

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

  test("what is undecided is in no share, and in the worse end of everything around it", () => {
    const open = exampleCount(10, { cheap: humanSays("cannot_tell") });
    const decided = gradedCounts(0.9, 87, 3);
    const result = wrongShare([...decided, open], 0.05);
    expect(result).toMatchObject({ graded: 90, wrong: 3, undecided: 10, share: 3 / 90 });
    expect(result.interval).toEqual({
      low: exactInterval(3, 100).low,
      high: exactInterval(13, 100).high,
    });
    expect(result.upperBound).toBe(wrongShare(gradedCounts(0.9, 87, 13), 0.05).upperBound);
    expect(result.lowerBound).toBe(wrongShare(gradedCounts(0.9, 97, 3), 0.05).lowerBound);
    const strange = exampleCount(10, { cheap: humanSays("disputed"), propensity: null });
    expect(wrongShare([...decided, strange], 0.05)).toEqual(wrongShare(decided, 0.05));
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

  test("takes share, interval and bounds from one estimator", () => {
    const judged = [
      exampleCount(1_770, { cheap: { ...UNGRADED, judge: "right" } }),
      exampleCount(99, { cheap: { ...UNGRADED, judge: "right", human: "right" } }),
      exampleCount(1, { cheap: { ...UNGRADED, judge: "right", human: "wrong" } }),
      exampleCount(30, { cheap: { ...UNGRADED, judge: "wrong" } }),
      exampleCount(50, { cheap: { ...UNGRADED, judge: "wrong", human: "right" } }),
      exampleCount(50, { cheap: { ...UNGRADED, judge: "wrong", human: "wrong" } }),
    ];
    const corrected = wrongShare(judged, 0.025);
    // An interval at 95 % ends where bounds do that fail with 2.5 % each.
    expect(corrected.estimator).toBe("verdict_stratified");
    expect(corrected.upperBound).toBeCloseTo(corrected.interval?.high ?? 1, 9);
    expect(corrected.lowerBound).toBeCloseTo(corrected.interval?.low ?? 0, 9);
    // A label beside the judge's verdicts: the strata no longer hold all there is.
    const mixed = wrongShare([...judged, ...gradedCounts(0.9, 40, 2)], 0.025);
    expect(mixed.estimator).toBe("weighted");
    expect(mixed.upperBound).toBeCloseTo(mixed.interval?.high ?? 1, 9);
  });

  test("the deep side is read from its own outcomes", () => {
    const counts = [exampleCount(60, { deep: humanSays("wrong") })];
    expect(wrongShare(counts, 0.05, ({ deep }) => deep)).toMatchObject({ graded: 60, wrong: 60 });
  });

  test("says what unequal chances make the grades worth", () => {
    const equal = wrongShare(gradedCounts(0.9, 190, 10, { propensity: 0.1 }), 0.05);
    expect(equal.effective.trials).toBeCloseTo(200, 9);
    const unequal = wrongShare(
      [
        ...gradedCounts(0.9, 95, 5, { propensity: 0.5 }),
        ...gradedCounts(0.8, 95, 5, { propensity: 0.02 }),
      ],
      0.05,
    );
    expect(unequal.effective.trials).toBeLessThan(120);
    expect(unequal.effective.hits).toBeCloseTo(0.05 * unequal.effective.trials, 9);
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
