import { Readable } from "node:stream";

import type { Dispatcher } from "undici";

import type { UpstreamCall, UpstreamFailure, UpstreamRequest, UpstreamSink } from "../provider.ts";
import { failureFrom } from "./failure-from.ts";

/** Longest delay that a Node timer takes. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Handed to undici when we close a call; made once, since making an error costs a stack trace. */
const CLOSED_BY_US = new Error("The call was closed by its caller.");

/**
 * One call on a pooled connection. A class, not closures, so that a call costs one allocation; it
 * is undici's handler and our call in one.
 *
 * Timers: undici watches the first byte and the gaps between chunks with coarse timers that it keeps
 * anyway; they may be up to a second late. One timer of ours covers the connection and, set again,
 * the whole call.
 */
export class PooledCall implements UpstreamCall, Dispatcher.DispatchHandler {
  readonly #upstream: string;
  readonly #request: UpstreamRequest;
  readonly #sink: UpstreamSink;
  #controller: Dispatcher.DispatchController | null = null;
  #timer: NodeJS.Timeout;
  #isConnectTimer: boolean;
  #isInBegin = false;
  #isPaused = false;
  #hasResponse = false;
  /** The sink was told the end, or its owner wants to hear no more. */
  #isOver = false;
  /** What came after `pause`: undici stops one chunk later, or not at all when upstream closes. */
  #held: Uint8Array[] | null = null;
  #isEndHeld = false;

  /** @param upstream name and origin, for messages */
  constructor(upstream: string, request: UpstreamRequest, sink: UpstreamSink) {
    this.#upstream = upstream;
    this.#request = request;
    this.#sink = sink;
    const { connectMs, totalMs } = request.timeouts;
    this.#isConnectTimer = connectMs < totalMs;
    this.#timer = setTimeout(onTimer, Math.min(connectMs, totalMs, LONGEST_TIMER_MS), this);
  }

  begin(dispatcher: Dispatcher, path: string, headers: string[]): void {
    const { method, body, timeouts } = this.#request;
    this.#isInBegin = true;
    dispatcher.dispatch(
      {
        path,
        method,
        headers,
        body: body === null || body instanceof Uint8Array ? body : readableFrom(body),
        headersTimeout: timeouts.firstByteMs,
        bodyTimeout: timeouts.idleMs,
      },
      this,
    );
    this.#isInBegin = false;
  }

  abort(): void {
    if (this.#isOver) return;
    this.#end();
    this.#controller?.abort(CLOSED_BY_US);
  }

  pause(): void {
    this.#isPaused = true;
    this.#controller?.pause();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    // Not at once: undici's parser must not be entered from within a callback of another call.
    queueMicrotask(() => {
      this.#flow();
    });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) controller.abort(CLOSED_BY_US);
    else if (this.#isPaused) controller.pause();
  }

  onResponseStarted(): void {
    this.#hasResponse = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    // Statuses below 200 announce a response, they are none.
    if (this.#isOver || status < 200) return;
    this.#sink.onHead({ status, headers });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#isOver) return;
    if (!this.#isPaused && this.#held === null) this.#sink.onChunk(chunk);
    else (this.#held ??= []).push(chunk);
  }

  onResponseEnd(): void {
    if (this.#isOver) return;
    if (this.#isPaused || this.#held !== null) {
      this.#isEndHeld = true;
      return;
    }
    this.#end();
    this.#sink.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#fail(
      failureFrom(error, {
        upstream: this.#upstream,
        timeouts: this.#request.timeouts,
        isConnected: this.#controller !== null,
        hasResponse: this.#hasResponse,
        isReplayable: this.#isReplayable(),
      }),
    );
  }

  /** The timer of the call ran out. */
  expire(): void {
    const { connectMs, totalMs } = this.#request.timeouts;
    if (this.#isConnectTimer && this.#controller !== null) {
      this.#isConnectTimer = false;
      this.#timer = setTimeout(onTimer, Math.min(totalMs - connectMs, LONGEST_TIMER_MS), this);
      return;
    }
    this.#fail(
      this.#isConnectTimer
        ? {
            code: "connect_timeout",
            message: `${this.#upstream}: no free connection within ${String(connectMs)} ms.`,
            isSafeToRetry: this.#isReplayable(),
          }
        : {
            code: "total_timeout",
            message: `${this.#upstream}: the call took longer than ${String(totalMs)} ms.`,
            isSafeToRetry: false,
          },
    );
    this.#controller?.abort(CLOSED_BY_US);
  }

  #fail(failure: UpstreamFailure): void {
    if (this.#isOver) return;
    if (this.#isInBegin) {
      queueMicrotask(() => {
        this.#fail(failure);
      });
      return;
    }
    const held = this.#held;
    this.#end();
    if (held !== null) for (const chunk of held) this.#sink.onChunk(chunk);
    this.#sink.onFailure(failure);
  }

  /** Hands over what was held back, then lets undici read on. */
  #flow(): void {
    while (this.#held !== null) {
      if (this.#isPaused || this.#isOver) return;
      const chunk = this.#held.shift();
      if (this.#held.length === 0) this.#held = null;
      if (chunk !== undefined) this.#sink.onChunk(chunk);
    }
    if (this.#isPaused || this.#isOver) return;
    if (this.#isEndHeld) this.onResponseEnd();
    else this.#controller?.resume();
  }

  #end(): void {
    this.#isOver = true;
    this.#held = null;
    clearTimeout(this.#timer);
  }

  /** A body that streams in can be sent once; it is read from the moment the call starts. */
  #isReplayable(): boolean {
    const { body } = this.#request;
    return body === null || body instanceof Uint8Array || this.#controller === null;
  }
}

function onTimer(call: PooledCall): void {
  call.expire();
}

function readableFrom(body: AsyncIterable<Uint8Array>): Readable {
  return body instanceof Readable ? body : Readable.from(body, { objectMode: false });
}
