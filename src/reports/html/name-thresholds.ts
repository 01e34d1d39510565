import { formatConfidence } from "../format-number.ts";
import { label, type Field } from "./plot.ts";

/** A threshold in a plot, by its mark. */
export interface NamedThreshold {
  readonly threshold: number;
  readonly isInForce: boolean;
  readonly x: number;
  /** Lower end of its mark with its interval. */
  readonly below: number;
}

/** Room that a name takes, in units of the view box. */
const NAME_WIDTH = 36;

/** Writes thresholds below their marks where there is room; the one in force comes first. */
export function nameThresholds(
  marks: readonly NamedThreshold[],
  { bottom }: Field,
): readonly string[] {
  const byRank = marks.toSorted((a, b) => Number(b.isInForce) - Number(a.isInForce));
  const taken: number[] = [];
  return byRank.flatMap(({ threshold, x, below }) => {
    if (taken.some((other) => Math.abs(other - x) < NAME_WIDTH)) return [];
    taken.push(x);
    const y = Math.min(bottom - 4, below + 16);
    return [label([x, y], formatConfidence(threshold), "value", "middle")];
  });
}
