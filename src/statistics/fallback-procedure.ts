import { requireArgument, requireOpenShare } from "./statistics-argument.ts";

/** What became of one hypothesis of a sequence. */
export interface TestedLevel {
  /** The level that its p-value had to keep. */
  readonly level: number;
  readonly isCertified: boolean;
}

/**
 * Tests hypotheses in a fixed order, each with its own share of the failure probability; what passes
 * hands its level on to the next, and what fails does not end the walk. The probability that any
 * true hypothesis is rejected stays within `failureProbability`, however the p-values depend on each
 * other. Order and weights have to be fixed before the labels are seen.
 *
 * With weights 1, 0, 0, … this is the plain fixed sequence, which dies at the first failure.
 *
 * B. L. Wiens, "A fixed sequence Bonferroni procedure for testing multiple endpoints",
 * Pharmaceutical Statistics 2 (2003), 211–215.
 *
 * @param weights one for each p-value, at least 0, summing to at most 1
 */
export function fallbackProcedure(
  pValues: readonly number[],
  weights: readonly number[],
  failureProbability: number,
): readonly TestedLevel[] {
  requireOpenShare("failureProbability", failureProbability);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const isFine = weights.length >= pValues.length && weights.every((weight) => weight >= 0);
  requireArgument(isFine && sum <= 1 + 1e-9, "a weight for each candidate, summing to at most 1", {
    candidates: pValues.length,
    weights: weights.join(" "),
  });
  let carry = 0;
  return pValues.map((p, i) => {
    const level = carry + (weights[i] ?? 0) * failureProbability;
    const isCertified = p <= level;
    carry = isCertified ? level : 0;
    return { level, isCertified };
  });
}

/**
 * Weights that fall by a constant ratio and sum to 1, the last taking the remainder. With the default
 * (.9, .09, .009, …) nearly all goes to the first hypothesis, and just enough is kept to go on when
 * it fails; .5 gives ½, ¼, ⅛, ….
 *
 * @param first weight of the first, between 0 and 1
 */
export function geometricWeights(count: number, first = 0.9): readonly number[] {
  requireOpenShare("first", first);
  return Array.from({ length: count }, (_, i) => {
    const left = (1 - first) ** i;
    return i === count - 1 ? left : left * first;
  });
}
