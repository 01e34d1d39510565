import {
  logBettingEvidence,
  observeBet,
  startBetting,
  type BettingState,
  type MeanClaim,
} from "./betting-wealth.ts";
import { requireArgument, requireOpenShare } from "./statistics-argument.ts";

/** The one lowering of a threshold that is to be proved safe. Fixed before its first label. */
export interface LoweringPlan {
  /** Allowed share of wrong answers among those that ship, between 0 and 1. */
  readonly atMost: number;
  /** Which lowering of this route it would be, counted from 1; later ones need more proof. */
  readonly nth: number;
  /** 1 divided by the smallest propensity of being graded. */
  readonly largestWeight: number;
}

/** One answer that would ship at the next looser threshold, with its grade. */
export interface GradedAnswer {
  readonly isWrong: boolean;
  /** Probability with which this answer was drawn for grading; above 0. */
  readonly propensity: number;
}

/** Room below the target, so that what is proved stays true for small changes. */
const MARGIN = 0.95;
/** Chance that any lowering, of all there will ever be, is unsafe. */
const FAILURE_PROBABILITY = 0.05;

export function startLowering(): BettingState {
  return startBetting();
}

/**
 * Takes a graded answer into the proof that the next looser threshold still keeps the target.
 * Answers that shipped and answers between the two thresholds both count, each by its propensity.
 * The evidence starts anew at each move; start it anew from time to time as well, since under drift
 * an old proof says only that the rate was fine.
 *
 * Method and assumptions of `observeBet`.
 */
export function observeLowering(
  plan: LoweringPlan,
  state: BettingState,
  { isWrong, propensity }: GradedAnswer,
): BettingState {
  const isFine = propensity > 0 && propensity <= 1;
  if (!isFine) requireArgument(false, "a propensity above 0, at most 1", { propensity });
  return observeBet(state, claimOf(plan), { value: isWrong ? 1 : 0, weight: 1 / propensity });
}

/**
 * Whether the lowering is proved safe. The k-th lowering spends .05/(k(k+1)) of failure probability,
 * so all of them together keep to 5 %.
 */
export function isLoweringProved(plan: LoweringPlan, state: BettingState): boolean {
  const isFine = Number.isSafeInteger(plan.nth) && plan.nth >= 1;
  requireArgument(isFine, "the number of the lowering, from 1", { nth: plan.nth });
  const failureProbability = FAILURE_PROBABILITY / (plan.nth * (plan.nth + 1));
  return logBettingEvidence(state) >= -Math.log(failureProbability);
}

function claimOf({ atMost, largestWeight }: LoweringPlan): MeanClaim {
  requireOpenShare("atMost", atMost);
  return { claim: "at_least", mean: MARGIN * atMost, largestWeight };
}
