/** What a guarantee speaks about; see the promise of each in the page on tuning. */
export type TuningTarget = "joint" | "selective" | "relative";

/** What is to be promised, and how often one will look at the evidence. */
export interface TuningGoal {
  readonly target: TuningTarget;
  /** Allowed rate, between 0 and 1. */
  readonly atMost: number;
  /** Probability with which the promise is kept, between 0 and 1. */
  readonly confidence: number;
  /** `once` takes fewer labels and is void from the second look on. */
  readonly looks: "any_time" | "once";
  /**
   * `truth`: labels and people. `judge`: a judge's verdicts, with the target lowered by what people
   * found it to miss. Default `truth`.
   */
  readonly graders?: "truth" | "judge";
}

export function failureProbabilityOf({ confidence }: Pick<TuningGoal, "confidence">): number {
  // Without the rounding 1 − 0.95 would be a hair above 0.05.
  return Number((1 - confidence).toPrecision(12));
}
