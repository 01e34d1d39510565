import { NORMAL_DEVIATE_95, type ValueInterval } from "./normal-interval.ts";
import type { PairedCounts } from "./paired-non-inferiority.ts";

/**
 * Interval at 95 % for how much more often the cascade is right than the last tier alone, as a share
 * of all pairs: the usual one after one pair has been added to either side, which keeps it honest where
 * hardly any pair differs.
 *
 * To be looked at once; `pairedNonInferiority` may be looked at any time.
 *
 * D. G. Bonett and R. M. Price, "Adjusted Wald Confidence Interval for a Difference of Binomial
 * Proportions Based on Paired Data", Journal of Educational and Behavioral Statistics 37 (2012),
 * 479–488.
 */
export function pairedDifferenceInterval({ harmed, helped, pairs }: PairedCounts): ValueInterval {
  const [down, up] = [(harmed + 1) / (pairs + 2), (helped + 1) / (pairs + 2)];
  const difference = up - down;
  const variance = (up + down - difference ** 2) / (pairs + 2);
  const reach = NORMAL_DEVIATE_95 * Math.sqrt(variance);
  return { low: Math.max(-1, difference - reach), high: Math.min(1, difference + reach) };
}
