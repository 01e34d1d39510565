import { MIN_OBSERVATIONS } from "../observed-share.ts";
import { isOfWholeRange, itemsIn } from "./item-outcome.ts";
import type { TruthCell } from "./truth-sample.ts";

/** Graded items for a statistic over all confidences. */
export interface WholeRangeCells {
  readonly cells: readonly TruthCell[];
  /**
   * True when there is nothing but answers that shipped and near misses: then nothing is known of
   * lower confidences, and the statistic speaks of the upper part alone.
   */
  readonly isPartOfRange: boolean;
}

/**
 * Items that were drawn from all confidences, where there are enough of them; mixing in those drawn in
 * live would count the higher confidences twice. Else all there are, marked as a part.
 */
export function wholeRangeCells(cells: readonly TruthCell[]): WholeRangeCells {
  const whole = cells.filter(({ key }) => isOfWholeRange(key));
  if (whole.length === cells.length) return { cells, isPartOfRange: false };
  if (itemsIn(whole) < MIN_OBSERVATIONS) return { cells, isPartOfRange: true };
  return { cells: whole, isPartOfRange: false };
}
