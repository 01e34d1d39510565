import { requireGroups, type SampledGroup } from "./sampled-group.ts";

/**
 * Horvitz–Thompson estimator of a share of known traffic: Σ(hit/propensity) / rows. Exactly unbiased,
 * but noisier than Hájek's and not kept below 1, since the number of drawn rows is random too; for
 * totals, and to check the other one.
 *
 * D. G. Horvitz and D. J. Thompson, "A Generalization of Sampling Without Replacement From a Finite
 * Universe", JASA 47 (1952), 663–685.
 *
 * @param rows all rows that could have been drawn
 * @returns null without rows
 */
export function horvitzThompsonShare(groups: readonly SampledGroup[], rows: number): number | null {
  requireGroups(groups);
  if (rows <= 0) return null;
  return groups.reduce((sum, { propensity, hits }) => sum + hits / propensity, 0) / rows;
}
