import { nearMissFloor } from "../ledger/records/near-miss.ts";
import { logBettingEvidence, type BettingState } from "../statistics/betting-wealth.ts";
import { detectChange, startDetector, type DetectorState } from "../statistics/change-detector.ts";
import { errorDetectorPlan } from "../statistics/detector-plans.ts";
import { isLoweringProved, observeLowering, startLowering } from "../statistics/lowering-proof.ts";
import { SUSPICION_LEVEL } from "./error-watch.ts";
import { fadedWeight } from "./is-suspicious.ts";
import { loweringLimit, type StricterBelow } from "./lowering-limit.ts";
import { speaksForNearMisses } from "./near-miss-evidence.ts";
import { relativeWeight, type WatchedVerdict } from "./watched-verdict.ts";

/** What the controller may do about a threshold: move it, say that it would, or nothing. */
export type MovePolicy = "auto" | "alert" | "off";

export interface ControlPlan {
  /** Allowed share of wrong answers among those that ship, between 0 and 1. */
  readonly atMost: number;
  /** Where a looser rung has to keep another limit; absent or null = nowhere. */
  readonly below?: StricterBelow | null;
  /** Confidences that occur, ascending; the last one is above all of them and never ships. */
  readonly rungs: readonly number[];
  /** Share of near misses whose cheap answer is kept to be graded; 0 = none, so nothing is lowered. */
  readonly bandShare: number;
  /**
   * The smallest configured probability with which an answer that ships comes to be graded. Shipped
   * answers and near misses are weighed against each other, so it must be one number for both;
   * absent: each verdict's own.
   */
  readonly leastShare?: number;
  /**
   * How many triages stated what, of all traffic: near misses must be among what is graded as they are
   * in it, since else shipped answers alone would vouch for what would newly ship. Absent: whoever
   * calls grades every near miss that is drawn.
   */
  readonly stated?: readonly StatedCount[];
  readonly raise: MovePolicy;
  readonly lower: MovePolicy;
}

export interface StatedCount {
  readonly confidence: number;
  readonly triages: number;
}

/** Plain JSON, below a kilobyte. */
export interface ControlState {
  /** The one in force. */
  readonly threshold: number;
  readonly detector: DetectorState;
  /** What verdicts of late weighed in it; absent = there was none yet. */
  readonly meanWeight?: number;
  /** What speaks for `nextLooser`. */
  readonly lowering: BettingState;
  /** The rung that the evidence is about; null = there is none that could be proved. */
  readonly nextLooser: number | null;
  /** The limit that the evidence is held against; absent = the plan's, as in earlier releases. */
  readonly loweringAtMost?: number;
  /** Lowerings that were proved so far, applied or only told: each next one needs more. */
  readonly lowerings: number;
  /** The present proof was told and not applied; not to be told again. */
  readonly isTold: boolean;
  readonly requestsSinceMove: number;
  readonly requestsSinceRestart: number;
  /** Of answers that ship now. */
  readonly gradedSinceMove: number;
  readonly wrongSinceMove: number;
  /** Of answers that would ship at `nextLooser`. */
  readonly gradedForLowering: number;
  /** Of these, by 1/propensity, all and those that did not ship. */
  readonly weightForLowering: number;
  readonly nearMissWeight: number;
}

export type ControlEvent =
  | { readonly kind: "verdict"; readonly verdict: WatchedVerdict }
  /** Requests that came in, graded or not. */
  | { readonly kind: "requests"; readonly count: number };

/** A step to another rung, with what speaks for it. */
export interface ThresholdMove {
  readonly direction: "raise" | "lower";
  readonly from: number;
  readonly to: number;
  /** False: only to be told. */
  readonly isApplied: boolean;
  readonly evidence: Readonly<Record<string, number>>;
}

export interface ControlStep {
  readonly state: ControlState;
  readonly move: ThresholdMove | null;
}

/** Raising on a false alarm costs money, no quality: at least so many graded answers apart. */
export const CONTROL_LEVEL = 2_000;
/** A threshold that was moved stays for so many requests before it may be lowered. */
export const DWELL_REQUESTS = 10_000;
/** Under drift an old proof says only that the rate was fine, so it starts anew after so many. */
export const EVIDENCE_REQUESTS = 120_000;

