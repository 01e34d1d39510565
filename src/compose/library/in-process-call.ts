import type { HttpHeaders } from "../../providers/provider.ts";
import type { ClientRequest, ClientSink, Router } from "../../router/router.ts";

/** Who takes a response inside this process. The order is head, chunks, then one of the ends. */
export interface ResponseConsumer {
  onHead(status: number, headers: HttpHeaders): void;
  /** False when no more should come until the call is told `proceed`. */
  onChunk(chunk: Uint8Array): boolean;
  onEnd(): void;
  /** The response was broken off on purpose: what has come is not all of it. */
  onBroken(): void;
}

/** A call of the router that nobody makes over a socket. */
export interface InProcessCall {
  /** The caller is ready for more. */
  proceed(): void;
  /** The caller wants no more; the upstream connection closes and the consumer hears nothing. */
  leave(): void;
  /** Resolves when the router has done with the call and its record. */
  readonly settled: Promise<void>;
}

/** @param start calls the router; a parameter so that the caller can say with which routes */
export function startInProcessCall(
  request: ClientRequest,
  consumer: ResponseConsumer,
  start: (request: ClientRequest, sink: ClientSink) => ReturnType<Router["handleMessages"]>,
): InProcessCall {
  let isOver = false;
  let isGone = false;
  let whenGone: () => void = () => undefined;
  let whenDrained: () => void = () => undefined;
  const sink: ClientSink = {
    open: (status, headers) => {
      if (!isOver) consumer.onHead(status, headers);
    },
    write: (chunk) => isOver || consumer.onChunk(chunk),
    onDrain: (callback) => {
      whenDrained = callback;
    },
    end: () => {
      if (isOver) return;
      isOver = true;
      consumer.onEnd();
    },
    destroy: () => {
      if (isOver) return;
      isOver = true;
      consumer.onBroken();
    },
    onClientGone: (callback) => {
      whenGone = callback;
      if (isGone) callback();
    },
  };
  return {
    proceed: () => {
      if (!isOver) whenDrained();
    },
    leave: () => {
      if (isOver) return;
      isOver = true;
      isGone = true;
      whenGone();
    },
    settled: start(request, sink),
  };
}
