import { errorEnvelope } from "../messages/error-envelope.ts";
import type { ApiError } from "../messages/message.ts";
import { writeStreamEvent } from "../messages/stream-event.ts";
import type { HttpHeaders, UpstreamCall } from "../providers/provider.ts";
import { elapsedMs, type Clock } from "../support/clock.ts";
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
export class ClientResponse {
  isGone = false;
  /** A stream was opened before its outcome was known; only events can follow. */
  isOpenedEarly = false;
  /** Status the client was given; 0 before that. */
  status = 0;
  bytesSent = 0;
  /** From the request's arrival to the first byte of the answer; null when none was sent. */
  firstByteMs: number | null = null;
  readonly #sink: ClientSink;
  readonly #options: ClientResponseOptions;
  #feeding: UpstreamCall | null = null;
  #whenGone: (() => void) | null = null;
  #earlyTimer: NodeJS.Timeout | null = null;

  constructor(sink: ClientSink, options: ClientResponseOptions) {
    this.#sink = sink;
    this.#options = options;
    sink.onClientGone(() => {
      this.isGone = true;
      this.#stopWaiting();
      this.#whenGone?.();
    });
    sink.onDrain(() => {
      this.#feeding?.resume();
    });
  }

  /** A head was sent, early or not. */
  get isOpen(): boolean {
    return this.status !== 0;
  }

  /** Sends the head, unless the stream was opened early. */
  open(status: number, headers: HttpHeaders): void {
    this.#stopWaiting();
    if (this.isOpen) return;
    this.status = status;
    this.#sink.open(status, headers);
  }

  write(chunk: Uint8Array | string): void {
    if (this.isGone) return;
    this.#stopWaiting();
    const { clock, arrivedMonotonicMs } = this.#options;
    const bytes = typeof chunk === "string" ? Buffer.from(chunk, "utf8") : chunk;
    this.firstByteMs ??= elapsedMs(arrivedMonotonicMs, clock.monotonicMs());
    this.bytesSent += bytes.length;
    if (!this.#sink.write(bytes)) this.#feeding?.pause();
  }

  end(): void {
    this.#stopWaiting();
    this.#sink.end();
  }

  /** A whole response at once. On a stream that was opened early: its body. */
  send(status: number, headers: HttpHeaders, body: Uint8Array | string): void {
    const bytes = typeof body === "string" ? Buffer.from(body, "utf8") : body;
    this.open(status, { ...headers, "content-length": String(bytes.length) });
    if (bytes.length > 0) this.write(bytes);
    this.end();
  }

  /** An error in Anthropic's shape: as a response, or as the last event of an open stream. */
  sendError(status: number, headers: HttpHeaders, error: ApiError, requestId: string): void {
    if (!this.isOpen) {
      const body = errorEnvelope(error, requestId);
      this.send(status, { ...headers, "content-type": "application/json" }, body);
      return;
    }
    this.write(writeStreamEvent({ type: "error", error }));
    this.end();
  }

  /** After `delayMs` without a head, opens the stream with these headers and pings. */
  openEarlyAfter(delayMs: number, headers: () => HttpHeaders): void {
    if (!this.#options.isStreaming || this.isGone) return;
    this.#earlyTimer = setTimeout(() => {
      this.open(200, headers());
      this.isOpenedEarly = true;
      this.#sendPing();
    }, delayMs);
  }

  /** The call that fills this response: slowed when the client is slow. */
  feedFrom(call: UpstreamCall): void {
    this.#feeding = call;
  }

  /** Runs when the client leaves; replaces the callback of the step before. */
  onGone(callback: () => void): void {
    this.#whenGone = callback;
    if (this.isGone) callback();
  }

  #sendPing(): void {
    this.#sink.write(Buffer.from(writeStreamEvent({ type: "ping" })));
    this.#earlyTimer = setTimeout(() => {
      this.#sendPing();
    }, PING_EVERY_MS);
  }

  #stopWaiting(): void {
    if (this.#earlyTimer !== null) clearTimeout(this.#earlyTimer);
    this.#earlyTimer = null;
  }
}
