import { exactLowerBound, exactUpperBound } from "./exact-binomial-bound.ts";
import type { ShareInterval } from "./wilson-interval.ts";

/**
 * Exact two-sided interval (Clopper and Pearson) for the share behind `hits` of `trials`: each end
 * fails with at most half of `failureProbability`. Assumptions and source as in
 * [exact-binomial-bound.ts](exact-binomial-bound.ts).
 *
 * @param hits 0 to `trials`; both may be fractional, for effective counts of weighted samples
 * @param trials with 0 nothing is known and the interval is 0–1
 * @param failureProbability of both ends together
 */
export function exactInterval(
  hits: number,
  trials: number,
  failureProbability = 0.05,
): ShareInterval {
  return {
    low: exactLowerBound(hits, trials, failureProbability / 2),
    high: exactUpperBound(hits, trials, failureProbability / 2),
  };
}
