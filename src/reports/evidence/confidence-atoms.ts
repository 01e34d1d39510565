import type { Atom } from "../../statistics/atom.ts";
import { kishSampleSize } from "../../statistics/effective-sample-size.ts";
import { groupsOf, type TruthCell } from "./truth-sample.ts";

/**
 * Atoms in the proportions of the traffic, of together as many rows as a plain sample of the same
 * worth would have (Kish). Rows are fractions where propensities differ, whole numbers where they
 * are equal. Lowest confidence first.
 */
export function weightedAtoms(cells: readonly TruthCell[]): readonly Atom[] {
  const groups = groupsOf(cells);
  if (groups.length <= 1) return atomsAsGraded(cells);
  const weight = groups.reduce((sum, { trials, propensity }) => sum + trials / propensity, 0);
  const scale = weight === 0 ? 0 : kishSampleSize(groups) / weight;
  return sumByConfidence(cells, ({ items, propensity }) => (items / propensity) * scale);
}

/** Atoms of the graded items as they are. */
export function atomsAsGraded(cells: readonly TruthCell[]): readonly Atom[] {
  return sumByConfidence(cells, ({ items }) => items);
}

/**
 * Atoms in the proportions of the traffic with whole rows, for sums over rows.
 *
 * @param rows in all, about: rounding moves an area by no more than 1/rows per atom
 */
export function roundedAtoms(cells: readonly TruthCell[], rows = 20_000): readonly Atom[] {
  if (groupsOf(cells).length <= 1) return atomsAsGraded(cells);
  const atoms = weightedAtoms(cells);
  const scale = rows / Math.max(1e-9, sumRows(atoms));
  return atoms.map((atom) => {
    const wrong = Math.round(atom.wrong * scale);
    return { ...atom, wrong, rows: Math.max(wrong, Math.round(atom.rows * scale)) };
  });
}

function sumRows(atoms: readonly Atom[]): number {
  return atoms.reduce((sum, { rows }) => sum + rows, 0);
}

function sumByConfidence(
  cells: readonly TruthCell[],
  rowsOf: (cell: TruthCell) => number,
): readonly Atom[] {
  const byConfidence = Map.groupBy(cells, ({ key }) => key.confidence);
  return [...byConfidence]
    .flatMap(([confidence, ofValue]): Atom[] => {
      if (confidence === null) return [];
      const sum = (rows: readonly TruthCell[]): number => orderedSum(rows.map(rowsOf));
      return [
        { confidence, rows: sum(ofValue), wrong: sum(ofValue.filter(({ isWrong }) => isWrong)) },
      ];
    })
    .toSorted((a, b) => a.confidence - b.confidence);
}

/** Smallest first, so that the order in which rows come does not show in the last digit. */
function orderedSum(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b).reduce((sum, value) => sum + value, 0);
}
