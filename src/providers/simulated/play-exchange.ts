import type { Clock } from "../../support/clock.ts";
import { sleep } from "../../support/sleep.ts";
import type { ExchangeStep } from "./exchange-step.ts";

export interface PlaybackOptions {
  readonly clock: Clock;
  /** Share of the real waiting that is done: 0 = none, 1 = all. */
  readonly timeScale: number;
}

export interface Playback {
  pause(): void;
  resume(): void;
  /** Takes no further step. */
  stop(): void;
}

/**
 * Takes the steps one after another, each at its time. Nothing happens before the caller's current
 * task is over.
 *
 * @param take does one step
 */
export function playExchange(
  steps: readonly ExchangeStep[],
  take: (step: ExchangeStep) => void,
  options: PlaybackOptions,
): Playback {
  const stopping = new AbortController();
  let isPaused = false;
  let wake: (() => void) | null = null;
  const proceed = (): void => {
    isPaused = false;
    wake?.();
    wake = null;
  };
  const waitWhilePaused = async (): Promise<void> => {
    while (isPaused && !stopping.signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const play = async (): Promise<void> => {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    let dueMs = options.clock.monotonicMs();
    for (const step of steps) {
      dueMs += "afterMs" in step ? step.afterMs * options.timeScale : 0;
      const waitMs = dueMs - options.clock.monotonicMs();
      if (options.timeScale > 0 && waitMs > 0) await sleep(waitMs, stopping.signal);
      if (isPaused) await waitWhilePaused();
      if (stopping.signal.aborted) return;
      take(step);
    }
  };
  void play();
  return {
    pause: () => {
      isPaused = true;
    },
    resume: proceed,
    stop: () => {
      stopping.abort();
      proceed();
    },
  };
}
