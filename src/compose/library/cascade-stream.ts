import type { StreamEvent } from "../../messages/message.ts";
import type { CascadeMessage } from "./cascade.ts";
import type { Receipt } from "./receipt.ts";

/** What a stream yields: the events of the Messages API but for pings and errors. */
export type CascadeStreamEvent = Exclude<
  StreamEvent,
  { readonly type: "ping" | "error" | "unknown" }
>;

/** What `on` can be told of. */
export interface CascadeStreamListeners {
  /** A piece of text, and the text of its block so far. */
  readonly text: (delta: string, snapshot: string) => void;
  readonly streamEvent: (event: CascadeStreamEvent) => void;
  readonly finalMessage: (message: CascadeMessage) => void;
  readonly error: (error: unknown) => void;
  /** Whichever way it ended; after `finalMessage` or `error`. */
  readonly end: () => void;
}

/**
 * An answer as it is written. It is read by one loop over it, by listeners, or by waiting for its
 * end. A loop sets the pace: while it is busy, at most 64 KiB are read ahead of it, and upstream
 * has to wait. Listeners, `finalMessage`, `finalText` and `receipt` take the answer as it comes.
 *
 * Leaving the loop early aborts the call; tokens that were written by then are paid for.
 */
export interface CascadeStream extends AsyncIterable<CascadeStreamEvent> {
  /** Id of the request and its receipt. */
  readonly requestId: string;
  /**
   * The whole answer with its receipt.
   *
   * @throws CascadeApiError when there is none or it breaks off
   * @throws `AbortError`, or the reason of the call's signal, when it was aborted
   */
  finalMessage(): Promise<CascadeMessage>;
  /** The texts of the whole answer, joined. Throws what `finalMessage` does. */
  finalText(): Promise<string>;
  /**
   * The receipt when the call is over, also of one that failed or was aborted.
   *
   * @throws what `finalMessage` does, when nothing was sent
   */
  receipt(): Promise<Receipt>;
  /**
   * Adds a listener; it hears what comes from now on. A failure that no listener of `error`, no
   * loop and no promise of this stream can tell is an unhandled rejection. A listener that throws
   * ends the stream with its error.
   */
  on<Name extends keyof CascadeStreamListeners>(
    name: Name,
    listener: CascadeStreamListeners[Name],
  ): CascadeStream;
  /** Ends the call now. Does nothing when it is over. */
  abort(): void;
}
