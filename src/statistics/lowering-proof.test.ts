import { describe, expect, test } from "vitest";
import { logBettingEvidence, logBettingEvidenceOf } from "./betting-wealth.ts";
import {
  isLoweringProved,
  observeLowering,
  startLowering,
  type LoweringPlan,
} from "./lowering-proof.ts";

const plan: LoweringPlan = { atMost: 0.05, nth: 1, largestWeight: 20 };

describe("observeLowering", () => {
  test("bets against 95 % of the target, each answer by its propensity", () => {
    const right = observeLowering(plan, startLowering(), { isWrong: false, propensity: 0.05 });
    const both = observeLowering(plan, right, { isWrong: true, propensity: 1 });
    const expected = logBettingEvidenceOf(
      [
        { value: 0, weight: 20 },
        { value: 1, weight: 1 },
      ],
      { claim: "at_least", mean: 0.0475, largestWeight: 20 },
    );
    expect(logBettingEvidence(both)).toBeCloseTo(expected, 12);
  });

  test("needs more proof for each further lowering", () => {
    const needed = [1, 2, 5].map((nth) => {
      let state = startLowering();
      for (let n = 1; ; n += 1) {
        state = observeLowering({ ...plan, nth }, state, { isWrong: false, propensity: 0.05 });
        if (isLoweringProved({ ...plan, nth }, state)) return n;
      }
    });
    // With bets of at most .9 of the largest, a right answer brings less than ln(1/(1 − .0475)).
    expect(needed[0]).toBeGreaterThan(Math.log(40) / -Math.log1p(-0.0475));
    expect(needed[0]).toBeLessThan(needed[1] ?? 0);
    expect(needed[1]).toBeLessThan(needed[2] ?? 0);
  });

  test("refuses nonsense", () => {
    const refusal = expect.objectContaining({ code: "statistics_argument" });
    for (const propensity of [0, 1.1, NaN, 0.01]) {
      expect(() => observeLowering(plan, startLowering(), { isWrong: true, propensity })).toThrow(
        refusal,
      );
    }
    expect(() => isLoweringProved({ ...plan, nth: 0 }, startLowering())).toThrow(refusal);
  });
});
