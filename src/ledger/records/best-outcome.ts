import type { Outcome, Outcomes } from "./evidence.ts";

/**
 * The outcome that counts: the label's, else the human's, else the judge's; null when nobody has
 * said anything. Graders who contradict each other leave `disputed` at their level: a weaker grader
 * does not settle what stronger ones disagree on.
 */
export function bestOutcome(outcomes: Outcomes): Outcome | null {
  return outcomes.label ?? outcomes.human ?? outcomes.judge;
}
