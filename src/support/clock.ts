/** Source of time. Everything that needs time takes one as an argument. */
export interface Clock {
  /** Milliseconds since the Unix epoch; may jump when the machine's clock is set. */
  nowMs(): number;
  /** Milliseconds from an arbitrary start, with fractions; never jumps. For durations. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/**
 * Milliseconds between two monotonic times, to the microsecond: clocks are no finer, and what a
 * subtraction of doubles leaves behind that costs as many digits again wherever it is written.
 */
export function elapsedMs(fromMonotonicMs: number, toMonotonicMs: number): number {
  return Math.round((toMonotonicMs - fromMonotonicMs) * 1_000) / 1_000;
}

export interface ManualClock extends Clock {
  advance(ms: number): void;
}

/** A clock that moves only when told to. For tests and simulations. */
export function createManualClock(startMs = 0): ManualClock {
  let elapsedMs = 0;
  return {
    nowMs: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    advance: (ms) => {
      elapsedMs += ms;
    },
  };
}
