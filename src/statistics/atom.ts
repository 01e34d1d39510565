/**
 * All labelled rows of one distinct confidence value. Models repeat a handful of round values, so a
 * few atoms hold everything that a threshold can see; a finer grid would only cut ties.
 */
export interface Atom {
  /** 0–1. */
  readonly confidence: number;
  /** Labelled rows with exactly this confidence. */
  readonly rows: number;
  /** Rows among them whose answer is wrong. */
  readonly wrong: number;
}

/** A row whose answer somebody has held against the truth. */
export interface LabelledRow {
  /** 0–1. */
  readonly confidence: number;
  readonly isWrong: boolean;
}

/** Counts rows by their confidence; lowest confidence first. */
export function atomsOf(labelledRows: Iterable<LabelledRow>): readonly Atom[] {
  const counts = new Map<number, { rows: number; wrong: number }>();
  for (const { confidence, isWrong } of labelledRows) {
    const count = counts.get(confidence) ?? { rows: 0, wrong: 0 };
    count.rows += 1;
    if (isWrong) count.wrong += 1;
    counts.set(confidence, count);
  }
  return [...counts]
    .map(([confidence, count]): Atom => ({ confidence, ...count }))
    .toSorted((a, b) => a.confidence - b.confidence);
}
