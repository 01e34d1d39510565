import type { MessageRequest } from "../../messages/message-request.ts";
import type { VerdictReader } from "../verdict.ts";
import type { BypassReason } from "../words.ts";

/** What a triage request depends on besides the client's own. */
export interface TriageTarget {
  /** The model that the triage goes to. */
  readonly model: string;
  /** Highest `max_tokens` that the model takes; null = not known. */
  readonly maxOutputTokens: number | null;
  /** What the model does when a request says nothing of thinking. */
  readonly thinkingWhenOmitted: "on" | "off";
}

/**
 * A way to make a model state its confidence. A new one is a file in this folder and a line in
 * `create-protocol.ts`; `protocol.contract.ts` says what every one must do.
 */
export interface VerdictProtocol {
  readonly kind: string;
  /**
   * Hash of everything the model sees of us (instruction, schema). Stored in every record; evidence
   * gathered under one hash says nothing about another.
   */
  readonly promptHash: string;
  /** Tokens the instruction adds to a triage, roughly; for estimates of what it would else cost. */
  readonly instructionTokens: number;
  /** Output tokens that the verdict puts around the answer, roughly; for the same estimates. */
  readonly wrapperTokens: number;
  /** Why this protocol cannot triage the request, or null. */
  ineligible(request: MessageRequest): BypassReason | null;
  /** The request to send to a triage tier, before the catalogue's edits for its model. */
  triageRequest(request: MessageRequest, target: TriageTarget): MessageRequest;
  createReader(): VerdictReader;
  /**
   * What the client is given when the triage ships: `answer` = the decoded answer text in a text
   * block; `verbatim` = upstream's own stream as it came.
   */
  readonly shippedForm: "answer" | "verbatim";
}
