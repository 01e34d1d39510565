import type { FeatureTable, SliceRow } from "./feature-table.ts";
import type { WeightedMoments } from "./weighted-moments.ts";

/** Sums over all rows and over each slice, slices named by the positions of their features. */
export interface SliceSums {
  /** Some row has a propensity other than 1. */
  readonly isWeighted: boolean;
  readonly all: WeightedMoments;
  /** Over rows that have both features; of one feature with itself, over all its rows. */
  readonly momentsOf: (one: number, other: number) => WeightedMoments;
  readonly wrongOf: (one: number, other: number) => number;
}

/**
 * How many sums a slice has: of all its rows, then of its wrong ones, which are few. Rows of equal
 * weight need to be counted only.
 */
const PLAIN = { ofAll: 1, inTotal: 2 };
const WEIGHTED = { ofAll: 4, inTotal: 7 };

/**
 * Adds each row to every chosen feature it has, and to every pair of them, in one pass. A thousand
 * features would need a table of a million pairs, so choose.
 *
 * @param chosen numbers of features in `table`; slices are named by their position in this list
 */
export function sliceSums(
  rows: readonly SliceRow[],
  table: FeatureTable,
  chosen: readonly number[],
): SliceSums {
  const isWeighted = rows.some(({ propensity = 1 }) => propensity !== 1);
  const { ofAll, inTotal } = isWeighted ? WEIGHTED : PLAIN;
  const width = chosen.length;
  const sums = new Float64Array(width * width * inTotal);
  const all = new Float64Array(inTotal);
  const parts = new Float64Array(inTotal);
  const positionsOf = createPositions(table, chosen);
  for (let row = 0; row < rows.length; row += 1) {
    const { isWrong, propensity = 1 } = rows[row] ?? NO_ROW;
    fillParts(parts, ofAll, propensity);
    const count = isWrong ? inTotal : ofAll;
    addParts(all, 0, parts, count);
    const positions = positionsOf(row);
    for (let i = 0; i < positions.length; i += 1) {
      const line = (positions[i] ?? 0) * width;
      for (let j = i; j < positions.length; j += 1) {
        addParts(sums, (line + (positions[j] ?? 0)) * inTotal, parts, count);
      }
    }
  }
  // A row may list two features in either order, so a pair lies in two cells.
  const sumOf = (one: number, other: number, part: number): number => {
    const sum = sums[(one * width + other) * inTotal + part] ?? 0;
    return one === other ? sum : sum + (sums[(other * width + one) * inTotal + part] ?? 0);
  };
  const combine = isWeighted ? weightedMoments : plainMoments;
  return {
    isWeighted,
    all: combine((part) => all[part] ?? 0),
    momentsOf: (one, other) => combine((part) => sumOf(one, other, part)),
    wrongOf: (one, other) => sumOf(one, other, ofAll),
  };
}

const NO_ROW: Pick<SliceRow, "isWrong" | "propensity"> = { isWrong: false };

/** What one row adds: the sums of all rows, then the same again for a wrong one. */
function fillParts(parts: Float64Array, ofAll: number, propensity: number): void {
  parts[0] = 1;
  parts[ofAll] = 1;
  if (ofAll === PLAIN.ofAll) return;
  const weight = 1 / propensity;
  const drawVariance = (1 - propensity) * weight * weight;
  parts.set([weight, weight * weight, drawVariance], 1);
  parts.set([weight, drawVariance], ofAll + 1);
}

function addParts(sums: Float64Array, start: number, parts: Float64Array, count: number): void {
  for (let i = 0; i < count; i += 1) sums[start + i] = (sums[start + i] ?? 0) + (parts[i] ?? 0);
}

function plainMoments(sumOf: (part: number) => number): WeightedMoments {
  const [trials, wrong] = [sumOf(0), sumOf(1)];
  return {
    trials,
    weight: trials,
    weightSquares: trials,
    drawVariance: 0,
    hitWeight: wrong,
    hitDrawVariance: 0,
  };
}

function weightedMoments(sumOf: (part: number) => number): WeightedMoments {
  return {
    trials: sumOf(0),
    weight: sumOf(1),
    weightSquares: sumOf(2),
    drawVariance: sumOf(3),
    hitWeight: sumOf(5),
    hitDrawVariance: sumOf(6),
  };
}

/** Positions of the chosen features that a row has; the same array each time, overwritten. */
function createPositions(
  { names, features, starts }: FeatureTable,
  chosen: readonly number[],
): (row: number) => Uint32Array {
  const positionOf = new Int32Array(names.length).fill(-1);
  for (const [position, number] of chosen.entries()) positionOf[number] = position;
  const found = new Uint32Array(chosen.length);
  return (row) => {
    const end = starts[row + 1] ?? 0;
    let count = 0;
    for (let i = starts[row] ?? 0; i < end; i += 1) {
      const position = positionOf[features[i] ?? 0] ?? -1;
      if (position === -1) continue;
      found[count] = position;
      count += 1;
    }
    return found.subarray(0, count);
  };
}
