import { logBetaPower, logIncompleteBeta } from "./incomplete-beta.ts";
import { requireCounts, requireShare } from "./statistics-argument.ts";

/**
 * Natural logarithm of an e-value against "the rate is at most `atMost`": evidence that a promised
 * rate is violated, by the likelihood of all rates from `atMost` to 1. The mirror of
 * `logSafeRateEvidence`, with its assumptions and source. The two can be looked at side by side, each
 * at its own failure probability.
 *
 * @param hits whole number from 0 to `trials`
 * @param atMost 0–1. Any hit violates a rate of 0; nothing violates a rate of 1
 */
export function logViolatedRateEvidence(hits: number, trials: number, atMost: number): number {
  requireCounts(hits, trials);
  requireShare("atMost", atMost);
  if (atMost === 1) return -Math.log(trials - hits + 1);
  if (atMost === 0) return hits > 0 ? Infinity : -Math.log(trials + 1);
  const [a, b] = [hits + 1, trials - hits + 1];
  const { logUpper } = logIncompleteBeta(atMost, a, b);
  return logUpper - logBetaPower(atMost, a, b) + Math.log(atMost);
}
