import type { Ledger } from "../ledger/ledger.ts";
import { openGradingDesk, type GradingDesk } from "../quality/grading/grading-desk.ts";
import type { GradingScope } from "../quality/grading/scan-items.ts";
import type { Clock } from "../support/clock.ts";

export type { BlindCard, CardVerdict } from "../quality/grading/blind-card.ts";
export type { GradingDesk } from "../quality/grading/grading-desk.ts";
export type { Reveal, RevealedAnswer } from "../quality/grading/grading-verdict.ts";
export type { NothingToGrade } from "../quality/grading/nothing-to-grade.ts";
export type { GradingScope } from "../quality/grading/scan-items.ts";

/** A desk at which somebody grades answers of this ledger. */
export function openGrading(
  ledger: Ledger,
  scope: GradingScope,
  grader: string,
  clock: Clock,
): GradingDesk {
  return openGradingDesk(ledger, scope, grader, clock);
}
