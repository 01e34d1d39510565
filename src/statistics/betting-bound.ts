import { logBettingEvidenceOf } from "./betting-wealth.ts";
import type { MeanClaim, WeightedValue } from "./betting-wealth.ts";
import { findRoot } from "./find-root.ts";
import { requireOpenShare } from "./statistics-argument.ts";

/**
 * Upper bound for a weighted mean of values from 0 to 1: the smallest mean that the bets of
 * `observeBet` speak against with ln(1/failureProbability). Holds at all looks at once, with the
 * assumptions and the source given there. Wider than bounds that trust a normal distribution, and
 * true without one.
 *
 * @param observations with none the bound is 1
 * @param largestWeight at least every weight; known before the values are
 */
export function bettingUpperBound(
  observations: readonly WeightedValue[],
  largestWeight: number,
  failureProbability: number,
): number {
  requireOpenShare("failureProbability", failureProbability);
  return boundOf("at_least", observations, largestWeight, failureProbability);
}

/** Lower bound; everything else as in `bettingUpperBound`. With no observations it is 0. */
export function bettingLowerBound(
  observations: readonly WeightedValue[],
  largestWeight: number,
  failureProbability: number,
): number {
  requireOpenShare("failureProbability", failureProbability);
  return boundOf("at_most", observations, largestWeight, failureProbability);
}

function boundOf(
  claim: MeanClaim["claim"],
  observations: readonly WeightedValue[],
  largestWeight: number,
  failureProbability: number,
): number {
  const end = claim === "at_least" ? 1 : 0;
  const wanted = -Math.log(failureProbability);
  const excess = (mean: number): number => {
    // No bet is defined at the ends, where the evidence would have no limit either.
    if (mean <= 0 || mean >= 1) return Infinity;
    return logBettingEvidenceOf(observations, { claim, mean, largestWeight }) - wanted;
  };
  const start = weightedMean(observations);
  if (start === null || start === end) return end;
  const outermost = end === 1 ? 1 - Number.EPSILON : Number.MIN_VALUE;
  if (!(excess(outermost) > 0)) return end;
  const innermost = start === 0 ? Number.MIN_VALUE : start === 1 ? 1 - Number.EPSILON : start;
  return findRoot(excess, innermost, outermost);
}

function weightedMean(observations: readonly WeightedValue[]): number | null {
  if (observations.length === 0) return null;
  let [sum, weights] = [0, 0];
  for (const { value, weight, count = 1 } of observations) {
    sum += value * weight * count;
    weights += weight * count;
  }
  return sum / weights;
}