export function startControl(plan: ControlPlan, threshold: number): ControlState {
  return afterMove(plan, threshold, 0);
}

/**
 * One step of the controller: up one rung on an alarm, down one only by proof. It never moves below
 * the threshold it began with by anything but a proof, and no verdict on an answer that did not ship,
 * or could not have been drawn for grading, speaks for lowering.
 */
export function controlThreshold(
  plan: ControlPlan,
  before: ControlState,
  event: ControlEvent,
): ControlStep {
  const state = forPresentRungs(plan, before);
  if (event.kind === "requests") return lowered(plan, passed(plan, state, event.count));
  const { verdict } = event;
  const { alarm, state: observed } = observeShipped(plan, state, verdict);
  if (alarm !== null) return raised(plan, observed, alarm);
  return lowered(plan, observeLooser(plan, observed, verdict));
}

/** The rung above what ships now, so that the least confident answers of today ship no more. */
export function nextStricter(
  { rungs }: Pick<ControlPlan, "rungs">,
  threshold: number,
): number | null {
  const top = rungs.at(-1);
  const least = rungs.find((rung) => rung >= threshold);
  if (top === undefined || threshold >= top) return null;
  return rungs.find((rung) => rung > (least ?? threshold)) ?? top;
}

/**
 * The next rung below; null when near misses do not reach down to it: what nobody could have graded
 * cannot be vouched for.
 */
export function nextLooserRung(
  { rungs, bandShare }: Pick<ControlPlan, "rungs" | "bandShare">,
  threshold: number,
): number | null {
  const next = rungs.findLast((rung) => rung < threshold) ?? null;
  return next === null || bandShare <= 0 || next < nearMissFloor(threshold) ? null : next;
}

/** ln(1/δ) that the next lowering needs. */
export function loweringEvidenceNeeded({ lowerings }: Pick<ControlState, "lowerings">): number {
  return Math.log(((lowerings + 1) * (lowerings + 2)) / LOWERING_FAILURE);
}

/** As in `lowering-proof.ts`: chance that any lowering of all there will ever be is unsafe. */
const LOWERING_FAILURE = 0.05;

function observeShipped(
  { atMost }: ControlPlan,
  state: ControlState,
  verdict: WatchedVerdict,
): { readonly state: ControlState; readonly alarm: number | null } {
  const { isWrong, decision, confidence } = verdict;
  if (isWrong === null || decision !== "shipped" || confidence < state.threshold) {
    return { state, alarm: null };
  }
  const plan = errorDetectorPlan(atMost, {
    alarmLevel: CONTROL_LEVEL,
    warnLevel: SUSPICION_LEVEL,
  });
  const value = isWrong ? 1 : 0;
  const weight = relativeWeight(verdict);
  const step = detectChange(plan, state.detector, value, weight);
  const next = {
    ...state,
    detector: step.state,
    meanWeight: fadedWeight(state.meanWeight, weight),
    gradedSinceMove: state.gradedSinceMove + 1,
    wrongSinceMove: state.wrongSinceMove + value,
  };
  return { state: next, alarm: step.signal === "alarm" ? step.total : null };
}

/** Answers that nobody could judge count as wrong, as they do in every promise. */
function observeLooser(
  { bandShare, leastShare, ...limits }: ControlPlan,
  state: ControlState,
  { isWrong, confidence, threshold, propensity, leastPropensity }: WatchedVerdict,
): ControlState {
  const { nextLooser } = state;
  if (nextLooser === null || confidence < nextLooser) return state;
  // At that time fewer near misses were drawn, none of them down to the rung: what was says nothing.
  if (nextLooser < nearMissFloor(threshold)) return state;
  const least = Math.min(leastShare ?? leastPropensity, bandShare, propensity);
  const atMost = loweringLimit(limits, nextLooser);
  const plan = { atMost, nth: state.lowerings + 1, largestWeight: 1 / least };
  const label = { isWrong: isWrong ?? true, propensity };
  const weight = 1 / propensity;
  return {
    ...state,
    lowering: observeLowering(plan, state.lowering, label),
    gradedForLowering: state.gradedForLowering + 1,
    weightForLowering: state.weightForLowering + weight,
    nearMissWeight: state.nearMissWeight + (confidence < state.threshold ? weight : 0),
  };
}

