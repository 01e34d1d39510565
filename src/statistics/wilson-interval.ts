import { NORMAL_DEVIATE_95 } from "./normal-interval.ts";

/** A range that is to hold an unknown share. Both ends are between 0 and 1. */
export interface ShareInterval {
  readonly low: number;
  readonly high: number;
}

/**
 * Wilson score interval, at 95 % unless told otherwise, for the share behind `hits` of `trials`
 * independent trials.
 *
 * Covers that much on average over shares, not for each single one, and only when looked at once: it is
 * for showing how sure a number is, never for proving a guarantee.
 *
 * E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22
 * (1927), 209–212; recommended for small samples by Brown, Cai and DasGupta, "Interval Estimation
 * for a Binomial Proportion", Statistical Science 16 (2001), 101–133.
 *
 * @param hits whole number from 0 to `trials`
 * @param trials whole number; with 0 nothing is known and the interval is 0–1
 * @param deviate of the normal distribution, above 0: half of what is left out lies beyond it
 */
export function wilsonInterval(
  hits: number,
  trials: number,
  deviate: number = NORMAL_DEVIATE_95,
): ShareInterval {
  if (trials === 0) return { low: 0, high: 1 };
  const share = hits / trials;
  const zz = deviate * deviate;
  const middle = share + zz / (2 * trials);
  const reach = deviate * Math.sqrt((share * (1 - share) + zz / (4 * trials)) / trials);
  const scale = 1 + zz / trials;
  return {
    // At the ends the formula gives 0 and 1 exactly, floating point only nearly.
    low: hits === 0 ? 0 : (middle - reach) / scale,
    high: hits === trials ? 1 : (middle + reach) / scale,
  };
}
