import { anytimeLowerBound } from "../../statistics/anytime-lower-bound.ts";
import { anytimeUpperBound } from "../../statistics/anytime-upper-bound.ts";
import { formatConfidence, formatCount, formatShare } from "../format-number.ts";
import type { GuaranteeCheck } from "./guarantee-check.ts";
import { measureSettings } from "./tier-settings.ts";
import { PILOT_ROWS } from "./tier-tuning.ts";
import type { TierRow, TierSample } from "./tier-rows.ts";
import { failureProbabilityOf, type TuningGoal } from "./tuning-goal.ts";

/** Whether a promise holds at the thresholds in force of a route of three tiers or more. */
export interface TierGuaranteeCheck extends Omit<GuaranteeCheck, "threshold" | "sample"> {
  /** Of all tiers but the last. */
  readonly thresholds: readonly number[];
  readonly sample: Omit<TierSample, "rows">;
}

/**
 * As `checkGuarantee`, of the loss of all tiers together. The rows that chose the thresholds to test
 * are left out, so that they do not bear witness to their own choice.
 */
export function checkTiers(
  route: string,
  { rows, ...sample }: TierSample,
  goal: TuningGoal,
  thresholds: readonly number[],
): TierGuaranteeCheck {
  const id = thresholds.map(formatConfidence).join(" and ");
  const test = rows.slice(PILOT_ROWS);
  const [measured] = measureSettings([{ id, thresholds }], test, []);
  const [kindly] = measureSettings([{ id, thresholds }], test.map(readKindly), []);
  const { hits = 0, trials = 0, shipShares = [] } = measured ?? {};
  const shipped = Math.round(shipShares.reduce((sum, share) => sum + share, 0) * trials);
  const failureProbability = failureProbabilityOf(goal);
  const isNever = thresholds.every((threshold) => threshold > 1);
  const isJoint = goal.target === "joint";
  const low =
    isNever || !isJoint ? 0 : anytimeLowerBound(kindly?.hits ?? 0, trials, failureProbability);
  const high = isNever
    ? 0
    : isJoint && trials > 0
      ? anytimeUpperBound(hits, trials, failureProbability)
      : 1;
  const verdict = low > goal.atMost ? "broken" : high <= goal.atMost ? "holds" : "not_known";
  const counted = `${formatCount(hits)} wrong of ${formatCount(shipped)} that would ship, ${formatCount(trials)} labelled`;
  const target = `${goal.target} error of at most ${formatShare(goal.atMost)}`;
  const sentence = {
    holds: `Holds at thresholds ${id}: ${target}, and it is below ${formatShare(high)} (${counted}).`,
    broken: `Broken at thresholds ${id}: ${target}, and it is above ${formatShare(low)} (${counted}).`,
    not_known: isJoint
      ? `Not enough evidence at thresholds ${id}: ${target}, and it is between ${formatShare(low)} and ${formatShare(high)} (${counted}).`
      : `Not known: of three tiers or more, only a joint target can be vouched for.`,
  }[verdict];
  return {
    ...{ route, goal, thresholds, verdict, sentence, lowerBound: low, upperBound: high },
    ...{ labelledRows: trials, shippedRows: shipped, wrongRows: hits, sample },
  };
}

/** What nobody could decide was right: only what was found wrong may say that a promise is broken. */
function readKindly(row: TierRow): TierRow {
  const { isWrong, isUndecided = [] } = row;
  return { ...row, isWrong: isWrong.map((is, tier) => is && isUndecided[tier] !== true) };
}
