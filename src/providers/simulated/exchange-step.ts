import type { HttpHeaders } from "../provider.ts";

/** What an upstream does next, `afterMs` after the step before (real time, before scaling). */
export type ExchangeStep =
  | {
      readonly kind: "head";
      readonly afterMs: number;
      readonly status: number;
      readonly headers: HttpHeaders;
    }
  | { readonly kind: "bytes"; readonly afterMs: number; readonly bytes: Uint8Array }
  | { readonly kind: "end"; readonly afterMs: number }
  /** The connection is lost. */
  | { readonly kind: "die" }
  /** Nothing more ever comes. */
  | { readonly kind: "hang" }
  | { readonly kind: "connect_refused" }
  | { readonly kind: "connect_hang" };

/** Body bytes up to `count`, then `last` in place of everything that follows. */
export function cutAfterBytes(
  steps: readonly ExchangeStep[],
  count: number,
  last: ExchangeStep,
): readonly ExchangeStep[] {
  const kept: ExchangeStep[] = [];
  let room = count;
  for (const step of steps) {
    if (step.kind !== "bytes") {
      if (step.kind === "end") break;
      kept.push(step);
      continue;
    }
    const bytes = step.bytes.subarray(0, room);
    if (bytes.length > 0) kept.push({ ...step, bytes });
    room -= bytes.length;
    if (room === 0) break;
  }
  return [...kept, last];
}

/** The same bytes in chunks of so many bytes each, whatever the events in them. */
export function rechunk(
  steps: readonly ExchangeStep[],
  bytesPerChunk: number,
): readonly ExchangeStep[] {
  const out: ExchangeStep[] = [];
  let rest: Uint8Array = new Uint8Array(0);
  let afterMs = 0;
  const emit = (bytes: Uint8Array): void => {
    out.push({ kind: "bytes", afterMs, bytes });
    afterMs = 0;
  };
  for (const step of steps) {
    if (step.kind !== "bytes") {
      if (rest.length > 0) emit(rest);
      rest = new Uint8Array(0);
      out.push(step);
      continue;
    }
    afterMs += step.afterMs;
    rest = Buffer.concat([rest, step.bytes]);
    while (rest.length >= bytesPerChunk) {
      emit(rest.subarray(0, bytesPerChunk));
      rest = rest.subarray(bytesPerChunk);
    }
  }
  return out;
}
