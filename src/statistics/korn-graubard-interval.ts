import { exactInterval } from "./exact-interval.ts";
import type { SampledGroup } from "./sampled-group.ts";
import { effectiveCounts, momentsOf, weightedShareOf } from "./weighted-moments.ts";
import type { ShareInterval } from "./wilson-interval.ts";

/** A share of all traffic with an interval, and the plain sample it is worth. */
export interface WeightedShareInterval {
  /** Hájek's estimate, 0–1. */
  readonly share: number;
  readonly interval: ShareInterval;
  readonly effectiveTrials: number;
}

/**
 * Exact binomial interval with the effective number of rows in the place of their number (Korn and
 * Graubard). Covers 97–99 % at a hundred grades, where share ± 2 standard errors covers about 90 %.
 * Still an approximation: it is for reports. A guarantee from weighted grades needs a bound that
 * holds for every sample.
 *
 * The effective size is that of the variance, at most the number of rows; without a hit (or with
 * nothing but hits), where the variance says nothing, Kish's.
 *
 * E. L. Korn and B. I. Graubard, "Confidence Intervals for Proportions With Small Expected Number of
 * Positive Counts Estimated From Survey Data", Survey Methodology 24 (1998), 193–201.
 *
 * @param failureProbability of both ends together
 * @returns null without a drawn row
 */
export function kornGraubardInterval(
  groups: readonly SampledGroup[],
  failureProbability = 0.05,
): WeightedShareInterval | null {
  const moments = momentsOf(groups);
  if (moments.trials === 0) return null;
  const { hits, trials } = effectiveCounts(moments);
  return {
    share: weightedShareOf(moments).share,
    interval: exactInterval(hits, trials, failureProbability),
    effectiveTrials: trials,
  };
}
