/** Cheap answers of traffic that could have shipped, by what is known of them. */
export interface AnswerCounts {
  /** Drawn at random for comparison or grading, so that a bound may count them. */
  readonly drawn: number;
  /** Of the drawn ones, by ground truth or by people. */
  readonly graded: number;
  /** Of the drawn ones, by a judge model alone. */
  readonly judged: number;
}
