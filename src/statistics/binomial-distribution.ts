import { logBetaPower, logIncompleteBeta } from "./incomplete-beta.ts";
import { requireCounts, requireShare } from "./statistics-argument.ts";

/**
 * P(X ≤ hits) for X ~ Binomial(trials, share), with relative precision also where it is tiny.
 *
 * @param hits whole number from 0 to `trials`
 * @param share 0–1
 */
export function binomialCdf(hits: number, trials: number, share: number): number {
  return Math.exp(logBinomialCdf(hits, trials, share));
}

/** ln P(X ≤ hits); −Infinity when it cannot happen. */
export function logBinomialCdf(hits: number, trials: number, share: number): number {
  requireCounts(hits, trials);
  requireShare("share", share);
  if (hits === trials) return 0;
  return logIncompleteBeta(share, hits + 1, trials - hits).logUpper;
}

/** P(X ≥ hits), with relative precision also where it is tiny. */
export function binomialUpperTail(hits: number, trials: number, share: number): number {
  requireCounts(hits, trials);
  requireShare("share", share);
  if (hits === 0) return 1;
  return Math.exp(logIncompleteBeta(share, hits, trials - hits + 1).logLower);
}

/** P(X = hits) */
export function binomialProbability(hits: number, trials: number, share: number): number {
  return Math.exp(logBinomialProbability(hits, trials, share));
}

/** ln P(X = hits); −Infinity when it cannot happen. */
export function logBinomialProbability(hits: number, trials: number, share: number): number {
  requireCounts(hits, trials);
  requireShare("share", share);
  if (share === 0) return hits === 0 ? 0 : -Infinity;
  if (share === 1) return hits === trials ? 0 : -Infinity;
  if (hits === 0) return trials * Math.log1p(-share);
  if (hits === trials) return trials * Math.log(share);
  const misses = trials - hits;
  // Γ(n+1)/(Γ(k+1)Γ(n−k+1)) = n/(k(n−k)) / B(k, n−k)
  return logBetaPower(share, hits, misses) + Math.log(trials / hits / misses);
}
