import { logBettingEvidence, observeBet, type BettingState } from "../statistics/betting-wealth.ts";
import {
  detectChange,
  startDetector,
  type DetectorPlan,
  type DetectorState,
} from "../statistics/change-detector.ts";
import { errorDetectorPlan } from "../statistics/detector-plans.ts";
import {
  isViolationProved,
  observeViolation,
  startViolationProof,
  type ViolationState,
} from "../statistics/violation-proof.ts";

/** False alarms of what calls a person are at least so many graded answers apart, on average. */
export const PAGER_LEVEL = 5_000;
/** From this sum on grading is made denser: above where the detector rests at .6 of what is allowed. */
export const SUSPICION_LEVEL = 60;

/** Chance that "proved" is ever said of a rate that has kept its limit. */
const PROOF_FAILURE = 0.05;
/** An alarm is over when it is proved so, with this chance of being wrong. */
const RECOVERY_FAILURE = 0.05;

/** Watches whether more of what ships is wrong than is allowed. Plain JSON, below 500 bytes. */
export interface ErrorState {
  readonly detector: DetectorState;
  readonly proof: ViolationState;
  /** Once proved, for good: it was exceeded at some time. */
  readonly isProved: boolean;
  readonly graded: number;
  readonly wrong: number;
}

export interface ErrorStep {
  readonly state: ErrorState;
  /** What was held against the alarm level. */
  readonly total: number;
  readonly isAlarm: boolean;
}

export function startErrorWatch(atMost: number): ErrorState {
  const plan = planOf(atMost);
  return {
    detector: startDetector(plan),
    proof: startViolationProof(plan),
    isProved: false,
    graded: 0,
    wrong: 0,
  };
}

/**
 * Takes the verdict on an answer that shipped. Alarms are at least `alarmLevel` verdicts apart on
 * average while the rate keeps to its limit; `isProved` is ever wrong with at most 5 %.
 *
 * @param atMost allowed share of wrong answers among those that ship, between 0 and 1
 * @param weight see `relativeWeight`
 */
export function watchError(
  atMost: number,
  state: ErrorState,
  { isWrong, weight }: { readonly isWrong: boolean; readonly weight: number },
  alarmLevel: number = PAGER_LEVEL,
): ErrorStep {
  const plan = planOf(atMost, alarmLevel);
  const value = isWrong ? 1 : 0;
  const step = detectChange(plan, state.detector, value, weight);
  const proof = observeViolation(plan, state.proof, value, weight);
  return {
    state: {
      detector: step.state,
      proof,
      isProved: state.isProved || isViolationProved(proof, PROOF_FAILURE),
      graded: state.graded + 1,
      wrong: state.wrong + value,
    },
    total: step.total,
    isAlarm: step.signal === "alarm",
  };
}

/**
 * Takes a verdict into what speaks for an alarm being over.
 *
 * @returns null once it is proved that no more than `atMost` is wrong
 */
export function watchRecovery(
  atMost: number,
  before: BettingState,
  { isWrong, weight }: { readonly isWrong: boolean; readonly weight: number },
): BettingState | null {
  const claim = { claim: "at_least", mean: atMost, largestWeight: 1 } as const;
  const next = observeBet(before, claim, { value: isWrong ? 1 : 0, weight });
  return logBettingEvidence(next) >= -Math.log(RECOVERY_FAILURE) ? null : next;
}

/** The sum that is held against the levels. */
export function detectorTotal({ masses }: DetectorState): number {
  return masses.reduce((sum, mass) => sum + mass, 0);
}

function planOf(atMost: number, alarmLevel: number = PAGER_LEVEL): DetectorPlan {
  return errorDetectorPlan(atMost, { alarmLevel, warnLevel: SUSPICION_LEVEL });
}
