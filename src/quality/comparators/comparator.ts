/**
 * What comparing two answers comes to. `differs` is not "wrong": either answer may be the right one,
 * or both.
 */
export const COMPARISONS = ["same", "differs", "cannot_compare"] as const;
export type Comparison = (typeof COMPARISONS)[number];

/**
 * Holds two answers against each other. A new one is a file in this folder and a line in
 * `create-comparator.ts`; `comparator.contract.ts` says what every one must do.
 */
export interface Comparator {
  /** Named in every grade that it gives. */
  readonly name: string;
  /** Never throws: what it cannot make sense of is `cannot_compare`. */
  compare(cheap: string, deep: string): Comparison | Promise<Comparison>;
}

/** For comparators whose answers boil down to a value that is there or not. */
export function compareValues<Value>(
  cheap: Value | null,
  deep: Value | null,
  isSame: (cheap: Value, deep: Value) => boolean,
): Comparison {
  if (cheap === null || deep === null) return "cannot_compare";
  return isSame(cheap, deep) ? "same" : "differs";
}
