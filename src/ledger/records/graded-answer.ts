import type { Evidence, Grade } from "./evidence.ts";

/** A verdict as it came in, with what it is about. */
export interface GradedAnswer {
  /** Grows with every verdict, in the order in which they were committed. */
  readonly sequence: number;
  readonly grade: Grade;
  /** The evidence that the verdict is on, as it is now. */
  readonly evidence: Evidence;
}
