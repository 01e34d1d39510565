import { requireArgument, requireCounts } from "./statistics-argument.ts";

/** Traffic of one kind, such as one confidence, and what was graded of it at random. */
export interface Stratum {
  /** All rows of this kind. */
  readonly rows: number;
  readonly trials: number;
  readonly hits: number;
}

/** A share in all traffic, put together from known strata. */
export interface PostStratifiedShare {
  /** 0–1. */
  readonly share: number;
  /** From Jeffreys' estimate of each stratum, so that one without hits is not taken for certain. */
  readonly standardError: number;
}

/** Fewer grades than this in any stratum and the estimate would lean on too little. */
export const MIN_STRATUM_TRIALS = 5;

/**
 * Post-stratified share: Σ (rows of stratum / all rows) × share in its grades. Needs no propensities
 * beyond "random within the stratum", and takes out the luck of which strata the draw hit.
 *
 * D. Holt and T. M. F. Smith, "Post Stratification", Journal of the Royal Statistical Society A 142
 * (1979), 33–46.
 *
 * @returns null when a stratum with rows has fewer than `MIN_STRATUM_TRIALS` grades
 */
export function postStratifiedShare(strata: readonly Stratum[]): PostStratifiedShare | null {
  const rows = strata.reduce((sum, stratum) => sum + stratum.rows, 0);
  requireArgument(rows >= 0, "no negative number of rows", { rows });
  const occupied = strata.filter((stratum) => stratum.rows > 0);
  if (rows === 0 || occupied.some(({ trials }) => trials < MIN_STRATUM_TRIALS)) return null;
  let share = 0;
  let variance = 0;
  for (const { rows: stratumRows, trials, hits } of occupied) {
    requireCounts(hits, trials);
    const weight = stratumRows / rows;
    const jeffreys = (hits + 0.5) / (trials + 1);
    share += (weight * hits) / trials;
    variance += (weight ** 2 * jeffreys * (1 - jeffreys)) / trials;
  }
  return { share, standardError: Math.sqrt(variance) };
}
