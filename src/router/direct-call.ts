import type { Attempt } from "../cascade/receipt.ts";
import { decodeBody } from "../messages/content-decoding.ts";
import { readErrorEnvelope } from "../messages/error-envelope.ts";
import type { ApiError, Message } from "../messages/message.ts";
import { readMessageResponse } from "../messages/read-message-usage.ts";
import { createWholeFrames, type WholeFrames } from "../messages/whole-frames.ts";
import type {
  Provider,
  UpstreamCall,
  UpstreamFailure,
  UpstreamHead,
  UpstreamRequest,
  UpstreamSink,
} from "../providers/provider.ts";
import type { AttemptEnd, OpenAttempt } from "./attempt-log.ts";
import { endOfMessage } from "./end-of-message.ts";
import { watchMessage, watchNothing, watchUsage, type StreamWatch } from "./stream-watch.ts";

/** Where the answer of a direct call goes while it arrives. */
export interface DirectAnswer {
  /** A streamed answer has begun: open the client's response. */
  beginStream(head: UpstreamHead): void;
  /** Bytes of a streamed answer, unchanged, in whole frames. */
  stream(chunk: Uint8Array): void;
}

/** How a direct call ended. Nothing of what `rest` and `body` hold has been sent to the client. */
export type DirectResult =
  /** A stream was passed on; `rest` is the part held back until the record is committed. */
  | {
      readonly kind: "streamed";
      readonly head: UpstreamHead;
      readonly attempt: Attempt;
      readonly rest: readonly Uint8Array[];
      /** Set when the stream broke after it had begun: the client must be told. */
      readonly trouble: ApiError | null;
      readonly message: Message | null;
    }
  /** A response that is sent in one piece: a JSON answer or an upstream error. */
  | {
      readonly kind: "whole";
      readonly head: UpstreamHead;
      readonly attempt: Attempt;
      readonly body: Uint8Array;
      readonly message: Message | null;
    }
  /** No response came. */
  | { readonly kind: "failed"; readonly attempt: Attempt; readonly failure: UpstreamFailure }
  | { readonly kind: "client_left"; readonly attempt: Attempt };

export interface DirectCallOptions {
  readonly provider: Provider;
  readonly request: UpstreamRequest;
  readonly attempt: OpenAttempt;
  readonly answer: DirectAnswer;
  readonly onSent: (call: UpstreamCall) => void;
  /** Whether the whole message is wanted afterwards (for the ledger or a pair). */
  readonly keepsMessage: boolean;
}

/** An answer in one piece may not be larger than this; no model writes that much. */
const MAX_WHOLE_BYTES = 64 * 1024 * 1024;

/** The copy of a compressed answer that is read may not become larger; its books are estimated then. */
const MAX_DECODED_BYTES = 16 * 1024 * 1024;

/**
 * How long the body of a message that is whole may take to end, once its answer has been given. Ends
 * that come at all come within a round trip; a connection that is held for longer costs more than
 * another one.
 */
const BODY_GRACE_MS = 100;

/** One request on the wire whose answer is passed on, the token counts being read as they go by. */
export class DirectCall implements UpstreamSink {
  readonly result: Promise<DirectResult>;
  readonly #options: DirectCallOptions;
  readonly #call: UpstreamCall;
  readonly #held: Uint8Array[] = [];
  #heldBytes = 0;
  #resolve: (result: DirectResult) => void = () => undefined;
  #head: UpstreamHead | null = null;
  /** Set once a stream has begun. */
  #watch: StreamWatch | null = null;
  #frames: WholeFrames | null = null;
  /** The result is known. */
  #isOver = false;
  /** The connection is free or lost: nothing comes any more. */
  #hasBodyEnded = false;
  #graceTimer: NodeJS.Timeout | null = null;

