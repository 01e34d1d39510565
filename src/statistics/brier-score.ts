import type { Atom } from "./atom.ts";

/** Mean squared error of the stated confidences, and the three parts it is made of. */
export interface BrierScore {
  /** 0 = certain and right every time, 0.25 = no better than always saying one half. */
  readonly score: number;
  /** Mean squared distance of confidence and accuracy over atoms; 0 = calibrated. */
  readonly reliability: number;
  /** Mean squared distance of an atom's accuracy from the overall one; more sorts better. */
  readonly resolution: number;
  /** Variance of right and wrong; belongs to the task, not to the confidence. */
  readonly uncertainty: number;
}

/**
 * Brier score with its split: score = reliability - resolution + uncertainty. The split is exact,
 * because an atom holds equal confidences. Reliability and resolution are too high by chance while
 * atoms are small.
 *
 * G. W. Brier, Monthly Weather Review 78 (1950), 1–3; A. H. Murphy, "A New Vector Partition of the
 * Probability Score", Journal of Applied Meteorology 12 (1973), 595–600.
 *
 * @returns null without rows
 */
export function brierScore(atoms: readonly Atom[]): BrierScore | null {
  const rows = atoms.reduce((sum, atom) => sum + atom.rows, 0);
  if (rows === 0) return null;
  const accuracy = 1 - atoms.reduce((sum, atom) => sum + atom.wrong, 0) / rows;
  let score = 0;
  let reliability = 0;
  let resolution = 0;
  for (const { confidence, rows: atomRows, wrong } of atoms) {
    if (atomRows === 0) continue;
    const atomAccuracy = 1 - wrong / atomRows;
    score += (atomRows - wrong) * (1 - confidence) ** 2 + wrong * confidence ** 2;
    reliability += atomRows * (confidence - atomAccuracy) ** 2;
    resolution += atomRows * (atomAccuracy - accuracy) ** 2;
  }
  return {
    score: score / rows,
    reliability: reliability / rows,
    resolution: resolution / rows,
    uncertainty: accuracy * (1 - accuracy),
  };
}
