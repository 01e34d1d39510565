import { errorEnvelope } from "../messages/error-envelope.ts";
import type { ApiError } from "../messages/message.ts";
import { writeStreamEvent } from "../messages/stream-event.ts";
import type { HttpHeaders, UpstreamCall } from "../providers/provider.ts";
import type { Clock } from "../support/clock.ts";
import type { ClientSink } from "./router.ts";

/** Between two signs of life on a stream that was opened before its outcome is known. */
const PING_EVERY_MS = 10_000;

export interface ClientResponseOptions {
  readonly clock: Clock;
  readonly arrivedMonotonicMs: number;
  readonly isStreaming: boolean;
}

/**
 * One client's response: counts what is sent, slows the upstream down to the client's pace, keeps a
 * waiting stream alive, and knows when the client has left.
 */
export interface ClientResponse {
  readonly isGone: boolean;
  /** A head was sent, early or not. */
  readonly isOpen: boolean;
  /** A stream was opened before its outcome was known; only events can follow. */
  readonly isOpenedEarly: boolean;
  /** Status the client was given; 0 before that. */
  readonly status: number;
  readonly bytesSent: number;
  /** From the request's arrival to the first byte of the answer; null when none was sent. */
  readonly firstByteMs: number | null;
  /** Sends the head, unless the stream was opened early. */
  open(status: number, headers: HttpHeaders): void;
  write(chunk: Uint8Array | string): void;
  end(): void;
  /** A whole response at once. On a stream that was opened early: as its event or not at all. */
  send(status: number, headers: HttpHeaders, body: Uint8Array | string): void;
  /** An error in Anthropic's shape: as a response, or as the last event of an open stream. */
  sendError(status: number, headers: HttpHeaders, error: ApiError, requestId: string): void;
  /** After `delayMs` without a head, opens the stream with these headers and pings. */
  openEarlyAfter(delayMs: number, headers: () => HttpHeaders): void;
  /** The call that fills this response: slowed when the client is slow. */
  feedFrom(call: UpstreamCall): void;
  /** Runs when the client leaves; replaces the callback of the step before. */
  onGone(callback: () => void): void;
}

export function createClientResponse(
  sink: ClientSink,
  { clock, arrivedMonotonicMs, isStreaming }: ClientResponseOptions,
): ClientResponse {
  let isGone = false;
  let isOpenedEarly = false;
  let status = 0;
  let bytesSent = 0;
  let firstByteMs: number | null = null;
  let feeding: UpstreamCall | null = null;
  let whenGone: () => void = () => undefined;
  let earlyTimer: NodeJS.Timeout | null = null;

  sink.onClientGone(() => {
    isGone = true;
    stopWaiting();
    whenGone();
  });
  sink.onDrain(() => {
    feeding?.resume();
  });

  function stopWaiting(): void {
    if (earlyTimer !== null) clearTimeout(earlyTimer);
    earlyTimer = null;
  }
  function open(newStatus: number, headers: HttpHeaders): void {
    stopWaiting();
    if (status !== 0) return;
    status = newStatus;
    sink.open(newStatus, headers);
  }
  function write(chunk: Uint8Array | string): void {
    if (isGone) return;
    stopWaiting();
    const bytes = typeof chunk === "string" ? Buffer.from(chunk, "utf8") : chunk;
    firstByteMs ??= clock.monotonicMs() - arrivedMonotonicMs;
    bytesSent += bytes.length;
    if (!sink.write(bytes)) feeding?.pause();
  }
  function end(): void {
    stopWaiting();
    sink.end();
  }
  function send(newStatus: number, headers: HttpHeaders, body: Uint8Array | string): void {
    const bytes = typeof body === "string" ? Buffer.from(body, "utf8") : body;
    open(newStatus, { ...headers, "content-length": String(bytes.length) });
    if (bytes.length > 0) write(bytes);
    end();
  }
  function sendPing(): void {
    sink.write(Buffer.from(writeStreamEvent({ type: "ping" })));
    earlyTimer = setTimeout(sendPing, PING_EVERY_MS);
  }

  return {
    get isGone() {
      return isGone;
    },
    get isOpen() {
      return status !== 0;
    },
    get isOpenedEarly() {
      return isOpenedEarly;
    },
    get status() {
      return status;
    },
    get bytesSent() {
      return bytesSent;
    },
    get firstByteMs() {
      return firstByteMs;
    },
    open,
    write,
    end,
    send,
    sendError(newStatus, headers, error, requestId) {
      if (status === 0) {
        const body = errorEnvelope(error, requestId);
        send(newStatus, { ...headers, "content-type": "application/json" }, body);
        return;
      }
      write(writeStreamEvent({ type: "error", error }));
      end();
    },
    openEarlyAfter(delayMs, headers) {
      if (!isStreaming) return;
      earlyTimer = setTimeout(() => {
        open(200, headers());
        isOpenedEarly = true;
        sendPing();
      }, delayMs);
    },
    feedFrom(call) {
      feeding = call;
    },
    onGone(callback) {
      whenGone = callback;
      if (isGone) callback();
    },
  };
}