  constructor(options: DirectCallOptions) {
    this.#options = options;
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#call = options.provider.send(options.request, this);
    options.onSent(this.#call);
  }

  /** The client has left: closes the upstream connection now. */
  abandon(): void {
    if (this.#isOver) return;
    this.#abort();
    const end: AttemptEnd = { ...this.#watch?.end(), outcome: "client_left" };
    this.#conclude({ kind: "client_left", attempt: this.#options.attempt.close(end) });
  }

  /**
   * Says that the answer has been given. A body that has not ended by now gets a short time to do so,
   * that its connection can be used again, and is then closed. To be called after the commit: by
   * then nearly every body has ended, and no timer is made.
   */
  letGo(): void {
    if (this.#hasBodyEnded || !this.#isOver || this.#graceTimer !== null) return;
    // A slow client may have left it paused; what comes is dropped and need not wait for anybody.
    this.#call.resume();
    this.#graceTimer = setTimeout(() => {
      this.#abort();
    }, BODY_GRACE_MS);
  }

  onHead(head: UpstreamHead): void {
    const { attempt, answer, keepsMessage } = this.#options;
    this.#head = head;
    attempt.head(head);
    if (head.status !== 200 || !isEventStream(head)) return;
    if (isCompressed(head)) this.#watch = watchNothing();
    else {
      this.#watch = keepsMessage ? watchMessage() : watchUsage();
      this.#frames = createWholeFrames();
    }
    answer.beginStream(head);
  }

  onChunk(chunk: Uint8Array): void {
    if (this.#isOver) return;
    const watch = this.#watch;
    watch?.push(chunk);
    if (watch !== null && !watch.isEnding()) {
      const frames = this.#frames === null ? chunk : this.#frames.push(chunk);
      if (frames !== null) this.#options.answer.stream(frames);
      return;
    }
    if (watch !== null) {
      this.#endMessage(watch, chunk);
      return;
    }
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    if (this.#heldBytes <= MAX_WHOLE_BYTES) return;
    this.#abort();
    this.onFailure(TOO_LARGE);
  }

  onEnd(): void {
    this.#noteBodyEnd();
    if (this.#isOver) return;
    const watch = this.#watch;
    if (watch === null) this.#endWhole();
    else if (watch.blindness() !== null) this.#concludeStream(watch, null, null);
    else {
      const trouble = brokenStream("It ended before the message did.");
      this.#concludeStream(watch, trouble, "connection_lost");
    }
  }

  onFailure(failure: UpstreamFailure): void {
    this.#noteBodyEnd();
    if (this.#isOver) return;
    const watch = this.#watch;
    if (watch === null) {
      const end: AttemptEnd = { outcome: "failed", failureCode: failure.code };
      this.#conclude({ kind: "failed", attempt: this.#options.attempt.close(end), failure });
    } else this.#concludeStream(watch, brokenStream(failure.message), failure.code);
  }

  /**
   * The message's last event has come, and waits for the commit. What upstream sends behind it is
   * dropped, in this chunk as in later ones: so the answer is the same however the stream is cut,
   * and nobody waits for an upstream that leaves its body open.
   */
  #endMessage(watch: StreamWatch, chunk: Uint8Array): void {
    const begun = this.#frames?.takeRest() ?? null;
    const bytes = begun === null ? chunk : Buffer.concat([begun, chunk]);
    const end = endOfMessage(bytes);
    this.#held.push(end === null ? bytes : bytes.subarray(0, end.offset));
    this.#concludeStream(watch, null, null, end?.event === "message_stop");
  }

  #noteBodyEnd(): void {
    this.#hasBodyEnded = true;
    if (this.#graceTimer !== null) clearTimeout(this.#graceTimer);
  }

  #abort(): void {
    this.#noteBodyEnd();
    this.#call.abort();
  }

  /** @param isWhole an error that was read came behind the message, and is no part of it */
  #concludeStream(
    watch: StreamWatch,
    trouble: ApiError | null,
    failureCode: string | null,
    isWhole = false,
  ): void {
    if (this.#head === null) return;
    const blindness = watch.blindness();
    const error = isWhole ? null : watch.error();
    const flaw = error?.type ?? (blindness === "compressed" ? null : blindness);
    const attempt = this.#options.attempt.close({
      ...watch.end(),
      outcome: trouble !== null ? "failed" : flaw === null ? "completed" : "stream_error",
      failureCode: failureCode ?? flaw,
    });
    const message = watch.message();
    const rest = this.#held;
    this.#conclude({ kind: "streamed", head: this.#head, attempt, rest, trouble, message });
  }

  #endWhole(): void {
    const head = this.#head;
    if (head === null) return;
    const [first] = this.#held;
    const body = this.#held.length === 1 && first ? first : Buffer.concat(this.#held);
    // The common case stays free of promises.
    if (!isCompressed(head)) {
      this.#concludeWhole(head, body, body);
      return;
    }
    // All has come: a client that leaves while the copy is read undoes nothing.
    this.#isOver = true;
    void decodeBody(body, encodingOf(head), MAX_DECODED_BYTES).then((decoded) => {
      this.#concludeWhole(head, body, decoded.ok ? decoded.value : null);
    });
  }

  /** @param readable the body as it was before it was compressed; null when that cannot be known */
  #concludeWhole(head: UpstreamHead, body: Uint8Array, readable: Uint8Array | null): void {
    const message = head.status === 200 && readable ? readMessageResponse(readable) : null;
    const isError = head.status >= 300;
    const isNoMessage = head.status === 200 && message === null && readable !== null;
    const attempt = this.#options.attempt.close({
      outcome: isError ? "http_error" : isNoMessage ? "stream_error" : "completed",
      failureCode: isError ? failureCodeOf(head, readable) : isNoMessage ? "not_a_message" : null,
      stopReason: message?.stop_reason ?? null,
      usage: message?.usage ?? null,
      reportedModel: message?.model ?? null,
    });
    this.#conclude({ kind: "whole", head, attempt, body, message });
  }

  #conclude(result: DirectResult): void {
    this.#isOver = true;
    this.#resolve(result);
  }
}

function failureCodeOf(head: UpstreamHead, readable: Uint8Array | null): string {
  const error = readable === null ? null : readErrorEnvelope(readable);
  return error?.type ?? `status_${String(head.status)}`;
}

function isEventStream(head: UpstreamHead): boolean {
  const type = head.headers["content-type"];
  return typeof type === "string" && type.startsWith("text/event-stream");
}

function isCompressed(head: UpstreamHead): boolean {
  const encoding = encodingOf(head);
  return encoding !== undefined && encoding !== "identity";
}

function encodingOf({ headers }: UpstreamHead): string | undefined {
  const encoding = headers["content-encoding"];
  return typeof encoding === "object" ? encoding.join(", ") : encoding;
}

/** @param detail a sentence */
function brokenStream(detail: string): ApiError {
  const message = `The upstream's stream broke off. ${detail} Please send the request again.`;
  return { type: "api_error", message };
}

const TOO_LARGE: UpstreamFailure = {
  code: "connection_lost",
  message: `The answer was larger than ${String(MAX_WHOLE_BYTES)} bytes.`,
  isSafeToRetry: false,
};
