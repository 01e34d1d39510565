/** What a grader says of one answer, with what makes it count for the right number of others. */
export interface WatchedVerdict {
  /** Null: looked at, and nobody could tell. */
  readonly isWrong: boolean | null;
  readonly decision: "shipped" | "escalated";
  /** What the cheap model stated, 0–1. */
  readonly confidence: number;
  /** Threshold that the answer was held against; another one may be in force by now. */
  readonly threshold: number;
  /** Probability with which this answer came to be graded, above 0. */
  readonly propensity: number;
  /**
   * The smallest probability with which any answer that shipped at that time came to be graded. It
   * follows from what was before the request, so weights may be taken relative to it.
   */
  readonly leastPropensity: number;
}

/**
 * How many of the answers that were likeliest to be left out this one stands for, at most 1. Equal to
 * 1/propensity up to a factor that was known before the answer, which keeps bets fair, and does not
 * make a detector numb when all of the grading becomes denser.
 */
export function relativeWeight({
  propensity,
  leastPropensity,
}: Pick<WatchedVerdict, "propensity" | "leastPropensity">): number {
  return Math.min(1, leastPropensity / propensity);
}
