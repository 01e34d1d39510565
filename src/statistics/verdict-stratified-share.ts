import { combinedShareInterval } from "./combined-share-interval.ts";
import { NORMAL_DEVIATE_95 } from "./normal-interval.ts";
import { normalQuantile } from "./normal-quantile.ts";
import { requireCounts } from "./statistics-argument.ts";
import type { ShareInterval } from "./wilson-interval.ts";

/** What a judge said of all answers, and what humans found in a random part of each verdict. */
export interface VerdictStrata {
  readonly judged: number;
  readonly judgedWrong: number;
  /** Of those judged wrong: how many humans checked, how many they found wrong. */
  readonly checkedWrong: { readonly trials: number; readonly hits: number };
  /** Of those judged right: how many humans checked, how many they found wrong. */
  readonly checkedRight: { readonly trials: number; readonly hits: number };
}

/** A share of wrong answers with an interval. */
export interface CorrectedShare {
  /** 0–1. */
  readonly share: number;
  readonly interval: ShareInterval;
}

/**
 * Share of wrong answers behind a judge, corrected by human checks in each of its verdicts: q × (wrong
 * among judged wrong) + (1 - q) × (wrong among judged right). The default: assumes nothing about the
 * judge, and gets from few checks what other corrections need several times as many for.
 *
 * The interval puts Wilson's intervals of both parts together with the uncertainty of q, as
 * `combinedShareInterval` does. Breaks when humans check what looks odd instead of a random part.
 *
 * Double sampling: A. Tenenbein, "A Double Sampling Scheme for Estimating from Binomial Data with
 * Misclassifications", JASA 65 (1970), 1350–1361.
 *
 * @param failureProbability of both ends of the interval together, about
 * @returns null without judged answers, or when a verdict that occurs was never checked
 */
export function verdictStratifiedShare(
  strata: VerdictStrata,
  failureProbability = 0.05,
): CorrectedShare | null {
  const { judged, judgedWrong, checkedWrong, checkedRight } = strata;
  requireCounts(judgedWrong, judged);
  requireCounts(checkedWrong.hits, checkedWrong.trials);
  requireCounts(checkedRight.hits, checkedRight.trials);
  const isUnchecked =
    (judgedWrong > 0 && checkedWrong.trials === 0) ||
    (judgedWrong < judged && checkedRight.trials === 0);
  if (judged === 0 || isUnchecked) return null;

  const q = judgedWrong / judged;
  const parts = [
    { weight: q, ...checkedWrong },
    { weight: 1 - q, ...checkedRight },
  ];
  const deviate =
    failureProbability === 0.05 ? NORMAL_DEVIATE_95 : normalQuantile(1 - failureProbability / 2);
  const reachOfVerdicts = deviate * Math.sqrt((q * (1 - q)) / judged);
  const difference = shareOf(checkedWrong) - shareOf(checkedRight);
  return combinedShareInterval(parts, reachOfVerdicts * difference, deviate);
}

function shareOf({ trials, hits }: { readonly trials: number; readonly hits: number }): number {
  return trials === 0 ? 0 : hits / trials;
}
