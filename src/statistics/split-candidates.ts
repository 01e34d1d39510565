import type { LabelledRow } from "./atom.ts";
import type { Candidate } from "./candidate.ts";
import { requireArgument, requireOpenShare, requireShare } from "./statistics-argument.ts";

/** A labelled row with the number by which it would be drawn when its atom ships in part. */
export interface DrawnRow extends LabelledRow {
  /** Uniform from 0 to 1 by hash of the request: the very number that serving would use. */
  readonly draw: number;
}

/**
 * Candidates finer than atoms. Models state few confidences, so the next looser threshold often
 * ships far more; in between, of the rows with just that confidence only those ship whose draw is
 * below a share. On labelled rows thinned by the same draw this is one more candidate, with the
 * exact test as valid as ever, and each one costs its part of the failure probability.
 *
 * Breaks when serving draws by another number, or when the shares are chosen after seeing labels.
 *
 * @param shares of an atom, each between 0 and 1
 * @returns strictest first: of each atom its shares, smallest first, then all of it
 */
export function splitCandidatesOf(
  rows: readonly DrawnRow[],
  shares: readonly number[],
): readonly Candidate[] {
  for (const share of shares) requireOpenShare("share", share);
  for (const { draw } of rows) requireShare("draw", draw);
  const isDistinct = new Set(shares).size === shares.length;
  requireArgument(isDistinct, "each share once", { shares: shares.join(" ") });
  const ascending = shares.toSorted((a, b) => a - b);
  const byConfidence = Map.groupBy(rows, ({ confidence }) => confidence);
  const candidates: Candidate[] = [];
  let [hits, trials] = [0, 0];
  for (const [threshold, atomRows] of [...byConfidence].toSorted(([a], [b]) => b - a)) {
    for (const marginalShare of ascending) {
      const drawn = atomRows.filter(({ draw }) => draw < marginalShare);
      const [moreHits, more] = [wrongIn(drawn), drawn.length];
      candidates.push({ threshold, marginalShare, hits: hits + moreHits, trials: trials + more });
    }
    hits += wrongIn(atomRows);
    trials += atomRows.length;
    candidates.push({ threshold, hits, trials });
  }
  return candidates;
}

function wrongIn(rows: readonly LabelledRow[]): number {
  return rows.reduce((sum, { isWrong }) => sum + Number(isWrong), 0);
}
