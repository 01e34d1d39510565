import {
  controlThreshold,
  DWELL_REQUESTS,
  nextStricter,
  startControl,
  type ControlPlan,
} from "../../src/watch/control-threshold.ts";
import { isSuspicious } from "../../src/watch/is-suspicious.ts";
import type { ThresholdRule } from "./live-stream.ts";

/** Ours, as it runs beside a gateway. */
export function controllerRule(plan: ControlPlan, threshold: number): ThresholdRule {
  let state = startControl(plan, threshold);
  return {
    threshold: () => state.threshold,
    isSuspicious: () => isSuspicious(state),
    observe: (event) => {
      const step = controlThreshold(plan, state, event);
      state = step.state;
      return step.move;
    },
  };
}

/** Nobody moves it. */
export function fixedRule(threshold: number): ThresholdRule {
  return { threshold: () => threshold, isSuspicious: () => false, observe: () => null };
}

/** Grades that the careless rule looks back on. */
const WINDOW = 100;

/**
 * Teeth: moves by the rate of the last hundred grades. Up when more of what shipped was wrong than is
 * allowed; down when no more would be at the next rung, with the same dwell as ours.
 */
export function carelessRule(
  { atMost, rungs }: Pick<ControlPlan, "atMost" | "rungs">,
  start: number,
): ThresholdRule {
  let threshold = start;
  let grades: { readonly confidence: number; readonly isWrong: boolean }[] = [];
  let requests = 0;
  return {
    threshold: () => threshold,
    isSuspicious: () => false,
    observe: (event) => {
      if (event.kind === "requests") {
        requests += event.count;
        return null;
      }
      const { confidence, isWrong } = event.verdict;
      grades.push({ confidence, isWrong: isWrong === true });
      const looser = rungs.findLast((rung) => rung < threshold);
      const up = isOver(grades, threshold, atMost) ? nextStricter({ rungs }, threshold) : null;
      const isDue = looser !== undefined && requests >= DWELL_REQUESTS;
      const down = isDue && isOver(grades, looser, atMost) === false ? looser : null;
      const to = up ?? down;
      if (grades.length > 20 * WINDOW) grades = grades.slice(-10 * WINDOW);
      if (to === null) return null;
      const move = { direction: up === null ? "lower" : "raise", from: threshold, to } as const;
      threshold = to;
      grades = [];
      requests = 0;
      return { ...move, isApplied: true, evidence: {} };
    },
  };
}

/** Whether the last hundred from a confidence on were wrong too often; null = there are not so many. */
function isOver(
  grades: readonly { readonly confidence: number; readonly isWrong: boolean }[],
  from: number,
  atMost: number,
): boolean | null {
  let [seen, wrong] = [0, 0];
  for (let i = grades.length - 1; i >= 0 && seen < WINDOW; i -= 1) {
    const grade = grades[i];
    if (grade === undefined || grade.confidence < from) continue;
    seen += 1;
    if (grade.isWrong) wrong += 1;
  }
  return seen < WINDOW ? null : wrong > atMost * WINDOW;
}
