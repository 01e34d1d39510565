import { exactInterval } from "../../statistics/exact-interval.ts";
import { labelsNeeded } from "../../statistics/labels-needed.ts";
import type { RateTarget } from "../../statistics/rate-target.ts";
import { smallestInteger } from "../../statistics/smallest-integer.ts";
import { MIN_OBSERVATIONS } from "../observed-share.ts";
import { fewestTrials, type PossibleThreshold } from "./candidate-thresholds.ts";

/** Plans beyond this are no plans. */
const MOST_ITEMS = 1_000_000;

export interface ItemsPlan {
  /** Items that were asked. */
  readonly asked: number;
  /** Ship rate from which it pays to ask. */
  readonly breakEvenOf: (threshold: number) => number | null;
  readonly target: RateTarget;
  /** Of the interval of the share that it closes. */
  readonly failureProbability: number;
}

/**
 * About how many more items have to be asked until a threshold is proven and seen to pay, judging by
 * those there are; null when no number is in sight. A plan, no promise: it takes what is likely for
 * what is true.
 */
export function moreItems(
  thresholds: readonly PossibleThreshold[],
  plan: ItemsPlan,
): number | null {
  const { asked, target } = plan;
  // Too few to guess by: what a proof takes if nothing speaks against it.
  if (asked < MIN_OBSERVATIONS) return Math.max(MIN_OBSERVATIONS, fewestTrials(target)) - asked;
  const inAll = thresholds.flatMap((one) => itemsInAll(one, plan) ?? []);
  if (inAll.length === 0) return null;
  return Math.max(1, Math.min(...inAll) - asked);
}

function itemsInAll(
  { threshold, hits, trials, closes }: PossibleThreshold,
  { asked, breakEvenOf, target, failureProbability }: ItemsPlan,
): number | null {
  const breakEven = breakEvenOf(threshold);
  if (breakEven === null || trials === 0) return null;
  const needed = labelsNeeded(hits, trials, target.atMost, target.failureProbability);
  const trialsInAll =
    needed.outlook === "reachable"
      ? needed.fixedPlanTrials
      : needed.outlook === "too_early"
        ? needed.zeroErrorTrials
        : null;
  const forPaying = itemsUntilAbove(closes / asked, breakEven, failureProbability);
  if (trialsInAll === null || forPaying === null) return null;
  const trialsAtLeast = Math.max(trialsInAll, fewestTrials(target));
  return Math.max(Math.ceil((trialsAtLeast * asked) / trials), forPaying);
}

/** Items with which the interval of a share, if that is the true one, lies above a limit. */
function itemsUntilAbove(share: number, limit: number, failureProbability: number): number | null {
  const isAbove = (items: number): boolean =>
    exactInterval(share * items, items, failureProbability).low > limit;
  return share > limit && isAbove(MOST_ITEMS) ? smallestInteger(0, MOST_ITEMS, isAbove) : null;
}
