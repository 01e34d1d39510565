import type { Atom } from "./atom.ts";
import { zeroErrorTrials } from "./labels-needed.ts";
import type { RateTarget } from "./rate-target.ts";
import { requireArgument, requireCounts } from "./statistics-argument.ts";

/** A threshold that may be chosen, with the labelled rows whose confidence reaches it. */
export interface Candidate {
  /** 0–1; ships what has at least this confidence. */
  readonly threshold: number;
  /**
   * Of the rows with exactly this confidence, the share that ships; default 1. Below 1, those ship
   * whose draw is below it; see `splitCandidatesOf`.
   */
  readonly marginalShare?: number;
  /** Wrong ones among the rows. */
  readonly hits: number;
  /** Labelled rows that would ship. */
  readonly trials: number;
}

/** Unlabelled rows of one confidence: how often it occurs in the traffic. */
export interface TrafficAtom {
  /** 0–1. */
  readonly confidence: number;
  readonly rows: number;
}

/** Each atom as a threshold with what it would ship, strictest first. */
export function candidatesOf(atoms: readonly Atom[]): readonly Candidate[] {
  let [hits, trials] = [0, 0];
  return atoms
    .toSorted((a, b) => b.confidence - a.confidence)
    .map(({ confidence, rows, wrong }) => {
      requireCounts(wrong, rows);
      hits += wrong;
      trials += rows;
      return { threshold: confidence, hits, trials };
    });
}

/** How many labels the loosest candidate has seen: all rows. */
export function labelledRowsOf(candidates: readonly Candidate[]): number {
  return candidates.reduce((most, { trials }) => Math.max(most, trials), 0);
}

/**
 * Drops the strict candidates that too little traffic reaches to be certified even without an error:
 * they would only spend failure probability. Counts unlabelled traffic, never the labels: a list
 * that depends on the labels voids the guarantee.
 *
 * @param traffic confidences of unlabelled requests of the same kind
 * @param labelledRows how many rows are labelled in all, drawn at random from such traffic
 */
export function candidatesWithTraffic(
  candidates: readonly Candidate[],
  traffic: readonly TrafficAtom[],
  labelledRows: number,
  target: RateTarget,
): readonly Candidate[] {
  const all = traffic.reduce((sum, { rows }) => sum + rows, 0);
  requireArgument(all > 0, "traffic with at least one row", { rows: all });
  // A quarter more than the minimum, since the labelled share varies around the expected one.
  const least = 1.25 * zeroErrorTrials(target.atMost, target.failureProbability);
  return candidates.filter(({ threshold, marginalShare = 1 }) => {
    const reached = traffic.reduce((sum, { confidence, rows }) => {
      if (confidence < threshold) return sum;
      return sum + (confidence === threshold ? marginalShare * rows : rows);
    }, 0);
    return (labelledRows * reached) / all >= least;
  });
}
