import { findRoot } from "./find-root.ts";
import { logIncompleteBeta } from "./incomplete-beta.ts";
import { requireArgument, requireOpenShare } from "./statistics-argument.ts";

/**
 * Upper bound for the share behind `hits` of `trials`: the largest share under which so few hits
 * still have probability `failureProbability`. Below the true share with at most that probability,
 * for any share and any number of trials.
 *
 * Needs independent trials of one share, counted once: looking again as they arrive, repeated or
 * duplicated rows, and weighted rows all break it.
 *
 * C. J. Clopper and E. S. Pearson, "The Use of Confidence or Fiducial Limits Illustrated in the Case
 * of the Binomial", Biometrika 26 (1934), 404–413.
 *
 * @param hits 0 to `trials`; both may be fractional, for effective counts of weighted samples
 * @param trials with 0 nothing is known and the bound is 1
 * @param failureProbability one-sided, between 0 and 1
 */
export function exactUpperBound(hits: number, trials: number, failureProbability: number): number {
  requireBoundArguments(hits, trials, failureProbability);
  if (hits === trials) return 1;
  const log = Math.log(failureProbability);
  if (hits === 0) return -Math.expm1(log / trials);
  const misses = trials - hits;
  return findRoot(
    (share) => logIncompleteBeta(share, hits + 1, misses).logUpper - log,
    isUsual(failureProbability) ? hits / trials : 0,
    1,
  );
}

/**
 * Lower bound for the share behind `hits` of `trials`; everything else as in `exactUpperBound`. With
 * 0 hits or 0 trials it is 0.
 */
export function exactLowerBound(hits: number, trials: number, failureProbability: number): number {
  requireBoundArguments(hits, trials, failureProbability);
  if (hits === 0) return 0;
  const log = Math.log(failureProbability);
  if (hits === trials) return Math.exp(log / trials);
  const misses = trials - hits;
  return findRoot(
    (share) => logIncompleteBeta(share, hits, misses + 1).logLower - log,
    0,
    isUsual(failureProbability) ? hits / trials : 1,
  );
}

/** Whether the bound is on its own side of the observed share; only lax ones can pass it. */
function isUsual(failureProbability: number): boolean {
  return failureProbability < 0.25;
}

function requireBoundArguments(hits: number, trials: number, failureProbability: number): void {
  const isFine = hits >= 0 && hits <= trials && Number.isFinite(trials);
  if (!isFine) requireArgument(false, "numbers 0 ≤ hits ≤ trials", { hits, trials });
  requireOpenShare("failureProbability", failureProbability);
}
