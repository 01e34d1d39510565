import type { Attempt } from "../cascade/receipt.ts";

/** Knows under which name upstream answers for a model that is asked for. */
export interface ReportedNames {
  note(attempt: Attempt): void;
  /** The name as upstream last said it; the model's own when it has not. */
  of(model: string): string;
}

/** Names come from clients: remember enough of them, not all of them. */
const MAX_NAMES = 1_000;

/**
 * An answer that is graded without a deep one beside it belongs to the evidence about that deep
 * model all the same, and evidence goes by the names that upstream reports.
 */
export function createReportedNames(): ReportedNames {
  const reportedByAsked = new Map<string, string>();
  return {
    note: ({ model, reportedModel }) => {
      if (reportedModel === null) return;
      if (reportedByAsked.has(model) || reportedByAsked.size < MAX_NAMES) {
        reportedByAsked.set(model, reportedModel);
      }
    },
    of: (model) => reportedByAsked.get(model) ?? model,
  };
}
