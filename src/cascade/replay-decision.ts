import { decide, troubleAtEnd, type TriageEnd, type TriageEvidence } from "./decide.ts";
import type { Attempt, RequestRecord } from "./receipt.ts";
import type { Route } from "./route.ts";
import type { VerdictProblem, VerdictState } from "./verdict.ts";
import type { BypassReason, DecisionWord, EscalationReason } from "./words.ts";
import { BYPASS_REASONS } from "./words.ts";

/** `Attempt.failureCode` of a triage that was given up for its slowness. */
export const TRIAGE_TIMEOUT_CODE = "triage_timeout";

/**
 * What an attempt must hold as `failureCode` so that its decision can be replayed: the problem of
 * a verdict that was unusable before its call ended or although it ended well, or the word for a
 * timeout. Null: whatever else went wrong, upstream's own code is the one to record.
 */
export function triageFailureCode({
  verdict,
  end,
}: Pick<TriageEvidence, "verdict" | "end">): string | null {
  if (end?.kind === "timeout") return TRIAGE_TIMEOUT_CODE;
  const hasEndedWell = end === null || (end.kind === "stopped" && end.stopReason === "end_turn");
  return verdict.kind === "unusable" && hasEndedWell ? verdict.problem : null;
}

export interface ReplayedDecision {
  readonly decision: DecisionWord;
  readonly reason: BypassReason | EscalationReason | null;
  /** Tier whose answer was to ship, or the last one when no triage decided; null without a route. */
  readonly tier: number | null;
}

/**
 * Takes the decision of a record again, from what was observed and drawn at the time and by the
 * same rules. Equal to the record's own `decision` and `reason`, or something is broken.
 *
 * What a body was not eligible for is taken from the record, since the body itself may be gone, and
 * so are the thresholds in force; the route's own serve records that do not hold them.
 */
export function replayDecision(record: RequestRecord, route: Route | null): ReplayedDecision {
  if (record.kind === "other") return { decision: "forwarded", reason: null, tier: null };
  if (route === null || record.mode === null) {
    return { decision: "passthrough", reason: null, tier: null };
  }
  const lastTier = route.tiers.length - 1;
  if (record.mode === "off") return { decision: "bypassed", reason: "route_off", tier: lastTier };
  const bypassReason = BYPASS_REASONS.find((reason) => reason === record.reason);
  if (bypassReason !== undefined) {
    return { decision: "bypassed", reason: bypassReason, tier: lastTier };
  }
  if (record.mode === "shadow") return { decision: "shadowed", reason: null, tier: lastTier };
  const isControl = record.draws.some(({ purpose, isChosen }) => purpose === "control" && isChosen);
  if (isControl) return { decision: "control", reason: null, tier: lastTier };
  return replayClimb(record, route);
}

function replayClimb(record: RequestRecord, route: Route): ReplayedDecision {
  let reason: EscalationReason | null = null;
  for (const attempt of record.attempts) {
    if (attempt.role !== "triage" || attempt.tier === null) continue;
    const threshold = attempt.threshold ?? route.tiers[attempt.tier]?.threshold ?? null;
    if (threshold === null) continue;
    reason = escalationOf(attempt, threshold, record.isStreaming);
    if (reason === null) return { decision: "shipped", reason: null, tier: attempt.tier };
  }
  return { decision: "escalated", reason, tier: route.tiers.length - 1 };
}

/** Why a recorded triage did not ship; null when it did. */
function escalationOf(
  attempt: Attempt,
  threshold: number,
  isStreaming: boolean,
): EscalationReason | null {
  const verdict = recordedVerdict(attempt);
  const end = recordedEnd(attempt);
  // A verdict's own problem was met before the end, or it would not be the recorded code.
  const isEndKnown = verdict.kind !== "unusable";
  const decision = decide({ verdict, threshold, end: isEndKnown ? end : null });
  if (decision.kind === "escalate") return decision.reason;
  if (decision.kind === "wait") {
    return attempt.outcome === "client_left" ? "client_left" : "triage_stopped";
  }
  if (isStreaming || end === null) return null;
  return troubleAtEnd(verdict.kind === "answering" ? completed(verdict.confidence) : verdict, end);
}

function recordedVerdict({ confidence, answerBegan, failureCode }: Attempt): VerdictState {
  const problem = VERDICT_PROBLEMS.find((word) => word === failureCode);
  if (problem !== undefined) return { kind: "unusable", problem, confidence, answerBegan };
  if (confidence === null) return { kind: "reading" };
  return { kind: answerBegan ? "answering" : "confidence", confidence };
}

/** An answer that began and whose verdict no problem is recorded of was read to its end. */
function completed(confidence: number): VerdictState {
  return { kind: "complete", confidence };
}

function recordedEnd({ outcome, failureCode, stopReason }: Attempt): TriageEnd | null {
  switch (outcome) {
    case "completed":
      return { kind: "stopped", stopReason };
    case "aborted":
      return failureCode === TRIAGE_TIMEOUT_CODE ? { kind: "timeout" } : null;
    case "http_error":
      return { kind: "http_error" };
    case "stream_error":
      return { kind: "stream_error" };
    case "failed":
      return { kind: "connection" };
    case "client_left":
      return null;
  }
}

const VERDICT_PROBLEMS: readonly VerdictProblem[] = [
  "confidence_missing",
  "confidence_invalid",
  "verdict_unreadable",
  "null_answer",
  "blank_answer",
  "answer_not_string",
  "answer_missing",
];