function passed(plan: ControlPlan, state: ControlState, count: number): ControlState {
  const requestsSinceMove = state.requestsSinceMove + count;
  const requestsSinceRestart = state.requestsSinceRestart + count;
  if (requestsSinceRestart < EVIDENCE_REQUESTS) {
    return { ...state, requestsSinceMove, requestsSinceRestart };
  }
  return { ...restarted(plan, state), requestsSinceMove };
}

function raised(plan: ControlPlan, state: ControlState, total: number): ControlStep {
  const to = plan.raise === "off" ? null : nextStricter(plan, state.threshold);
  if (to === null) return { state, move: null };
  const isApplied = plan.raise === "auto";
  const { threshold: from, gradedSinceMove: graded, wrongSinceMove: wrong } = state;
  const evidence = { atMost: plan.atMost, total, alarmLevel: CONTROL_LEVEL, graded, wrong };
  return {
    state: isApplied ? afterMove(plan, to, state.lowerings) : state,
    move: { direction: "raise", from, to, isApplied, evidence },
  };
}

function lowered(plan: ControlPlan, state: ControlState): ControlStep {
  const { nextLooser: to, threshold: from, isTold } = state;
  const isDue = plan.lower !== "off" && state.requestsSinceMove >= DWELL_REQUESTS;
  if (to === null || !isDue || isTold) return { state, move: null };
  const nth = state.lowerings + 1;
  const atMost = loweringLimit(plan, to);
  // How much an answer weighs does not matter for what has been reached already.
  if (!isLoweringProved({ atMost, nth, largestWeight: 1 }, state.lowering)) {
    return { state, move: null };
  }
  if (!speaksForNearMisses(plan, state, to)) return { state, move: null };
  const isApplied = plan.lower === "auto";
  const evidence = {
    atMost,
    nth,
    failureProbability: LOWERING_FAILURE / (nth * (nth + 1)),
    logEvidence: logBettingEvidence(state.lowering),
    graded: state.gradedForLowering,
  };
  return {
    state: isApplied ? afterMove(plan, to, nth) : { ...state, lowerings: nth, isTold: true },
    move: { direction: "lower", from, to, isApplied, evidence },
  };
}

/** Rungs follow from traffic alone; where the next one is another, what was gathered is not for it. */
function forPresentRungs(plan: ControlPlan, state: ControlState): ControlState {
  const { nextLooser, loweringAtMost = plan.atMost } = state;
  const isSame = nextLooserRung(plan, state.threshold) === nextLooser;
  const isSameLimit = loweringLimit(plan, nextLooser) === loweringAtMost;
  return isSame && isSameLimit ? state : restarted(plan, state);
}

function restarted(plan: ControlPlan, state: ControlState): ControlState {
  return { ...state, ...noEvidence(plan, state.threshold) };
}

function afterMove(plan: ControlPlan, threshold: number, lowerings: number): ControlState {
  return {
    threshold,
    detector: startDetector(errorDetectorPlan(plan.atMost)),
    lowerings,
    requestsSinceMove: 0,
    gradedSinceMove: 0,
    wrongSinceMove: 0,
    ...noEvidence(plan, threshold),
  };
}

type LoweringEvidence = Pick<
  ControlState,
  | ("lowering" | "nextLooser" | "loweringAtMost" | "isTold" | "requestsSinceRestart")
  | ("gradedForLowering" | "weightForLowering" | "nearMissWeight")
>;

/** What speaks for the next looser rung, at its beginning. */
function noEvidence(plan: ControlPlan, threshold: number): LoweringEvidence {
  const nextLooser = nextLooserRung(plan, threshold);
  return {
    lowering: startLowering(),
    nextLooser,
    loweringAtMost: loweringLimit(plan, nextLooser),
    isTold: false,
    requestsSinceRestart: 0,
    gradedForLowering: 0,
    weightForLowering: 0,
    nearMissWeight: 0,
  };
}
