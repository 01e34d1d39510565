import type { WeightedValue } from "./betting-wealth.ts";
import { requireShare } from "./statistics-argument.ts";

/** One row of a sample with the group it belongs to, such as a session or a repeated prompt. */
export interface ClusteredRow {
  readonly cluster: string;
  /** 0–1. */
  readonly value: number;
}

/**
 * Collapses rows that belong together to one observation each: the mean of the cluster, weighted by
 * its size. Retries and repeated prompts have one outcome many times; counted as independent rows
 * they break every bound. In the order in which clusters first appear.
 */
export function clusterMeans(rows: Iterable<ClusteredRow>): readonly WeightedValue[] {
  const sums = new Map<string, { sum: number; weight: number }>();
  for (const { cluster, value } of rows) {
    requireShare("value", value);
    const entry = sums.get(cluster) ?? { sum: 0, weight: 0 };
    entry.sum += value;
    entry.weight += 1;
    sums.set(cluster, entry);
  }
  return [...sums.values()].map(({ sum, weight }) => ({ value: sum / weight, weight }));
}
