import { binomialCdf } from "../statistics/binomial-distribution.ts";
import type { ValueInterval } from "../statistics/normal-interval.ts";

/**
 * Interval at 95 % for a quantile, made of two values that occurred: the numbers of values below a
 * quantile are binomial, whatever the values are. Covers at least 95 %, for independent values.
 *
 * H. A. David and H. N. Nagaraja, Order Statistics, 3rd edition (2003), 7.1.
 *
 * @param sortedValues smallest first
 * @param share of the quantile, between 0 and 1
 * @returns null when there are too few values for two ends
 */
export function quantileInterval(
  sortedValues: readonly number[],
  share: number,
): ValueInterval | null {
  const count = sortedValues.length;
  if (count === 0) return null;
  // The highest rank that is rarely above the quantile, and the lowest that is rarely below it.
  const lowRank = lowestRank(count, (rank) => binomialCdf(rank, count, share) > TAIL);
  const highRank = lowestRank(count, (rank) => binomialCdf(rank, count, share) >= 1 - TAIL) + 1;
  const low = sortedValues[lowRank - 1];
  const high = sortedValues[highRank - 1];
  return low === undefined || high === undefined ? null : { low, high };
}

/** Left out at either end. */
const TAIL = 0.025;

/** The lowest rank from 0 to `count` from which on the condition holds. */
function lowestRank(count: number, holds: (rank: number) => boolean): number {
  let below = -1;
  let from = count;
  while (from - below > 1) {
    const middle = Math.floor((below + from) / 2);
    if (holds(middle)) from = middle;
    else below = middle;
  }
  return from;
}
