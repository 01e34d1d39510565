import type { VerdictState } from "./verdict.ts";
import type { EscalationReason } from "./words.ts";

/** How a triage call ended, as far as the decision is concerned. */
export type TriageEnd =
  | { readonly kind: "stopped"; readonly stopReason: string | null }
  | { readonly kind: "http_error" }
  | { readonly kind: "stream_error" }
  | { readonly kind: "connection" }
  | { readonly kind: "timeout" };

export type TriageDecision =
  /** Read on. */
  | { readonly kind: "wait" }
  | { readonly kind: "ship" }
  | { readonly kind: "escalate"; readonly reason: EscalationReason };

/** Everything the branch depends on. */
export interface TriageEvidence {
  readonly verdict: VerdictState;
  readonly threshold: number;
  /** Null while the call goes on. */
  readonly end: TriageEnd | null;
}

/**
 * The branch. Confidence at or above the threshold and an answer that has begun ships; anything
 * else escalates, as soon as that is certain. Holds for streaming and non-streaming clients alike;
 * what happens after an answer has begun to ship is the router's business.
 *
 * The order of the questions makes the outcome independent of how the text was cut into pieces:
 * what a reader fed character by character would have learned first is asked first.
 */
export function decide(evidence: TriageEvidence): TriageDecision {
  const { verdict, threshold, end } = evidence;
  const confidence = verdict.kind === "reading" ? null : verdict.confidence;
  if (confidence !== null && !(confidence >= threshold)) return escalate("low_confidence");
  if (confidence !== null && hasAnswerBegun(verdict)) return { kind: "ship" };
  if (end !== null && !isNormalEnd(end)) return escalate(reasonOfEnd(end));
  if (verdict.kind === "unusable") return escalate(verdict.problem);
  return end === null ? { kind: "wait" } : escalate(reasonOfEnd(end));
}

/**
 * What is wrong with an answer that had begun, once its call has ended; null when it is whole. A
 * client that does not stream has been sent nothing by then and is escalated for this reason; one
 * that streams is told of the trouble instead.
 */
export function troubleAtEnd(verdict: VerdictState, end: TriageEnd): EscalationReason | null {
  if (!isNormalEnd(end)) return reasonOfEnd(end);
  if (verdict.kind === "unusable") return verdict.problem;
  return verdict.kind === "complete" ? null : "verdict_unreadable";
}

function hasAnswerBegun(verdict: VerdictState): boolean {
  if (verdict.kind === "unusable") return verdict.answerBegan;
  return verdict.kind === "answering" || verdict.kind === "complete";
}

/** A normal end adds nothing to what the verdict itself says. */
function isNormalEnd(end: TriageEnd): boolean {
  return end.kind === "stopped" && end.stopReason === "end_turn";
}

function reasonOfEnd(end: TriageEnd): EscalationReason {
  switch (end.kind) {
    case "http_error":
      return "triage_http_error";
    case "stream_error":
      return "triage_stream_error";
    case "connection":
      return "triage_connection";
    case "timeout":
      return "triage_timeout";
    case "stopped":
      if (end.stopReason === "refusal") return "triage_refused";
      if (end.stopReason === "max_tokens") return "triage_max_tokens";
      return "triage_stopped";
  }
}

function escalate(reason: EscalationReason): TriageDecision {
  return { kind: "escalate", reason };
}
