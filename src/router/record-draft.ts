import type { Attempt, Draw, RequestRecord } from "../cascade/receipt.ts";
import type { BypassReason, DecisionWord, EscalationReason } from "../cascade/words.ts";

/** The parts of a record that are known before anything is sent. */
export type RecordHead = Pick<
  RequestRecord,
  | "id"
  | "startedAtMs"
  | "kind"
  | "path"
  | "route"
  | "routeVersion"
  | "mode"
  | "task"
  | "requestedModel"
  | "thresholdVersion"
  | "isStreaming"
  | "requestBytes"
  | "bodyHash"
  | "inputClasses"
>;

/** The parts that are known when the client has been served. */
export type RecordTail = Pick<
  RequestRecord,
  | "status"
  | "firstByteMs"
  | "latencyMs"
  | "responseBytes"
  | "allDeepNanoUsd"
  | "allDeepBasis"
  | "tier"
  | "model"
  | "stopReason"
>;

/** A record while its request is under way. The only mutable thing about a request. */
export interface RecordDraft {
  readonly head: RecordHead;
  readonly attempts: readonly Attempt[];
  readonly decision: DecisionWord;
  readonly reason: BypassReason | EscalationReason | null;
  readonly confidence: number | null;
  readonly threshold: number | null;
  /** The number of the next attempt; each call takes one. */
  takeAttemptIndex(): number;
  addAttempt(attempt: Attempt): void;
  decide(decision: DecisionWord, reason: BypassReason | EscalationReason | null): void;
  /** What the last triage stated, and what it was held against. */
  weigh(confidence: number | null, threshold: number): void;
  addDraw(draw: Draw): void;
  isDrawn(purpose: Draw["purpose"]): boolean;
  finish(tail: RecordTail): RequestRecord;
}

export function createRecordDraft(head: RecordHead, draws: readonly Draw[]): RecordDraft {
  const attempts: Attempt[] = [];
  const allDraws = [...draws];
  let nextIndex = 0;
  let decision: DecisionWord = "passthrough";
  let reason: RequestRecord["reason"] = null;
  let confidence: number | null = null;
  let threshold: number | null = null;
  return {
    head,
    attempts,
    get decision() {
      return decision;
    },
    get reason() {
      return reason;
    },
    get confidence() {
      return confidence;
    },
    get threshold() {
      return threshold;
    },
    takeAttemptIndex() {
      nextIndex += 1;
      return nextIndex - 1;
    },
    addAttempt: (attempt) => {
      attempts.push(attempt);
    },
    decide(newDecision, newReason) {
      decision = newDecision;
      reason = newReason;
    },
    weigh(newConfidence, newThreshold) {
      confidence = newConfidence;
      threshold = newThreshold;
    },
    addDraw: (draw) => {
      allDraws.push(draw);
    },
    isDrawn: (purpose) => allDraws.some((draw) => draw.purpose === purpose && draw.isChosen),
    finish: (tail) => ({
      ...head,
      decision,
      reason,
      confidence,
      threshold,
      draws: allDraws,
      attempts,
      ...tail,
    }),
  };
}
