import type { Attempt } from "../cascade/receipt.ts";
import { readErrorEnvelope } from "../messages/error-envelope.ts";
import { createMessageAccumulator } from "../messages/message-accumulator.ts";
import type { ApiError, Message } from "../messages/message.ts";
import { readMessageResponse } from "../messages/read-message-usage.ts";
import { createSseReader } from "../messages/sse-reader.ts";
import { readStreamEvent } from "../messages/stream-event.ts";
import { createUsageTap, type UsageTap } from "../messages/usage-tap.ts";
import type {
  Provider,
  UpstreamCall,
  UpstreamFailure,
  UpstreamHead,
  UpstreamRequest,
} from "../providers/provider.ts";
import type { AttemptEnd, OpenAttempt } from "./attempt-log.ts";

/** Where the answer of a direct call goes while it arrives. */
export interface DirectAnswer {
  /** A streamed answer has begun: open the client's response. */
  beginStream(head: UpstreamHead): void;
  /** Bytes of a streamed answer, as they came. */
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

export interface DirectCall {
  readonly result: Promise<DirectResult>;
  /** The client has left: closes the upstream connection now. */
  abandon(): void;
}

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

/** Sends one request and passes its answer on, reading the token counts as they go by. */
export function callDirect(options: DirectCallOptions): DirectCall {
  const { attempt, answer } = options;
  let head: UpstreamHead | null = null;
  let stream: StreamWatch | null = null;
  const held: Uint8Array[] = [];
  let heldBytes = 0;
  let isOver = false;
  let resolveResult: (result: DirectResult) => void;
  const result = new Promise<DirectResult>((resolve) => {
    resolveResult = resolve;
  });

  function conclude(outcome: DirectResult): void {
    isOver = true;
    resolveResult(outcome);
  }
  function hold(chunk: Uint8Array): void {
    held.push(chunk);
    heldBytes += chunk.length;
  }
  function concludeStream(trouble: ApiError | null, failureCode: string | null): void {
    if (head === null || stream === null) return;
    const upstreamError = stream.error();
    const closed = attempt.close({
      ...stream.end(),
      outcome: trouble !== null ? "failed" : upstreamError !== null ? "stream_error" : "completed",
      failureCode: failureCode ?? upstreamError?.type ?? null,
    });
    const message = stream.message();
    conclude({ kind: "streamed", head, attempt: closed, rest: held, trouble, message });
  }
  function concludeWhole(): void {
    if (head === null) return;
    const body = held.length === 1 && held[0] !== undefined ? held[0] : Buffer.concat(held);
    const message = head.status === 200 ? readMessageResponse(body) : null;
    const error = head.status >= 400 ? readErrorEnvelope(body) : null;
    const closed = attempt.close({
      outcome: head.status >= 400 ? "http_error" : "completed",
      failureCode: head.status >= 400 ? (error?.type ?? `status_${String(head.status)}`) : null,
      stopReason: message?.stop_reason ?? null,
      usage: message?.usage ?? null,
      reportedModel: message?.model ?? null,
    });
    conclude({ kind: "whole", head, attempt: closed, body, message });
  }
  function failWith(failure: UpstreamFailure): void {
    if (isOver) return;
    if (stream !== null) {
      const error = { type: "api_error", message: brokenStream(failure.message) };
      if (stream.isEnding()) concludeStream(null, null);
      else concludeStream(error, failure.code);
      return;
    }
    const end: AttemptEnd = { outcome: "failed", failureCode: failure.code };
    conclude({ kind: "failed", attempt: attempt.close(end), failure });
  }

  const call = options.provider.send(options.request, {
    onHead(newHead) {
      head = newHead;
      attempt.head(newHead);
      if (newHead.status !== 200 || !isEventStream(newHead)) return;
      stream = options.keepsMessage ? watchMessage() : watchUsage();
      answer.beginStream(newHead);
    },
    onChunk(chunk) {
      if (stream === null) {
        hold(chunk);
        if (heldBytes <= MAX_WHOLE_BYTES) return;
        call.abort();
        failWith(tooLarge());
        return;
      }
      stream.push(chunk);
      // From the chunk that ends the message on, everything waits for the commit.
      if (stream.isEnding()) hold(chunk);
      else answer.stream(chunk);
    },
    onEnd() {
      if (isOver) return;
      if (stream === null) concludeWhole();
      else if (stream.isEnding()) concludeStream(null, null);
      else {
        const message = brokenStream("it ended before the message did");
        concludeStream({ type: "api_error", message }, "connection_lost");
      }
    },
    onFailure: failWith,
  });
  options.onSent(call);

  return {
    result,
    abandon() {
      if (isOver) return;
      call.abort();
      const end = stream?.end() ?? {};
      conclude({ kind: "client_left", attempt: attempt.close({ ...end, outcome: "client_left" }) });
    },
  };
}

/** What a passing stream tells about itself. */
interface StreamWatch {
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
    if (event.value.type === "content_block_delta") answerBytes += frame.data.length;
    accumulator.push(event.value);
  });
  return {
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

function isEventStream(head: UpstreamHead): boolean {
  const type = head.headers["content-type"];
  return typeof type === "string" && type.startsWith("text/event-stream");
}

function brokenStream(detail: string): string {
  return `The upstream's stream broke off (${detail}). Please send the request again.`;
}

function tooLarge(): UpstreamFailure {
  const message = `the answer was larger than ${String(MAX_WHOLE_BYTES)} bytes`;
  return { code: "connection_lost", message, isSafeToRetry: false };
}
