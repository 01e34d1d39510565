import type { CascadeStreamEvent } from "./cascade-stream.ts";

/** Events between the router, which pushes, and at most one loop, which takes. */
export interface StreamQueue {
  /** @param bytes size on the wire, for the limit */
  push(event: CascadeStreamEvent, bytes: number): void;
  /** More is waiting than should. */
  readonly isFull: boolean;
  /** No event follows; what waits is still given out. */
  end(): void;
  /** No event follows; the error comes after what waits. */
  fail(error: Error): void;
  /** Forgets what waits. */
  drop(): void;
  /** The next event; undefined at the end. */
  next(): Promise<CascadeStreamEvent | undefined>;
}

/** Bytes that may wait for a slow loop. */
const MAX_WAITING_BYTES = 64 * 1024;

/** @param onRoom called when a queue that was full has become half empty */
export function createStreamQueue(onRoom: () => void): StreamQueue {
  const waiting: { readonly event: CascadeStreamEvent; readonly bytes: number }[] = [];
  let waitingBytes = 0;
  let wasFull = false;
  /** `error: null` = it ended well. */
  let ending: { readonly error: Error | null } | null = null;
  let taker: PromiseWithResolvers<CascadeStreamEvent | undefined> | null = null;

  function conclude(error: Error | null): void {
    ending ??= { error };
    if (ending.error === null) taker?.resolve(undefined);
    else taker?.reject(ending.error);
    taker = null;
  }
  function makeRoom(bytes: number): void {
    waitingBytes -= bytes;
    if (!wasFull || waitingBytes > MAX_WAITING_BYTES / 2) return;
    wasFull = false;
    onRoom();
  }

  return {
    push: (event, bytes) => {
      if (taker !== null) {
        taker.resolve(event);
        taker = null;
        return;
      }
      waiting.push({ event, bytes });
      waitingBytes += bytes;
      if (waitingBytes >= MAX_WAITING_BYTES) wasFull = true;
    },
    get isFull() {
      return waitingBytes >= MAX_WAITING_BYTES;
    },
    end: () => {
      conclude(null);
    },
    fail: (error) => {
      conclude(error);
    },
    drop: () => {
      waiting.length = 0;
      waitingBytes = 0;
    },
    next: () => {
      const first = waiting.shift();
      if (first !== undefined) {
        makeRoom(first.bytes);
        return Promise.resolve(first.event);
      }
      if (ending !== null) {
        return ending.error === null ? Promise.resolve(undefined) : Promise.reject(ending.error);
      }
      taker = Promise.withResolvers();
      return taker.promise;
    },
  };
}
