import type { NanoUsd, TokenCounts } from "../catalogue/cost.ts";
import type { BodyEdit } from "../messages/message-request.ts";
import type {
  AttemptOutcome,
  AttemptRole,
  BypassReason,
  DecisionWord,
  EscalationReason,
  MissingSideReason,
} from "./words.ts";

export type { NanoUsd, TokenCounts };

/** One upstream call and what it cost. */
export interface Attempt {
  /**
   * Position within the request, from 0 in the order of sending. Those that jobs make later have
   * numbers from 200 on, which follow from the job.
   */
  readonly index: number;
  readonly role: AttemptRole;
  /**
   * Position of the tier in its route, from 0; null outside a route. Of a candidate the number its
   * evidence goes by, from 100 on.
   */
  readonly tier: number | null;
  readonly provider: string;
  readonly isSimulated: boolean;
  /** The model that was asked. */
  readonly model: string;
  /** The model that upstream says answered; null when it did not say. */
  readonly reportedModel: string | null;
  readonly outcome: AttemptOutcome;
  /** HTTP status of the response; null when no head arrived. */
  readonly status: number | null;
  /**
   * Failure code, or upstream's error type; null when all was well. Of a triage that was given up
   * for its verdict or its slowness, the reason (see `triageFailureCode`).
   */
  readonly failureCode: string | null;
  readonly stopReason: string | null;
  /** Upstream's `request-id`. */
  readonly upstreamRequestId: string | null;
  /** From the arrival of the client's request to the sending of this call. */
  readonly startedAfterMs: number;
  /** From sending to the first byte of the response head; null when none arrived. */
  readonly firstByteMs: number | null;
  /** From sending to the end, whichever way it ended. */
  readonly latencyMs: number;
  readonly tokens: TokenCounts;
  /** True when the counts are not all upstream's own (aborted, broken, not reported). */
  readonly isEstimated: boolean;
  /** Cost, rounded half-even once; null = unpriced. */
  readonly costNanoUsd: NanoUsd | null;
  /** Where the price came from, for example `catalogue 2026-11-23`; null = unpriced. */
  readonly priceSource: string | null;
  /** What was changed in the client's request before it was sent. */
  readonly edits: readonly BodyEdit[];
  /** Triage only: the confidence that was read. */
  readonly confidence: number | null;
  /** Triage only: the threshold that the confidence was held against. */
  readonly threshold: number | null;
  /**
   * Triage only: whether a visible character of the answer had been read. With the confidence, the
   * threshold, the outcome, `failureCode` and `stopReason` the branch can be taken again.
   */
  readonly answerBegan: boolean;
  /** Triage only: hash of prompt and schema, see `VerdictProtocol`. */
  readonly promptHash: string | null;
}

/** A random choice and the probability it had. */
export interface Draw {
  readonly purpose:
    "canary" | "control" | "triage" | "shadow" | "grade" | "band" | "candidate" | "probe";
  /** Probability of being chosen, 0–1. */
  readonly propensity: number;
  readonly isChosen: boolean;
  /**
   * Of a control draw that went by user: whose it was, as a salted hash. Requests of one unit are in
   * one arm, so that they are no independent observations.
   */
  readonly unit?: string;
  /**
   * Of a grade: the smallest probability that any answer of the route had at that time. Absent = not
   * known.
   */
  readonly least?: number;
}

/** Everything about one client request; the unit of the ledger and of every total. */
export interface RequestRecord {
  readonly id: string;
  readonly startedAtMs: number;
  /** `messages`, or `other` for a metadata row of another path. */
  readonly kind: "messages" | "other";
  readonly path: string;
  /** Null when no route applied. */
  readonly route: string | null;
  readonly routeVersion: string | null;
  /** The mode in force for this request; a canary request is `live` or `shadow`. */
  readonly mode: "off" | "shadow" | "live" | null;
  readonly task: string | null;
  readonly requestedModel: string | null;
  readonly decision: DecisionWord;
  readonly reason: BypassReason | EscalationReason | null;
  /** Tier whose answer the client got; null when none did. */
  readonly tier: number | null;
  /** Model whose answer the client got, as upstream reports it. */
  readonly model: string | null;
  /** Confidence of the last triage; null when none was read. */
  readonly confidence: number | null;
  /** Threshold that the last triage was held against. */
  readonly threshold: number | null;
  readonly thresholdVersion: string | null;
  readonly isStreaming: boolean;
  /** Status the client was given; 499 when it left before. */
  readonly status: number;
  /** Of the answer the client got. */
  readonly stopReason: string | null;
  /** From the request's last byte to the first byte of the answer's body; null when none. */
  readonly firstByteMs: number | null;
  readonly latencyMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Hash of the body without its billing line; finds repeats. */
  readonly bodyHash: string | null;
  /** Coarse classes of the input, for slices and storms, for example `length:short`. */
  readonly inputClasses: readonly string[];
  readonly draws: readonly Draw[];
  readonly attempts: readonly Attempt[];
  /**
   * What the deep model alone would have cost: measured when it answered the whole request,
   * estimated from the shipped answer's tokens else; null = not known.
   */
  readonly allDeepNanoUsd: NanoUsd | null;
  readonly allDeepBasis: "measured" | "estimated" | null;
}

/** Cheap and deep answer to one request. A side that is missing says why. */
export interface ShadowPair {
  readonly requestId: string;
  readonly route: string;
  readonly routeVersion: string;
  readonly createdAtMs: number;
  readonly cheap: PairSide;
  readonly deep: PairSide;
}

export interface PairSide {
  /** Index of the attempt that holds the answer; null when the side is missing. */
  readonly attempt: number | null;
  /** Null when the side is there. */
  readonly missing: MissingSideReason | null;
  readonly model: string | null;
  readonly confidence: number | null;
}
