import { findRoot } from "./find-root.ts";
import { requireOpenShare } from "./statistics-argument.ts";

/** Beyond this many standard deviations the series loses too many digits. */
const FARTHEST = 6;

/**
 * Quantile of the standard normal distribution: the value that is exceeded with probability
 * 1 - `share`, to about ten digits. For planning sample sizes; values beyond ±6 are cut there.
 *
 * The distribution by its series of positive terms: G. Marsaglia, "Evaluating the Normal
 * Distribution", Journal of Statistical Software 11 (2004), number 4.
 *
 * @param share strictly between 0 and 1
 */
export function normalQuantile(share: number): number {
  requireOpenShare("share", share);
  const wanted = Math.abs(share - 0.5);
  const size = findRoot((deviate) => shareFromMiddle(deviate) - wanted, 0, FARTHEST);
  return share < 0.5 ? -size : size;
}

/** P(0 ≤ X ≤ deviate): the density times x + x³/3 + x⁵/(3·5) + …. */
function shareFromMiddle(deviate: number): number {
  let term = deviate;
  let sum = deviate;
  for (let odd = 3; ; odd += 2) {
    term *= (deviate * deviate) / odd;
    const next = sum + term;
    if (next === sum) break;
    sum = next;
  }
  return (sum * Math.exp(-0.5 * deviate * deviate)) / Math.sqrt(2 * Math.PI);
}
