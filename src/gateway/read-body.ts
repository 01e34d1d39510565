import type { IncomingMessage } from "node:http";
import type { ClientSink } from "../router/router.ts";
import type { Slot } from "./in-flight.ts";

export type BodyOutcome =
  | { readonly kind: "complete"; readonly bytes: Uint8Array }
  /** Larger than allowed, by its own declaration or by count. */
  | { readonly kind: "too_large" }
  /** The gateway as a whole holds as many bytes as it may. */
  | { readonly kind: "no_room" }
  /** The connection, or the answer, ended before the body did; there is nobody to answer. */
  | { readonly kind: "client_left" };

/** True when the body says of itself that it is too large, so that not a byte of it is needed. */
export function isDeclaredTooLarge(request: IncomingMessage, maxBytes: number): boolean {
  return Number(request.headers["content-length"] ?? 0) > maxBytes;
}

/**
 * Collects a body, counting what arrives: `content-length` may be absent or lie. Calls `done` once;
 * after `too_large` and `no_room` the rest of the body is still to come and not read.
 *
 * @param sink tells when the client leaves; its callback is free again after `done`
 * @param slot books the bytes; they stay booked until the slot is left
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  sink: ClientSink,
  slot: Slot,
  done: (outcome: BodyOutcome) => void,
): void {
  const chunks: Buffer[] = [];
  let byteCount = 0;
  let isDone = false;
  const finish = (outcome: BodyOutcome): void => {
    if (isDone) return;
    isDone = true;
    request.off("data", onData).off("end", onEnd);
    done(outcome);
  };
  const stop = (outcome: BodyOutcome): void => {
    request.pause();
    chunks.length = 0;
    finish(outcome);
  };
  const onData = (chunk: Buffer): void => {
    byteCount += chunk.byteLength;
    if (byteCount > maxBytes) stop({ kind: "too_large" });
    else if (!slot.reserve(chunk.byteLength)) stop({ kind: "no_room" });
    else chunks.push(chunk);
  };
  const onEnd = (): void => {
    const [first] = chunks;
    // Most bodies arrive as one chunk, which then needs no copy.
    const bytes =
      first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks, byteCount);
    finish({ kind: "complete", bytes });
  };
  request.on("data", onData).on("end", onEnd);
  // The request's own `close` does not come once its response has ended.
  sink.onClientGone(() => {
    finish({ kind: "client_left" });
  });
}
