import type { Message } from "../../messages/message.ts";
import type { CallOptions, MessageParams } from "./call-request.ts";
import type { CascadeStream } from "./cascade-stream.ts";
import type { Classified, ClassifyTask } from "./classify.ts";
import type { Receipt } from "./receipt.ts";

/** Cheap models first, the last one for what they are not sure of. Made by `createCascade`. */
export interface Cascade {
  readonly messages: CascadeMessages;
  /**
   * Has a text classified: the cheapest tier that is sure enough of its label decides.
   *
   * @throws LeadsmanError `invalid_labels`, `invalid_call`, `cascade_closed`
   * @throws CascadeApiError see there; also when the last tier gives no label of the list
   * @throws the signal's reason (by default an `AbortError`) when it is aborted
   */
  classify<const Label extends string>(
    task: ClassifyTask<Label>,
    options?: CallOptions,
  ): Promise<Classified<Label>>;
  /**
   * Takes no further calls, lets those under way and background calls end, and closes what the
   * cascade has opened itself. Providers and ledgers that were handed over stay open.
   *
   * @param signal aborted = give up what is still under way
   */
  close(signal?: AbortSignal): Promise<void>;
}

/** What the official SDK calls `client.messages`, with a receipt on every answer. */
export interface CascadeMessages {
  /**
   * Has a message answered. With `stream: true` the promise resolves when the answer begins.
   *
   * Nothing is retried but one failed connection to the last tier: a status such as 429 or 529 is
   * the caller's to retry (`CascadeApiError.status`, `.headers`).
   *
   * @throws LeadsmanError `invalid_call`, `cascade_closed`
   * @throws CascadeApiError when there is no complete answer
   * @throws the signal's reason (by default an `AbortError`) when it is aborted
   */
  create<Params extends MessageParams & { readonly stream: true }>(
    params: Params,
    options?: CallOptions,
  ): Promise<CascadeStream>;
  create<Params extends MessageParams & { readonly stream?: false }>(
    params: Params,
    options?: CallOptions,
  ): Promise<CascadeMessage>;
  create<Params extends MessageParams>(
    params: Params,
    options?: CallOptions,
  ): Promise<CascadeMessage | CascadeStream>;
  /** The same as a stream that is there at once; what goes wrong is told by the stream. */
  stream<Params extends MessageParams>(params: Params, options?: CallOptions): CascadeStream;
}

/** The answer as the Messages API gives it, every member as it came, and its receipt. */
export interface CascadeMessage extends Message {
  readonly receipt: Receipt;
}

/** The texts of a message's text blocks, joined. */
export function messageText({ content }: Pick<Message, "content">): string {
  return content.map((block) => (block.type === "text" ? (block.text ?? "") : "")).join("");
}
