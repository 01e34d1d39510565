import type { SliceRow } from "../../statistics/feature-table.ts";
import { findSlices, type Slice, type SliceReport } from "../../statistics/slice-search.ts";
import { canShip } from "./item-outcome.ts";
import type { TruthCell } from "./truth-sample.ts";

/** Where the cheap model fails: what its wrong answers have in common. */
export interface FailingSlices extends Omit<SliceReport, "slices"> {
  readonly slices: readonly Omit<Slice, "exampleIds">[];
  /** False when there are more graded items than are looked at; the rest is left out. */
  readonly isComplete: boolean;
}

/** More rows than this are not spread out; a slice that matters shows long before. */
const MOST_ROWS = 200_000;

/**
 * Searches classes of input, tasks and confidences, and pairs of them, over the answers that could
 * ship. Corrected for looking in many places; see `findSlices`.
 */
export function describeSlices(cells: readonly TruthCell[]): FailingSlices {
  const shipping = cells.filter(({ key }) => canShip(key)).toSorted(byContent);
  const rows: SliceRow[] = [];
  let isComplete = true;
  for (const cell of shipping) {
    const row = sliceRow(cell);
    for (let i = 0; i < cell.items && isComplete; i += 1) {
      if (rows.length === MOST_ROWS) isComplete = false;
      else rows.push(row);
    }
  }
  const { slices, ...report } = findSlices(rows);
  return {
    ...report,
    slices: slices.map(({ exampleIds: _, ...slice }) => slice),
    isComplete,
  };
}

/** Whether an item lies in the slice; the inverse of how features are named. */
export function isInSlice(
  item: Pick<TruthCell["key"], "inputClasses" | "task" | "confidence">,
  features: readonly string[],
): boolean {
  const own = new Set(featuresOf(item));
  return features.every((feature) => own.has(feature));
}

function sliceRow({ key, isWrong, propensity }: TruthCell): SliceRow {
  return { id: "", isWrong, propensity, features: featuresOf(key) };
}

function featuresOf({
  inputClasses,
  task,
  confidence,
}: Pick<TruthCell["key"], "inputClasses" | "task" | "confidence">): readonly string[] {
  return [
    ...inputClasses,
    ...(task === null ? [] : [`task:${task}`]),
    ...(confidence === null ? [] : [`confidence:${confidence}`]),
  ];
}

/** Newest first, then by content: neither the slices nor their sums may hang on reading order. */
function byContent(a: TruthCell, b: TruthCell): number {
  return b.key.dayMs - a.key.dayMs || (contentOf(a) < contentOf(b) ? -1 : 1);
}

function contentOf({ key, isWrong }: TruthCell): string {
  return JSON.stringify([key.task, key.inputClasses, key.confidence, key.propensity, isWrong]);
}
