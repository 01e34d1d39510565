import type { ValueInterval } from "./normal-interval.ts";
import { studentTQuantile } from "./student-t-quantile.ts";

/** What one cluster adds to a mean over rows, such as all requests of one user. */
export interface ClusterSum {
  /** Rows of the cluster, above 0. */
  readonly rows: number;
  /** Of their values, in the unit of the mean. */
  readonly sum: number;
}

/** A mean over rows with the error that clusters leave it. */
export interface ClusteredMean {
  readonly mean: number;
  readonly standardError: number;
  readonly rows: number;
  readonly clusters: number;
}

/**
 * Mean over rows that come in clusters: the sum of all values by the number of all rows, with the
 * linearised standard error of such a ratio. What varies is what clusters add, not rows: a hundred
 * requests of one user who is served one way are one observation of that way.
 *
 * Of clusters of one row each it is the usual standard error of a mean. Needs independent clusters, and
 * some thirty of them; breaks when one of them has most of the rows.
 *
 * W. G. Cochran, Sampling Techniques, 3rd edition (1977), 9A and 6.
 *
 * @returns null with fewer than two clusters, whose scatter nobody knows
 */
export function clusteredMean(clusters: readonly ClusterSum[]): ClusteredMean | null {
  const count = clusters.length;
  if (count < 2) return null;
  let [rows, sum] = [0, 0];
  for (const cluster of clusters) {
    rows += cluster.rows;
    sum += cluster.sum;
  }
  const mean = sum / rows;
  const squares = clusters.reduce((total, one) => total + (one.sum - mean * one.rows) ** 2, 0);
  const standardError = Math.sqrt((count / (count - 1)) * squares) / rows;
  return { mean, standardError, rows, clusters: count };
}

/** The interval at 95 % of one such mean, by Student's t with as many degrees as clusters less one. */
export function clusteredInterval({ mean, standardError, clusters }: ClusteredMean): ValueInterval {
  const reach = standardError === 0 ? 0 : studentTQuantile(0.975, clusters - 1) * standardError;
  return { low: mean - reach, high: mean + reach };
}

/** How far one mean lies above another, with what is known of the difference. */
export interface MeanDifference {
  readonly difference: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/**
 * The difference of two means of independent samples whose scatter differs, with Welch's degrees of
 * freedom.
 *
 * B. L. Welch, "The Generalization of 'Student's' Problem when Several Different Population Variances
 * are Involved", Biometrika 34 (1947), 28–35.
 */
export function meanDifference(of: ClusteredMean, against: ClusteredMean): MeanDifference {
  const [one, other] = [of.standardError ** 2, against.standardError ** 2];
  const variance = one + other;
  const spread = one ** 2 / (of.clusters - 1) + other ** 2 / (against.clusters - 1);
  return {
    difference: of.mean - against.mean,
    standardError: Math.sqrt(variance),
    degreesOfFreedom: spread === 0 ? of.clusters + against.clusters - 2 : variance ** 2 / spread,
  };
}

/** @param failureProbability of both ends together */
export function differenceInterval(
  { difference, standardError, degreesOfFreedom }: MeanDifference,
  failureProbability = 0.05,
): ValueInterval {
  const deviate = studentTQuantile(1 - failureProbability / 2, degreesOfFreedom);
  const reach = standardError === 0 ? 0 : deviate * standardError;
  return { low: difference - reach, high: difference + reach };
}
