import type { HttpHeaders } from "../../providers/provider.ts";
import type { Clock } from "../../support/clock.ts";

/** Keeps all workers of a run within what upstream allows. */
export interface Pace {
  /** Resolves when a call may be made, or at once when `signal` is aborted. */
  ready(signal: AbortSignal): Promise<void>;
  /** Nobody calls for so long. A longer pause that is on already stands. */
  pause(ms: number): void;
  /** Looks at what a response says of the limits. */
  hear(headers: HttpHeaders): void;
  /** Milliseconds until calls go on; 0 when they do. */
  pausedMs(): number;
}

/** A limit that is used up is full again within a minute: it fills all the time. */
const LONGEST_LIMIT_PAUSE_MS = 60_000;

export function createPace(
  clock: Clock,
  sleep: (ms: number, signal: AbortSignal) => Promise<void>,
): Pace {
  let untilMs = Number.NEGATIVE_INFINITY;
  const pausedMs = (): number => Math.max(0, untilMs - clock.monotonicMs());
  const pause = (ms: number): void => {
    untilMs = Math.max(untilMs, clock.monotonicMs() + ms);
  };
  return {
    pausedMs,
    pause,
    ready: async (signal) => {
      // A pause can grow while it lasts.
      while (pausedMs() > 0 && !signal.aborted) await sleep(pausedMs(), signal);
    },
    hear: (headers) => {
      const ms = limitPauseMs(headers, clock.nowMs());
      if (ms !== null) pause(Math.min(ms, LONGEST_LIMIT_PAUSE_MS));
    },
  };
}

const LIMITS = ["requests", "tokens", "input-tokens", "output-tokens"] as const;

/** How long until a limit that is used up is full again; null when none is. */
export function limitPauseMs(headers: HttpHeaders, nowMs: number): number | null {
  let longestMs: number | null = null;
  for (const limit of LIMITS) {
    const remaining = textOf(headers[`anthropic-ratelimit-${limit}-remaining`]);
    const reset = textOf(headers[`anthropic-ratelimit-${limit}-reset`]);
    if (remaining === null || Number(remaining) > 0 || reset === null) continue;
    const ms = Date.parse(reset) - nowMs;
    if (Number.isFinite(ms) && ms > 0) longestMs = Math.max(longestMs ?? 0, ms);
  }
  return longestMs;
}

/** What a response asks us to wait before the next try; null when it does not say. */
export function retryAfterMs(headers: HttpHeaders, nowMs: number): number | null {
  const precise = textOf(headers["retry-after-ms"]);
  if (precise !== null && Number(precise) >= 0) return Number(precise);
  const text = textOf(headers["retry-after"]);
  if (text === null || text.trim() === "") return null;
  const seconds = Number(text);
  const ms = Number.isNaN(seconds) ? Date.parse(text) - nowMs : seconds * 1_000;
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

function textOf(value: HttpHeaders[string]): string | null {
  if (value === undefined) return null;
  return typeof value === "string" ? value : (value[0] ?? null);
}
