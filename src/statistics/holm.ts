import { requireOpenShare } from "./statistics-argument.ts";

/**
 * Which of many findings are proven when even one false one among them may happen with at most
 * `failureProbability` (Holm). For whatever changes how requests are routed. Holds for any dependence
 * of the p-values.
 *
 * S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of
 * Statistics 6 (1979), 65–70.
 *
 * @returns for each p-value, in the order given, whether it is proven
 */
export function holm(pValues: readonly number[], failureProbability: number): readonly boolean[] {
  requireOpenShare("failureProbability", failureProbability);
  const ascending = pValues.toSorted((a, b) => a - b);
  const failing = ascending.findIndex((p, i) => p > failureProbability / (pValues.length - i));
  const bound = failing === -1 ? Infinity : (ascending[failing] ?? Infinity);
  return pValues.map((p) => p < bound);
}
