import type { Atom } from "./atom.ts";
import { exactInterval } from "./exact-interval.ts";
import type { ShareInterval } from "./wilson-interval.ts";

/** One bar of the diagram: what a stated confidence was worth. */
export interface CalibrationBar {
  /** 0–1, as stated. */
  readonly confidence: number;
  readonly rows: number;
  /** Share of right answers, 0–1. */
  readonly accuracy: number;
  /** Exact interval of that share at 95 %, for this bar alone. */
  readonly interval: ShareInterval;
  /** Too few rows to read anything from: show it greyed. */
  readonly isSmall: boolean;
}

/**
 * Accuracy of each stated confidence, lowest confidence first. One bar per atom instead of bins of
 * equal width: models state a handful of round values, and bins would mix some and cut none.
 *
 * Each interval covers at least 95 % by itself; of twenty bars one may miss. Assumes independent
 * rows.
 *
 * @param atoms those without rows are left out
 * @param minRows bars with fewer rows are marked small
 */
export function calibrationDiagram(
  atoms: readonly Atom[],
  minRows = 10,
): readonly CalibrationBar[] {
  return atoms
    .filter(({ rows }) => rows > 0)
    .toSorted((a, b) => a.confidence - b.confidence)
    .map(({ confidence, rows, wrong }) => ({
      confidence,
      rows,
      accuracy: (rows - wrong) / rows,
      interval: exactInterval(rows - wrong, rows),
      isSmall: rows < minRows,
    }));
}
