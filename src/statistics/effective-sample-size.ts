import { hajekEstimate } from "./hajek-estimate.ts";
import type { SampledGroup } from "./sampled-group.ts";
import { momentsOf } from "./weighted-moments.ts";

/**
 * Kish's effective size: how many equally weighted rows a weighted sample is worth when weights have
 * nothing to do with what is measured. (Σw)²/Σw², from 1 to the number of rows.
 *
 * L. Kish, Survey Sampling (1965), 11.7.
 *
 * @returns 0 without a drawn row
 */
export function kishSampleSize(groups: readonly SampledGroup[]): number {
  const { trials, weight, weightSquares } = momentsOf(groups);
  return trials === 0 ? 0 : weight ** 2 / weightSquares;
}

/**
 * Effective size of a weighted sample for the share in question: as many rows of a plain sample would
 * have the same variance. May exceed the number of rows when the draw favoured the uncertain ones;
 * who builds an interval on it caps it there.
 *
 * @returns null when no row or every row is a hit, or none: no variance to go by
 */
export function varianceSampleSize(groups: readonly SampledGroup[]): number | null {
  const estimate = hajekEstimate(groups);
  if (estimate === null || estimate.share <= 0 || estimate.share >= 1) return null;
  const { share, standardError } = estimate;
  return standardError === 0 ? Infinity : (share * (1 - share)) / standardError ** 2;
}
