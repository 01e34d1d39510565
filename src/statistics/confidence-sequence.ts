import { findRoot } from "./find-root.ts";
import { logBeta } from "./log-gamma.ts";
import { requireCounts, requireOpenShare } from "./statistics-argument.ts";
import type { ShareInterval } from "./wilson-interval.ts";

/** The prior of the mixture, Beta(½, ½): flat on the scale on which shares spread alike. */
const PRIOR = 0.5;

/**
 * Two-sided interval for a share that holds at all looks at once: with probability
 * 1 − `failureProbability` no interval of the whole sequence misses the true share. For numbers on a
 * screen that is looked at every day. Needs independent trials of one share.
 *
 * Beta-binomial mixture: H. Robbins, "Statistical Methods Related to the Law of the Iterated
 * Logarithm", Annals of Mathematical Statistics 41 (1970), 1397–1409; S. R. Howard, A. Ramdas, J.
 * McAuliffe and J. Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences" (2018),
 * arXiv 1810.08240.
 *
 * @param hits whole number from 0 to `trials`
 * @param trials with 0 the interval is 0–1
 */
export function confidenceSequence(
  hits: number,
  trials: number,
  failureProbability: number,
): ShareInterval {
  requireCounts(hits, trials);
  requireOpenShare("failureProbability", failureProbability);
  if (trials === 0) return { low: 0, high: 1 };
  const misses = trials - hits;
  const mixture =
    logBeta(PRIOR + hits, PRIOR + misses) - logBeta(PRIOR, PRIOR) + Math.log(failureProbability);
  const logExcess = (share: number): number => {
    const logLikelihood =
      (hits > 0 ? hits * Math.log(share) : 0) + (misses > 0 ? misses * Math.log1p(-share) : 0);
    return mixture - logLikelihood;
  };
  const share = hits / trials;
  return {
    low: hits === 0 ? 0 : findRoot(logExcess, 0, share),
    high: hits === trials ? 1 : findRoot(logExcess, share, 1),
  };
}
