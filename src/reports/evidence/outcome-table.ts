import { kornGraubardInterval } from "../../statistics/korn-graubard-interval.ts";
import type { ShareInterval } from "../../statistics/wilson-interval.ts";
import { MIN_OBSERVATIONS } from "../observed-share.ts";
import { isOfWholeRange, itemsIn, wouldShip } from "./item-outcome.ts";
import { groupsOf, type TruthCell } from "./truth-sample.ts";

/** Unsure held against wrong, at one threshold. */
export interface OutcomeTable {
  readonly graded: number;
  readonly shippedRight: OutcomeCell;
  /** Confidently wrong: the ones that cost trust. */
  readonly shippedWrong: OutcomeCell;
  /** Escalated although the cheap answer was right: the ones that cost money. */
  readonly escalatedRight: OutcomeCell;
  readonly escalatedWrong: OutcomeCell;
}

export interface OutcomeCell {
  /** Graded items, unweighted. */
  readonly items: number;
  /** Of all traffic the grades stand for, 0–1; null = not known yet. */
  readonly share: number | null;
  /** At 95 %, for this cell alone. */
  readonly interval: ShareInterval | null;
}

/**
 * Counts cheap answers of known truth by whether they would ship and whether they are right. Only of
 * items drawn over all confidences: what was drawn in live hardly holds any that escalated.
 */
export function describeOutcomes(allCells: readonly TruthCell[], threshold: number): OutcomeTable {
  const cells = allCells.filter(({ key }) => isOfWholeRange(key));
  const cellOf = (isShipped: boolean, isWrong: boolean): OutcomeCell => {
    const isHit = (cell: TruthCell): boolean =>
      cell.isWrong === isWrong && wouldShip(cell.key, threshold) === isShipped;
    const items = itemsIn(cells.filter(isHit));
    if (itemsIn(cells) < MIN_OBSERVATIONS) return { items, share: null, interval: null };
    const weighted = kornGraubardInterval(groupsOf(cells, isHit));
    return { items, share: weighted?.share ?? null, interval: weighted?.interval ?? null };
  };
  return {
    graded: itemsIn(cells),
    shippedRight: cellOf(true, false),
    shippedWrong: cellOf(true, true),
    escalatedRight: cellOf(false, false),
    escalatedWrong: cellOf(false, true),
  };
}
