import type { Attempt, Draw, RequestRecord } from "../cascade/receipt.ts";
import type { DecisionWord } from "../cascade/words.ts";

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
export class RecordDraft {
  readonly head: RecordHead;
  readonly attempts: Attempt[] = [];
  decision: DecisionWord = "passthrough";
  reason: RequestRecord["reason"] = null;
  confidence: number | null = null;
  threshold: number | null = null;
  readonly #draws: Draw[];
  #nextAttemptIndex: number;

  /** @param firstAttemptIndex of the calls to come; default 0 */
  constructor(head: RecordHead, draws: readonly Draw[], firstAttemptIndex = 0) {
    this.head = head;
    this.#draws = [...draws];
    this.#nextAttemptIndex = firstAttemptIndex;
  }

  /** Takes a record up again that is in the ledger, for a call that a job makes later. */
  static of(record: RequestRecord, firstAttemptIndex: number): RecordDraft {
    const draft = new RecordDraft(record, record.draws, firstAttemptIndex);
    draft.attempts.push(...record.attempts);
    draft.decide(record.decision, record.reason);
    draft.confidence = record.confidence;
    draft.threshold = record.threshold;
    return draft;
  }

  /** The number of the next attempt; each call takes one. */
  takeAttemptIndex(): number {
    this.#nextAttemptIndex += 1;
    return this.#nextAttemptIndex - 1;
  }

  addAttempt(attempt: Attempt): void {
    this.attempts.push(attempt);
  }

  decide(decision: DecisionWord, reason: RequestRecord["reason"]): void {
    this.decision = decision;
    this.reason = reason;
  }

  /** What the last triage stated, and what it was held against. */
  weigh(confidence: number | null, threshold: number): void {
    this.confidence = confidence;
    this.threshold = threshold;
  }

  addDraw(draw: Draw): void {
    this.#draws.push(draw);
  }

  get draws(): readonly Draw[] {
    return this.#draws;
  }

  isDrawn(purpose: Draw["purpose"]): boolean {
    return this.#draws.some((draw) => draw.purpose === purpose && draw.isChosen);
  }

  finish(tail: RecordTail): RequestRecord {
    return {
      ...this.head,
      decision: this.decision,
      reason: this.reason,
      confidence: this.confidence,
      threshold: this.threshold,
      draws: this.#draws,
      attempts: this.attempts,
      ...tail,
    };
  }
}
