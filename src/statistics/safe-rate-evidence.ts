import { logBetaPower, logIncompleteBeta } from "./incomplete-beta.ts";
import { requireCounts, requireShare } from "./statistics-argument.ts";

/**
 * Natural logarithm of an e-value against "the rate is at least `atMost`": evidence that the rate
 * is below. It is safe when this reaches ln(1/failureProbability), however often one has looked; the
 * order of the trials does not matter, so counts can be added up.
 *
 * The likelihood of rates from 0 to `atMost`, all weighted alike, against that of `atMost`. Needs
 * independent trials; duplicated and weighted rows break it.
 *
 * Method of mixtures for betting on a bounded mean: I. Waudby-Smith and A. Ramdas, "Estimating means
 * of bounded random variables by betting" (2020), arXiv 2010.09686.
 *
 * @param hits whole number from 0 to `trials`
 * @param atMost 0–1. Nothing is evidence for a rate below 0; any miss proves a rate below 1
 */
export function logSafeRateEvidence(hits: number, trials: number, atMost: number): number {
  requireCounts(hits, trials);
  requireShare("atMost", atMost);
  if (atMost === 0) return -Math.log(hits + 1);
  if (atMost === 1) return hits < trials ? Infinity : -Math.log(trials + 1);
  const [a, b] = [hits + 1, trials - hits + 1];
  const { logLower } = logIncompleteBeta(atMost, a, b);
  return logLower - logBetaPower(atMost, a, b) + Math.log1p(-atMost);
}
