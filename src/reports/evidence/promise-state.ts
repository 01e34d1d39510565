import { labelsNeeded } from "../../statistics/labels-needed.ts";
import { MIN_OBSERVATIONS } from "../observed-share.ts";
import type { EffectiveSample } from "./estimate-wrong-share.ts";
import type { PromisedRate } from "./promised-rate.ts";

/** What a promise says: at most this share, and how often the promise may fail. */
export interface Promised {
  /** 0–1. */
  readonly atMost: number;
  readonly failureProbability: number;
}

/** Whether a rate keeps a promise. One look: for a certificate see `leadsman tune`. */
export interface PromiseState {
  readonly state: "holds" | "broken" | "not_known_yet";
  /** About so many more graded items decide it; null when decided or when there is no number. */
  readonly moreGrades: number | null;
  /** Not known yet, and judging by the grades so far more of them would not show that it holds. */
  readonly isUnlikely: boolean;
}

/** Holds a rate against a promise, with the grades that are missing for an answer. */
export function promiseState(rate: PromisedRate, promised: Promised): PromiseState {
  const { upperBound, lowerBound, graded, effective, target } = rate;
  const { atMost } = promised;
  const decided = { moreGrades: null, isUnlikely: false };
  if (upperBound !== null && upperBound <= atMost) return { state: "holds", ...decided };
  if (lowerBound !== null && lowerBound > atMost) return { state: "broken", ...decided };
  // How many pairs a relative target takes hangs on how often the models part, which is another
  // question than how often one of them is wrong.
  if (target === "relative") return { state: "not_known_yet", moreGrades: null, isUnlikely: false };
  const inAll = gradesInAll(effective, graded, promised);
  return {
    state: "not_known_yet",
    moreGrades: inAll === null ? null : Math.max(1, inAll - graded),
    isUnlikely: inAll === null,
  };
}

/**
 * Grades in all that most likely show that a promise holds, drawn as those there are; null when no
 * number is in sight. A plan in plain rows first: one drawn row of a sample with unequal chances is
 * worth less (or more) than a plain one, and that ratio is taken to stay.
 */
export function gradesInAll(
  { trials, hits }: EffectiveSample,
  graded: number,
  { atMost, failureProbability }: Promised,
): number | null {
  const plain = Math.round(trials);
  const needed = labelsNeeded(Math.min(plain, Math.round(hits)), plain, atMost, failureProbability);
  const isEarly = graded < MIN_OBSERVATIONS;
  const inAll = {
    reachable: "fixedPlanTrials" in needed ? needed.fixedPlanTrials : null,
    too_early: needed.zeroErrorTrials,
    unreachable: isEarly ? plain + MIN_OBSERVATIONS - graded : null,
  }[needed.outlook];
  if (inAll === null) return null;
  const gradesPerRow = trials > 0 ? graded / trials : 1;
  return Math.max(MIN_OBSERVATIONS, Math.ceil(Math.max(inAll, plain) * gradesPerRow));
}
