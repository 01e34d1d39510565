/** A graded row with everything that a slice may be made of. */
export interface SliceRow {
  /** Shown as an example when the row is wrong. */
  readonly id: string;
  readonly isWrong: boolean;
  /**
   * What is true of the row, such as `language:de` or `length:long`. The text before the first colon
   * is the kind; two features of one kind are never combined. Repeats count once.
   */
  readonly features: readonly string[];
  /** Recorded probability with which the row was graded; default 1. */
  readonly propensity?: number;
}

/** Features as numbers, row after row: a form that can be counted a million rows at a time. */
export interface FeatureTable {
  /** By number. */
  readonly names: readonly string[];
  /** Rows that have the feature, by its number. */
  readonly support: readonly number[];
  /** Numbers of the features of all rows, one row after the other. */
  readonly features: Uint32Array;
  /** Where each row's features begin; one more entry than rows. */
  readonly starts: Uint32Array;
}

/** Numbers the features in the order in which they first occur. */
export function featureTable(rows: readonly SliceRow[]): FeatureTable {
  const numbers = new Map<string, number>();
  const names: string[] = [];
  const support: number[] = [];
  const lastRow: number[] = [];
  const starts = new Uint32Array(rows.length + 1);
  const features = new Uint32Array(rows.reduce((sum, row) => sum + row.features.length, 0));
  let used = 0;
  let index = 0;
  for (const row of rows) {
    for (const name of row.features) {
      let number = numbers.get(name);
      if (number === undefined) {
        number = names.length;
        numbers.set(name, number);
        names.push(name);
        support.push(0);
        lastRow.push(-1);
      }
      if (lastRow[number] === index) continue;
      lastRow[number] = index;
      support[number] = (support[number] ?? 0) + 1;
      features[used] = number;
      used += 1;
    }
    index += 1;
    starts[index] = used;
  }
  return { names, support, features: features.subarray(0, used), starts };
}

/** The part before the first colon; a feature without one is a kind by itself. */
export function kindOf(feature: string): string {
  const colon = feature.indexOf(":");
  return colon === -1 ? feature : feature.slice(0, colon);
}
