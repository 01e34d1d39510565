/** One recorded question: what the cheap model stated, and whether each model was right. */
export interface RecordedRow {
  /** 0–1; null = none that counts, so it never ships. */
  readonly confidence: number | null;
  readonly isWrong: boolean;
  /** Of the deep answer; null = not recorded. */
  readonly isDeepWrong: boolean | null;
  /** Rows of one group repeat each other; null = on its own. */
  readonly group: string | null;
}

/** What was recorded of one pair of models on one set of questions. */
export interface RecordedSet {
  readonly name: string;
  /** One row of each group, the first that came. */
  readonly rows: readonly RecordedRow[];
  /** Rows left out because they repeat another's group. */
  readonly repeats: number;
  /** Rows that say nothing of right or wrong. */
  readonly unlabelled: number;
}

/** Keeps the first row of each group: repeats are no independent evidence. */
export function oneRowPerGroup(rows: readonly RecordedRow[]): readonly RecordedRow[] {
  const seen = new Set<string>();
  return rows.filter(({ group }) => {
    if (group === null) return true;
    if (seen.has(group)) return false;
    seen.add(group);
    return true;
  });
}
