import type { Atom } from "./atom.ts";
import { NORMAL_DEVIATE_95, type ValueInterval } from "./normal-interval.ts";
import type { ShareInterval } from "./wilson-interval.ts";

/** How well confidence tells right answers from wrong ones, whatever the values are. */
export interface RankingQuality {
  /**
   * Chance that a right answer has a higher confidence than a wrong one, ties counted half (AUROC).
   * 0.5 = the confidence sorts nothing.
   */
  readonly area: number;
  readonly standardError: number;
  /** At 95 %; null when every pair is sorted (or none), where the method has no width. */
  readonly interval: ShareInterval | null;
}

/**
 * Area under the ROC curve by mid-ranks, with DeLong's variance on the logit scale.
 *
 * The interval covers 92–95 % from a hundred rows on, where the plain one covers 89 %; with a handful
 * of wrong rows it is only a hint. Assumes independent rows.
 *
 * E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, "Comparing the Areas under Two or More
 * Correlated Receiver Operating Characteristic Curves", Biometrics 44 (1988), 837–845.
 *
 * @returns null with fewer than two right or fewer than two wrong rows
 */
export function rankingQuality(atoms: readonly Atom[]): RankingQuality | null {
  const ascending = atoms.toSorted((a, b) => a.confidence - b.confidence);
  const wrongRows = ascending.reduce((sum, atom) => sum + atom.wrong, 0);
  const rightRows = ascending.reduce((sum, atom) => sum + atom.rows, 0) - wrongRows;
  if (rightRows < 2 || wrongRows < 2) return null;

  // For each atom: the share of wrong rows a right row here beats, and of right rows that beat a
  // wrong row here.
  const placements: Placement[] = [];
  let wrongBelow = 0;
  let rightAbove = rightRows;
  let area = 0;
  for (const { rows, wrong } of ascending) {
    const right = rows - wrong;
    rightAbove -= right;
    const beaten = (wrongBelow + wrong / 2) / wrongRows;
    placements.push({ right, wrong, beaten, beating: (rightAbove + right / 2) / rightRows });
    wrongBelow += wrong;
    area += (right * beaten) / rightRows;
  }
  let rightSquares = 0;
  let wrongSquares = 0;
  for (const { right, wrong, beaten, beating } of placements) {
    rightSquares += right * (beaten - area) ** 2;
    wrongSquares += wrong * (beating - area) ** 2;
  }
  const variance =
    rightSquares / (rightRows - 1) / rightRows + wrongSquares / (wrongRows - 1) / wrongRows;
  const standardError = Math.sqrt(variance);
  return { area, standardError, interval: logitInterval(area, standardError) };
}

interface Placement {
  readonly right: number;
  readonly wrong: number;
  readonly beaten: number;
  readonly beating: number;
}

function logitInterval(area: number, standardError: number): ValueInterval | null {
  if (standardError === 0 || area <= 0 || area >= 1) return null;
  const middle = Math.log(area / (1 - area));
  const reach = (NORMAL_DEVIATE_95 * standardError) / (area * (1 - area));
  return { low: logistic(middle - reach), high: logistic(middle + reach) };
}

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
