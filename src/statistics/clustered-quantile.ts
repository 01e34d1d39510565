import { clusteredMean } from "./clustered-mean.ts";
import type { ValueInterval } from "./normal-interval.ts";
import { requireOpenShare } from "./statistics-argument.ts";
import { studentTQuantile } from "./student-t-quantile.ts";

/** One measured value and the cluster it belongs to. */
export interface ClusteredValue {
  readonly cluster: string;
  readonly value: number;
}

/** A quantile with its interval at 95 %; null = not known: an end lies beyond the values. */
export interface QuantileEstimate {
  readonly value: number;
  readonly interval: ValueInterval | null;
}

/**
 * The value below which a share of all rows lies (nearest rank), with Woodruff's interval: the share
 * that lies below it is a mean over clusters, and the ends of that mean's interval are turned back
 * into values. Assumptions of `clusteredMean`.
 *
 * R. S. Woodruff, "Confidence Intervals for Medians and Other Position Measures", JASA 47 (1952),
 * 635–646.
 *
 * @param share strictly between 0 and 1
 * @returns null with fewer than two clusters
 */
export function clusteredQuantile(
  values: readonly ClusteredValue[],
  share: number,
): QuantileEstimate | null {
  requireOpenShare("share", share);
  const sorted = values.map(({ value }) => value).toSorted((a, b) => a - b);
  const value = sorted[Math.ceil(share * sorted.length) - 1];
  if (value === undefined) return null;
  const below = clusteredMean(sharesBelow(values, value));
  if (below === null) return null;
  const reach = studentTQuantile(0.975, below.clusters - 1) * below.standardError;
  // A value that is missing in the sample lies at most one rank further out.
  const low = sorted[Math.floor((share - reach) * sorted.length) - 1];
  const high = sorted[Math.ceil((share + reach) * sorted.length)];
  const isKnown = low !== undefined && high !== undefined;
  return { value, interval: isKnown ? { low, high } : null };
}

/**
 * How far one value lies above another when each comes with an interval of its own, which need not be
 * even: the distances to the ends are added as squares.
 *
 * G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures: a general
 * approach", Statistics in Medicine 27 (2008), 1693–1702.
 */
export function quantileDifference(
  of: QuantileEstimate,
  against: QuantileEstimate,
): { readonly difference: number; readonly interval: ValueInterval | null } {
  const difference = of.value - against.value;
  if (of.interval === null || against.interval === null) return { difference, interval: null };
  const down = Math.hypot(of.value - of.interval.low, against.interval.high - against.value);
  const up = Math.hypot(of.interval.high - of.value, against.value - against.interval.low);
  return { difference, interval: { low: difference - down, high: difference + up } };
}

function sharesBelow(values: readonly ClusteredValue[], limit: number) {
  const sums = new Map<string, { rows: number; sum: number }>();
  for (const { cluster, value } of values) {
    const entry = sums.get(cluster) ?? { rows: 0, sum: 0 };
    entry.rows += 1;
    if (value <= limit) entry.sum += 1;
    sums.set(cluster, entry);
  }
  return [...sums.values()];
}
