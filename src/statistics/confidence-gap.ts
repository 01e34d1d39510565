import type { Atom } from "./atom.ts";
import { normalInterval, type ValueInterval } from "./normal-interval.ts";

/** How far stated confidence lies above what came true. */
export interface ConfidenceGap {
  /** Mean confidence less the share of right answers, -1 to 1. Above 0 = too confident. */
  readonly gap: number;
  readonly standardError: number;
  /** At 95 %. */
  readonly interval: ValueInterval;
}

/**
 * Signed difference of mean confidence and accuracy, with a normal interval at 95 %. The headline of
 * calibration: unlike an absolute calibration error it is unbiased at every number of rows.
 *
 * Over- and underconfidence at different confidences cancel; the diagram shows them. Assumes
 * independent rows.
 *
 * @returns null with fewer than two rows
 */
export function confidenceGap(atoms: readonly Atom[]): ConfidenceGap | null {
  let rows = 0;
  let sum = 0;
  for (const atom of atoms) {
    rows += atom.rows;
    sum += atom.rows * atom.confidence - (atom.rows - atom.wrong);
  }
  if (rows < 2) return null;
  const gap = sum / rows;
  let squares = 0;
  for (const { confidence, rows: atomRows, wrong } of atoms) {
    squares += (atomRows - wrong) * (confidence - 1 - gap) ** 2 + wrong * (confidence - gap) ** 2;
  }
  const standardError = Math.sqrt(squares) / rows;
  return { gap, standardError, interval: normalInterval(gap, standardError) };
}
