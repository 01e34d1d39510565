import type { Attempt, RequestRecord } from "../../cascade/receipt.ts";
import type { MessageRequest } from "../../messages/message-request.ts";
import type { Message } from "../../messages/message.ts";

/** A model call of a job, about a request that has its record. */
export interface ModelCall {
  /** Name of the provider, which has a credential of its own. */
  readonly provider: string;
  readonly request: MessageRequest;
  readonly attemptIndex: number;
  readonly record: RequestRecord;
}

export interface ModelAnswer {
  /** Booked like any other; whatever happened, it is part of the receipt. */
  readonly attempt: Attempt;
  /** Null when no whole message came. */
  readonly message: Message | null;
}

/** Asks a model. Never rejects. `compose/` plugs in the way in which the router asks. */
export type CallModel = (call: ModelCall, signal: AbortSignal) => Promise<ModelAnswer>;
