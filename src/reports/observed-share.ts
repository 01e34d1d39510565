import { wilsonInterval, type ShareInterval } from "../statistics/wilson-interval.ts";

/** A share as it was counted, with how sure it is. */
export interface ObservedShare {
  readonly count: number;
  readonly of: number;
  /** `count / of`, 0–1; null = not known yet (see `MIN_OBSERVATIONS`). */
  readonly share: number | null;
  /** 95 %, Wilson; null = not known yet. */
  readonly interval: ShareInterval | null;
}

/**
 * Below this a share says little: the interval of 15 in 30 goes from 33 % to 67 %. What was counted
 * is shown, a rate is not.
 */
export const MIN_OBSERVATIONS = 30;

export function observedShare(count: number, of: number): ObservedShare {
  if (of < MIN_OBSERVATIONS) return { count, of, share: null, interval: null };
  return { count, of, share: count / of, interval: wilsonInterval(count, of) };
}
