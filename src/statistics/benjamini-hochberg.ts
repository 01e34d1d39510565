import { requireOpenShare } from "./statistics-argument.ts";

/**
 * Which of many findings to list so that, on average, at most `falseDiscoveryRate` of the listed ones
 * are false (Benjamini and Hochberg). For lists that people look into, not for anything that acts.
 *
 * Holds for independent p-values and for those that rise and fall together, as overlapping slices do.
 *
 * Y. Benjamini and Y. Hochberg, "Controlling the False Discovery Rate", Journal of the Royal
 * Statistical Society B 57 (1995), 289–300.
 *
 * @returns for each p-value, in the order given, whether it is listed
 */
export function benjaminiHochberg(
  pValues: readonly number[],
  falseDiscoveryRate: number,
): readonly boolean[] {
  requireOpenShare("falseDiscoveryRate", falseDiscoveryRate);
  const ascending = pValues.toSorted((a, b) => a - b);
  const last = ascending.findLastIndex(
    (p, i) => p <= (falseDiscoveryRate * (i + 1)) / pValues.length,
  );
  const cut = ascending[last] ?? -1;
  return pValues.map((p) => p <= cut);
}
