import { requireArgument, requireCounts } from "./statistics-argument.ts";

/**
 * Graded rows that had the same chance of being graded. A single row is a group of one; merging
 * groups of equal propensity changes no estimate.
 */
export interface SampledGroup {
  /** Recorded probability with which each of these rows was drawn, above 0 to 1. */
  readonly propensity: number;
  /** Drawn rows. */
  readonly trials: number;
  /** Drawn rows that have the property in question. */
  readonly hits: number;
}

/** Throws `statistics_argument` for a group that cannot be. */
export function requireGroups(groups: readonly SampledGroup[]): void {
  for (const { propensity, trials, hits } of groups) {
    requireCounts(hits, trials);
    const isFine = propensity > 0 && propensity <= 1;
    if (!isFine) requireArgument(false, "propensity above 0 and up to 1", { propensity });
  }
}
