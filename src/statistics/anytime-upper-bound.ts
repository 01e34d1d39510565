import { findRoot } from "./find-root.ts";
import { logSafeRateEvidence } from "./safe-rate-evidence.ts";
import { requireCounts, requireOpenShare } from "./statistics-argument.ts";

/**
 * Upper bound for a rate that holds at all looks at once: with probability 1 − `failureProbability`
 * it is never below the true rate, however often it is asked for as trials arrive. The price is a
 * bound somewhat above `exactUpperBound`. It is the smallest rate that `logSafeRateEvidence` speaks
 * against, with its assumptions and source.
 *
 * @param hits whole number from 0 to `trials`
 * @param trials with 0 the bound is 1
 */
export function anytimeUpperBound(
  hits: number,
  trials: number,
  failureProbability: number,
): number {
  requireCounts(hits, trials);
  requireOpenShare("failureProbability", failureProbability);
  if (hits === trials) return 1;
  const wanted = -Math.log(failureProbability);
  return findRoot((rate) => logSafeRateEvidence(hits, trials, rate) - wanted, hits / trials, 1);
}
