import { describe, expect, test } from "vitest";
import {
  detectChange,
  restingTotal,
  startDetector,
  type DetectorPlan,
  type DetectorState,
} from "./change-detector.ts";
import { errorDetectorPlan, stormDetectorPlan } from "./detector-plans.ts";

const ones = new Set([5, 9, 14, 22, 23, 31, 38, 47, 52, 60]);
const plan = errorDetectorPlan(0.05);

describe("detectChange", () => {
  test("sums as the reference does for a rate of .05", () => {
    const totals = totalsOf(plan, 60, (i) => (ones.has(i) ? 1 : 0));
    const expected: readonly (readonly [number, number])[] = [
      [10, 29.074490433794573],
      [20, 36.59082508073111],
      [30, 124.0819042265417],
      [40, 416.06703143267737],
      [50, 416.0698846287982],
      [60, 1381.8776899683448],
    ];
    for (const [at, total] of expected) {
      expect((totals[at - 1] ?? NaN) / total).toBeCloseTo(1, 13);
    }
  });

  test("sums as the reference does for a storm", () => {
    const storm = stormDetectorPlan(0.35, { alarmLevel: 1e9, warnLevel: 1e3 });
    const totals = totalsOf(storm, 60, (i) => (i % 3 === 0 ? 0 : 1));
    const expected: readonly (readonly [number, number])[] = [
      [10, 25.48089608775399],
      [20, 244.8042284828191],
      [30, 684.2511364580423],
      [40, 6644.578860638161],
      [60, 198511.99838656015],
    ];
    for (const [at, total] of expected) {
      expect((totals[at - 1] ?? NaN) / total).toBeCloseTo(1, 13);
    }
  });

  test("warns, alarms, and starts anew after an alarm", () => {
    const levels = { alarmLevel: 400, warnLevel: 60 };
    const small = errorDetectorPlan(0.05, levels);
    let state = startDetector(small);
    const signals: string[] = [];
    for (let i = 1; i <= 38; i += 1) {
      const step = detectChange(small, state, ones.has(i) ? 1 : 0);
      state = step.state;
      signals.push(step.signal);
    }
    expect(signals[20]).toBe("quiet");
    expect(signals[25]).toBe("warn");
    expect(signals[37]).toBe("alarm");
    expect(state).toEqual(startDetector(small));
  });

  test("takes the mean of a collapsed burst as the fair share of a hit and a miss", () => {
    const storm = stormDetectorPlan();
    const from = detectChange(storm, startDetector(storm), 1).state;
    const [hit, miss, half] = [1, 0, 0.5].map((value) => detectChange(storm, from, value).total);
    expect(half).toBeCloseTo(((hit ?? NaN) + (miss ?? NaN)) / 2, 12);
  });

  test("moves less for answers that were more likely to be graded", () => {
    const weighted = { ...plan, largestWeight: 4 };
    const from = detectChange(weighted, startDetector(weighted), 0).state;
    const totals = [1, 2, 4].map((weight) => detectChange(weighted, from, 1, weight).total);
    expect(totals).toEqual(totals.toSorted((a, b) => a - b));
    expect(totals[2]).toBe(detectChange(plan, from, 1).total);
  });

  test("survives storage, a million hits, and stays small", () => {
    let state = startDetector({ ...plan, alarmLevel: Infinity });
    for (let i = 0; i < 2_000; i += 1) {
      state = detectChange({ ...plan, alarmLevel: Infinity }, state, 1).state;
    }
    expect(state.masses).toEqual([1e30, 1e30, 1e30, 1e30]);
    const middle = detectChange(plan, startDetector(plan), 0).state;
    const stored: DetectorState = JSON.parse(JSON.stringify(middle));
    expect(detectChange(plan, stored, 1)).toEqual(detectChange(plan, middle, 1));
    expect(JSON.stringify(middle).length).toBeLessThan(200);
  });

  test.each<Partial<DetectorPlan>>([
    { nullRate: 0 },
    { alternatives: [0.04, 0.1, 0.2, 0.3] },
    { weights: [1, 1, 1, 1] },
    { alternatives: [] },
  ])("refuses a plan with %o", (part) => {
    expect(() => startDetector({ ...plan, ...part })).toThrow(
      expect.objectContaining({ code: "statistics_argument" }),
    );
  });

  test("refuses values and weights out of range", () => {
    const refusal = expect.objectContaining({ code: "statistics_argument" });
    expect(() => detectChange(plan, startDetector(plan), 2)).toThrow(refusal);
    expect(() => detectChange(plan, startDetector(plan), 1, 2)).toThrow(refusal);
    expect(() => detectChange(plan, startDetector(plan), NaN)).toThrow(refusal);
  });
});

describe("restingTotal", () => {
  test("is where the detector rests below the null rate", () => {
    expect(restingTotal(plan, 0.03)).toBeCloseTo(43.53125, 9);
    expect(restingTotal(plan, 0.04)).toBeGreaterThan(restingTotal(plan, 0.03));
  });
});

describe("errorDetectorPlan", () => {
  test("keeps its alternatives below 1 for any rate", () => {
    for (const atMost of [0.001, 0.1, 0.19, 0.2, 0.3, 0.5, 0.9, 0.999]) {
      const { alternatives } = errorDetectorPlan(atMost);
      expect(() => startDetector(errorDetectorPlan(atMost))).not.toThrow();
      expect(alternatives).toEqual(alternatives.toSorted((a, b) => a - b));
    }
    expect(stormDetectorPlan().alternatives).toEqual([0.42, 0.5, 0.6, 0.75, 0.95]);
  });
});

function totalsOf(by: DetectorPlan, count: number, value: (i: number) => number): number[] {
  let state = startDetector(by);
  return Array.from({ length: count }, (_, i) => {
    const step = detectChange(by, state, value(i + 1));
    state = step.state;
    return step.total;
  });
}
