import { expect, test } from "vitest";
import { logViolationProof } from "../statistics/violation-proof.ts";
import { detectorTotal, startErrorWatch, watchError, type ErrorState } from "./error-watch.ts";
import { relativeWeight } from "./watched-verdict.ts";

const ONES = new Set([5, 9, 14, 22, 23, 31, 38, 47, 52, 60]);

function run(upTo: number, level = 5_000, through = (state: ErrorState) => state): ErrorState {
  let state = startErrorWatch(0.05);
  for (let i = 1; i <= upTo; i += 1) {
    state = through(watchError(0.05, state, { isWrong: ONES.has(i), weight: 1 }, level).state);
  }
  return state;
}

/** From the reference `sr_detector` of the method, with its restart e-process beside it. */
test.each([
  [10, 29.074490433794573, 1.9852987993545552],
  [20, 36.59082508073111, 1.9617846990513903],
  [30, 124.0819042265417, 5.44882142587204],
  [40, 416.06703143267737, 17.15960590631565],
  [50, 416.0698846287982, 17.014359276422585],
  [60, 1381.8776899683448, 55.81073756344305],
])("after %i verdicts the sums are those of the reference", (upTo, total, proof) => {
  const state = run(upTo);
  expect(detectorTotal(state.detector)).toBeCloseTo(total, 6);
  expect(Math.exp(logViolationProof(state.proof))).toBeCloseTo(proof, 8);
});

test("an alarm starts the detector anew, and leaves what is proved", () => {
  let state = startErrorWatch(0.05);
  const alarms: number[] = [];
  for (let i = 1; i <= 60; i += 1) {
    const step = watchError(0.05, state, { isWrong: ONES.has(i), weight: 1 }, 400);
    if (step.isAlarm) alarms.push(i);
    state = step.state;
  }
  // 416 of the reference, reached with the miss at 38.
  expect(alarms).toEqual([38]);
  expect(state.isProved).toBe(true);
  expect({ graded: state.graded, wrong: state.wrong }).toEqual({ graded: 60, wrong: 10 });
});

test("goes on from storage as if nothing had happened", () => {
  const stored = run(60, 5_000, (state) => JSON.parse(JSON.stringify(state)) as ErrorState);
  expect(stored).toEqual(run(60));
  expect(JSON.stringify(stored).length).toBeLessThan(500);
});

test("weighs by what an answer stands for, whatever the share of grading is", () => {
  expect(relativeWeight({ propensity: 0.04, leastPropensity: 0.01 })).toBe(0.25);
  expect(relativeWeight({ propensity: 0.4, leastPropensity: 0.1 })).toBe(0.25);
  expect(relativeWeight({ propensity: 0.01, leastPropensity: 0.02 })).toBe(1);
});
