import { detectChange, startDetector, type DetectorState } from "../statistics/change-detector.ts";
import { errorDetectorPlan } from "../statistics/detector-plans.ts";
import { exactUpperBound } from "../statistics/exact-binomial-bound.ts";

/** Plain JSON, below 300 bytes. */
export interface JudgeState {
  /** Answers that both have judged, and on how many of them they differed, of the reference. */
  readonly compared: number;
  readonly differed: number;
  /** Upper bound of the rate at which they differed; null while the reference is gathered. */
  readonly bound: number | null;
  readonly detector: DetectorState;
  /** Since the reference was complete. */
  readonly later: { readonly compared: number; readonly differed: number };
}

export interface JudgeStep {
  readonly state: JudgeState;
  readonly isAlarm: boolean;
  /** The reference is complete with this one. */
  readonly isSettled: boolean;
}

/** Answers that a judge and people have both judged, which the later ones are held against. */
export const REFERENCE_ANSWERS = 100;
/** Chance that the reference's bound is wrong. */
const REFERENCE_FAILURE = 0.05;
/** False alarms are at least so many compared answers apart on average. */
const LEVELS = { alarmLevel: 2_000, warnLevel: 60 };

export function startJudgeWatch(): JudgeState {
  const nothing = { compared: 0, differed: 0 };
  return { ...nothing, bound: null, detector: { masses: [] }, later: nothing };
}

/**
 * Takes an answer that a judge and a person have both judged. Alarms when the judge differs from
 * people more often than in the first hundred; what follows then becomes the reference.
 */
export function watchJudge(before: JudgeState, isDifferent: boolean): JudgeStep {
  const value = isDifferent ? 1 : 0;
  if (before.bound === null) {
    const compared = before.compared + 1;
    const differed = before.differed + value;
    const isSettled = compared >= REFERENCE_ANSWERS;
    const bound = isSettled ? boundOf(differed, compared) : null;
    const detector = bound === null ? before.detector : startDetector(planOf(bound));
    return { state: { ...before, compared, differed, bound, detector }, isAlarm: false, isSettled };
  }
  const step = detectChange(planOf(before.bound), before.detector, value);
  const isAlarm = step.signal === "alarm";
  const later = {
    compared: before.later.compared + 1,
    differed: before.later.differed + value,
  };
  const state = isAlarm ? startJudgeWatch() : { ...before, detector: step.state, later };
  return { state, isAlarm, isSettled: false };
}

function boundOf(differed: number, compared: number): number {
  return Math.min(0.95, exactUpperBound(differed, compared, REFERENCE_FAILURE));
}

function planOf(bound: number): ReturnType<typeof errorDetectorPlan> {
  return errorDetectorPlan(bound, LEVELS);
}
