import type { Attempt } from "../cascade/receipt.ts";
import { readErrorEnvelope } from "../messages/error-envelope.ts";
import { createMessageAccumulator } from "../messages/message-accumulator.ts";
import type { ApiError, BlockDelta, Message } from "../messages/message.ts";
import { readMessageResponse } from "../messages/read-message-usage.ts";
import { createSseReader } from "../messages/sse-reader.ts";
import { readStreamEvent } from "../messages/stream-event.ts";
import { createUsageTap, type UsageTap } from "../messages/usage-tap.ts";
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
  #isOver = false;

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
    this.#call.abort();
    const end: AttemptEnd = { ...this.#watch?.end(), outcome: "client_left" };
    this.#conclude({ kind: "client_left", attempt: this.#options.attempt.close(end) });
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
    // From the chunk that ends the message on, everything waits for the commit.
    const begun = this.#frames?.takeRest() ?? null;
    if (begun !== null) this.#hold(begun);
    this.#hold(chunk);
    if (this.#heldBytes <= MAX_WHOLE_BYTES) return;
    this.#call.abort();
    this.onFailure(TOO_LARGE);
  }

  onEnd(): void {
    if (this.#isOver) return;
    const watch = this.#watch;
    if (watch === null) this.#concludeWhole();
    else if (watch.isEnding() || watch.blindness() !== null) {
      this.#concludeStream(watch, null, null);
    } else {
      const trouble = brokenStream("it ended before the message did");
      this.#concludeStream(watch, trouble, "connection_lost");
    }
  }

  onFailure(failure: UpstreamFailure): void {
    if (this.#isOver) return;
    const watch = this.#watch;
    if (watch === null) {
      const end: AttemptEnd = { outcome: "failed", failureCode: failure.code };
      this.#conclude({ kind: "failed", attempt: this.#options.attempt.close(end), failure });
    } else if (watch.isEnding()) this.#concludeStream(watch, null, null);
    else this.#concludeStream(watch, brokenStream(failure.message), failure.code);
  }

  #hold(chunk: Uint8Array): void {
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
  }

  #concludeStream(watch: StreamWatch, trouble: ApiError | null, failureCode: string | null): void {
    if (this.#head === null) return;
    const blindness = watch.blindness();
    const flaw = watch.error()?.type ?? (blindness === "compressed" ? null : blindness);
    const attempt = this.#options.attempt.close({
      ...watch.end(),
      outcome: trouble !== null ? "failed" : flaw === null ? "completed" : "stream_error",
      failureCode: failureCode ?? flaw,
    });
    const message = watch.message();
    const rest = this.#held;
    this.#conclude({ kind: "streamed", head: this.#head, attempt, rest, trouble, message });
  }

  #concludeWhole(): void {
    const head = this.#head;
    if (head === null) return;
    const [first] = this.#held;
    const body = this.#held.length === 1 && first ? first : Buffer.concat(this.#held);
    const message = head.status === 200 ? readMessageResponse(body) : null;
    const isError = head.status >= 300;
    const isNoMessage = head.status === 200 && message === null && !isCompressed(head);
    const attempt = this.#options.attempt.close({
      outcome: isError ? "http_error" : isNoMessage ? "stream_error" : "completed",
      failureCode: isError ? failureCodeOf(head, body) : isNoMessage ? "not_a_message" : null,
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

function failureCodeOf(head: UpstreamHead, body: Uint8Array): string {
  return readErrorEnvelope(body)?.type ?? `status_${String(head.status)}`;
}

/** What a passing stream tells about itself. */
interface StreamWatch {
  /** Why the stream cannot be read, so that HTTP alone says whether it is whole; null when it can. */
  blindness(): "compressed" | "frame_too_large" | null;
  push(chunk: Uint8Array): void;
  /** The message's last event, or an error event, has come. */
  isEnding(): boolean;
  error(): ApiError | null;
  end(): Omit<AttemptEnd, "outcome">;
  message(): Message | null;
}

/** The cheap way: reads only the events that carry counts. */
function watchUsage(): StreamWatch {
  const tap: UsageTap = createUsageTap();
  return {
    blindness: () => tap.problem,
    push: (chunk) => {
      tap.push(chunk);
    },
    isEnding: () => tap.isStopped || tap.error !== null,
    error: () => tap.error,
    end: () => ({
      usage: tap.usage,
      stopReason: tap.stopReason,
      reportedModel: tap.reportedModel,
      answerBytes: tap.outputTextBytes,
    }),
    message: () => null,
  };
}

/** The full way, when the answer itself is wanted afterwards. */
function watchMessage(): StreamWatch {
  const accumulator = createMessageAccumulator();
  let answerBytes = 0;
  const reader = createSseReader((frame) => {
    const event = readStreamEvent(frame);
    if (!event.ok) return;
    if (event.value.type === "content_block_delta") answerBytes += deltaBytes(event.value.delta);
    accumulator.push(event.value);
  });
  return {
    blindness: () => reader.problem,
    push: (chunk) => {
      reader.push(chunk);
    },
    isEnding: () => accumulator.isComplete || accumulator.error !== null,
    error: () => accumulator.error,
    end: () => ({
      usage: accumulator.usage,
      stopReason: accumulator.stopReason,
      reportedModel: accumulator.reportedModel,
      answerBytes,
    }),
    message: () => accumulator.message(),
  };
}

/** For upstreams that compress although they were asked not to: nothing is learned. */
function watchNothing(): StreamWatch {
  return {
    blindness: () => "compressed",
    push: () => undefined,
    isEnding: () => false,
    error: () => null,
    end: () => ({}),
    message: () => null,
  };
}

/** Bytes of what the model wrote, without the JSON around it. */
function deltaBytes({ text, thinking, partial_json: json }: BlockDelta): number {
  return Buffer.byteLength(text ?? thinking ?? json ?? "");
}

function isEventStream(head: UpstreamHead): boolean {
  const type = head.headers["content-type"];
  return typeof type === "string" && type.startsWith("text/event-stream");
}

function isCompressed({ headers }: UpstreamHead): boolean {
  const encoding = headers["content-encoding"];
  return encoding !== undefined && encoding !== "identity";
}

function brokenStream(detail: string): ApiError {
  const message = `The upstream's stream broke off (${detail}). Please send the request again.`;
  return { type: "api_error", message };
}

const TOO_LARGE: UpstreamFailure = {
  code: "connection_lost",
  message: `The answer was larger than ${String(MAX_WHOLE_BYTES)} bytes.`,
  isSafeToRetry: false,
};
