import type { TestedLevel } from "./fallback-procedure.ts";
import { requireOpenShare } from "./statistics-argument.ts";

/**
 * Tests each hypothesis at an equal share of the failure probability: for when no order is known
 * beforehand. The probability that any true hypothesis is rejected stays within
 * `failureProbability`, however the p-values depend on each other.
 *
 * O. J. Dunn, "Multiple Comparisons Among Means", JASA 56 (1961), 52–64, by C. E. Bonferroni's
 * inequality.
 */
export function bonferroni(
  pValues: readonly number[],
  failureProbability: number,
): readonly TestedLevel[] {
  requireOpenShare("failureProbability", failureProbability);
  const level = failureProbability / pValues.length;
  return pValues.map((p) => ({ level, isCertified: p <= level }));
}
