import { findRoot } from "./find-root.ts";
import { requireCounts, requireOpenShare } from "./statistics-argument.ts";
import { logViolatedRateEvidence } from "./violated-rate-evidence.ts";

/**
 * Lower bound for a rate that holds at all looks at once: with probability 1 − `failureProbability`
 * it is never above the true rate, however often it is asked for as trials arrive. So "the rate is
 * above what was promised" may be asked every day. The mirror of `anytimeUpperBound`: the largest
 * rate that `logViolatedRateEvidence` speaks against, with its assumptions and source.
 *
 * @param hits whole number from 0 to `trials`; with 0 the bound is 0
 */
export function anytimeLowerBound(
  hits: number,
  trials: number,
  failureProbability: number,
): number {
  requireCounts(hits, trials);
  requireOpenShare("failureProbability", failureProbability);
  if (hits === 0) return 0;
  const wanted = -Math.log(failureProbability);
  return findRoot((rate) => logViolatedRateEvidence(hits, trials, rate) - wanted, 0, hits / trials);
}
