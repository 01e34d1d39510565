import { anytimeLowerBound } from "../../statistics/anytime-lower-bound.ts";
import { anytimeUpperBound } from "../../statistics/anytime-upper-bound.ts";
import { pooledLowerBound } from "../../statistics/pooled-rate.ts";
import { relativeLossBound } from "../../statistics/relative-accuracy.ts";
import { formatConfidence, formatCount, formatShare } from "../format-number.ts";
import { askEvidence, type TuningEvidence } from "./ask-evidence.ts";
import { shippingEffects, upperBoundOf } from "./certify-sample.ts";
import type { ThresholdEvidence } from "./threshold-evidence.ts";
import { failureProbabilityOf, type TuningGoal } from "./tuning-goal.ts";
import type { TuningSample } from "./tuning-sample.ts";
import { waitingSentence } from "./tuning-sentences.ts";

/** Whether a promise holds at the threshold in force. */
export interface GuaranteeCheck {
  readonly route: string;
  readonly goal: TuningGoal;
  /** In force; above 1 nothing ships. */
  readonly threshold: number;
  readonly verdict: "holds" | "broken" | "not_known";
  readonly sentence: string;
  /** Labelled rows, those that would ship, and the wrong ones among these. */
  readonly labelledRows: number;
  readonly shippedRows: number;
  readonly wrongRows: number;
  /** One-sided bounds of the promised rate, each at the goal's confidence, 0–1. */
  readonly lowerBound: number;
  readonly upperBound: number;
  readonly sample: Omit<TuningSample, "cells" | "stated">;
}

/**
 * Holds the present evidence against the goal at one threshold. Both verdicts may be asked for every
 * day: over all days together, `broken` is said of a promise that is kept with at most the goal's
 * failure probability, and `holds` of one that is broken likewise.
 */
export function checkGuarantee(
  route: string,
  evidence: TuningEvidence,
  goal: TuningGoal,
  threshold: number,
): GuaranteeCheck {
  const question = askEvidence(evidence, goal, failureProbabilityOf(goal));
  const { cells: _cells, stated: _stated, ...sample } = question.sample;
  const found = question.at(threshold);
  const { rows, shipped, wrong } = found;
  const isTested = found.cells.length > 0;
  const { low, high } =
    threshold > 1
      ? { low: 0, high: 0 }
      : isTested
        ? boundsOf(found, question.atKindly(threshold), goal, question.failureProbability)
        : { low: 0, high: 1 };
  const verdict = low > goal.atMost ? "broken" : high <= goal.atMost ? "holds" : "not_known";
  const at = `at threshold ${formatConfidence(threshold)}`;
  const counted = `${formatCount(wrong)} wrong of ${formatCount(shipped)} that would ship, ${formatCount(rows)} labelled`;
  const target = `${goal.target} error of at most ${formatShare(goal.atMost)}`;
  const isWaiting = !isTested && question.sample.cells.length > 0;
  const sentence = {
    holds:
      threshold > 1
        ? "Holds: nothing ships, so nothing can ship wrong."
        : `Holds ${at}: ${target}, and it is below ${formatShare(high)} (${counted}).`,
    broken: `Broken ${at}: ${target}, and it is above ${formatShare(low)} (${counted}).`,
    not_known: isWaiting
      ? `Not enough evidence ${at}: not all items that would ship are graded.`
      : `Not enough evidence ${at}: ${target}, and it is between ${formatShare(low)} and ${formatShare(high)} (${counted}).${waitingSentence(found.waitingRows)}`,
  }[verdict];
  return {
    ...{ route, goal, threshold, verdict, sentence },
    ...{ labelledRows: rows, shippedRows: shipped, wrongRows: wrong },
    ...{ lowerBound: low, upperBound: high, sample },
  };
}

/** @param kindly the same rows with the undecided ones read kindly: only these may say "broken" */
function boundsOf(
  found: ThresholdEvidence,
  kindly: ThresholdEvidence,
  goal: TuningGoal,
  failureProbability: number,
): { readonly low: number; readonly high: number } {
  if (goal.target !== "relative") {
    return {
      low: pooledLowerBound(kindly.samples, failureProbability),
      high: upperBoundOf(found, goal, failureProbability),
    };
  }
  const effects = shippingEffects(found.cells, found.threshold);
  const kind = shippingEffects(kindly.cells, found.threshold);
  const { rows } = found;
  // What is lost of all rows is never more than what is lost of those that the deep model gets
  // right, so this errs on the quiet side; the two bounds share the failure probability.
  const harm = anytimeLowerBound(kind.harmed, rows, failureProbability / 2);
  const help = rows === 0 ? 1 : anytimeUpperBound(kind.helped, rows, failureProbability / 2);
  return { low: Math.max(0, harm - help), high: relativeLossBound(effects, failureProbability) };
}
