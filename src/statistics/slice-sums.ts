import type { FeatureTable } from "./feature-table.ts";

/** Sums of a value over the rows of each slice; see `createSliceSums`. */
export interface SliceSums {
  /** Over rows that have both features; of one feature with itself, over all its rows. */
  readonly of: (one: number, other: number) => number;
}

/**
 * Adds a value of each row to every chosen feature the row has, and to every pair of them, in one
 * pass. A thousand features would need a table of a million pairs, so choose.
 *
 * @param chosen numbers of features in `table`; `of` counts by their position in this list
 * @returns a function, for several values over the same slices
 */
export function createSliceSums(
  table: FeatureTable,
  chosen: readonly number[],
): (values: Float64Array) => SliceSums {
  const { features, starts } = dense(table, chosen);
  const width = chosen.length;
  return (values) => {
    const sums = new Float64Array(width * width);
    for (let row = 0; row < values.length; row += 1) {
      const value = values[row] ?? 0;
      if (value === 0) continue;
      const end = starts[row + 1] ?? 0;
      for (let i = starts[row] ?? 0; i < end; i += 1) {
        const line = (features[i] ?? 0) * width;
        for (let j = i; j < end; j += 1) {
          const cell = line + (features[j] ?? 0);
          sums[cell] = (sums[cell] ?? 0) + value;
        }
      }
    }
    // A row may list two features in either order, so a pair lies in two cells.
    const cell = (one: number, other: number): number => sums[one * width + other] ?? 0;
    return { of: (one, other) => cell(one, other) + (one === other ? 0 : cell(other, one)) };
  };
}

/** The chosen features alone, renumbered by their position. */
function dense(
  table: FeatureTable,
  chosen: readonly number[],
): Pick<FeatureTable, "features" | "starts"> {
  const positions = new Int32Array(table.names.length).fill(-1);
  chosen.forEach((number, position) => {
    positions[number] = position;
  });
  const features = new Uint32Array(table.features.length);
  const starts = new Uint32Array(table.starts.length);
  let used = 0;
  for (let row = 0; row + 1 < starts.length; row += 1) {
    const end = table.starts[row + 1] ?? 0;
    for (let i = table.starts[row] ?? 0; i < end; i += 1) {
      const position = positions[table.features[i] ?? 0] ?? -1;
      if (position === -1) continue;
      features[used] = position;
      used += 1;
    }
    starts[row + 1] = used;
  }
  return { features, starts };
}
