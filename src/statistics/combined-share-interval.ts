import { NORMAL_DEVIATE_95 } from "./normal-interval.ts";
import { wilsonInterval, type ShareInterval } from "./wilson-interval.ts";

/** A share that was sampled by itself and its known weight in a whole. */
export interface WeightedShare {
  /** 0–1. */
  readonly weight: number;
  readonly hits: number;
  readonly trials: number;
}

/**
 * Σ weight × share over independently sampled parts, with an interval, at about 95 % unless told
 * otherwise, that is put together from the parts' Wilson intervals (MOVER, the method of variance
 * estimates recovery). Other than a normal interval it holds with few hits or none, and never leaves
 * 0–1 on one part.
 *
 * G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures: A general
 * approach", Statistics in Medicine 27 (2008), 1693–1702.
 *
 * @param parts with a part of weight above 0 and no trials, that part counts as 0 with interval 0–1
 * @param otherReach half-width, at the same deviate, of what is uncertain besides the parts, such as
 *   their weights; independent of them
 * @param deviate of the normal distribution, above 0: half of what is left out lies beyond it
 */
export function combinedShareInterval(
  parts: readonly WeightedShare[],
  otherReach = 0,
  deviate: number = NORMAL_DEVIATE_95,
): {
  readonly share: number;
  readonly interval: ShareInterval;
} {
  let share = 0;
  let below = otherReach ** 2;
  let above = below;
  for (const { weight, hits, trials } of parts) {
    const part = trials === 0 ? 0 : hits / trials;
    const { low, high } = wilsonInterval(hits, trials, deviate);
    share += weight * part;
    below += (weight * (part - low)) ** 2;
    above += (weight * (high - part)) ** 2;
  }
  const interval = {
    low: Math.max(0, share - Math.sqrt(below)),
    high: Math.min(1, share + Math.sqrt(above)),
  };
  return { share, interval };
}
