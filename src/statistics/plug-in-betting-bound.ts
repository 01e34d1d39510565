import { findRoot } from "./find-root.ts";
import { requireArgument, requireOpenShare, requireShare } from "./statistics-argument.ts";

/** How a bound by betting is used: at every look, or once when all values are in. */
export type BettingLooks = "any_time" | "once";

/** Bets never risk more than this share of the wealth. */
const LARGEST_RISK = 0.5;

/**
 * Upper bound for the mean of values from 0 to 1 by bets that follow the variance seen so far. What
 * BARGAIN (arXiv 2509.02896) bounds its thresholds with; here to compare with. For wrong/right labels
 * `anytimeUpperBound` needs fewer of them unless the rate is far below the target.
 *
 * The order of the values matters. Needs independent values of one mean, in the order they came.
 *
 * I. Waudby-Smith and A. Ramdas, "Estimating means of bounded random variables by betting" (2020),
 * arXiv 2010.09686, predictable plug-in.
 *
 * @param values 0–1 each; with none the bound is 1
 * @param looks with `once`, all values have to be in before anybody looks
 */
export function plugInBettingBound(
  values: readonly number[],
  failureProbability: number,
  looks: BettingLooks,
): number {
  const bets = plugInBets(values, failureProbability, looks);
  const wanted = -Math.log(failureProbability);
  const excess = (mean: number): number => logWealth(values, bets, mean, looks) - wanted;
  const last = 1 - Number.EPSILON;
  if (!(excess(last) > 0)) return 1;
  return findRoot(excess, 0, last);
}

/** Natural logarithm of the wealth against "the mean is at least `mean`"; its maximum so far. */
export function logPlugInWealth(
  values: readonly number[],
  mean: number,
  failureProbability: number,
): number {
  requireOpenShare("mean", mean);
  return logWealth(values, plugInBets(values, failureProbability, "any_time"), mean, "any_time");
}

/** Each bet knows only the values before it. */
export function plugInBets(
  values: readonly number[],
  failureProbability: number,
  looks: BettingLooks,
): readonly number[] {
  requireOpenShare("failureProbability", failureProbability);
  requireArgument(looks === "once" || looks === "any_time", "a known way to look", { looks });
  const scale = -2 * Math.log(failureProbability);
  let sum = 0;
  let squares = 0.25;
  return values.map((value, i) => {
    requireShare("value", value);
    const t = i + 1;
    const spread = squares / t;
    const horizon = looks === "once" ? values.length : t * Math.log(1 + t);
    sum += value;
    squares += (value - (0.5 + sum) / (t + 1)) ** 2;
    return Math.sqrt(scale / (horizon * spread));
  });
}

function logWealth(
  values: readonly number[],
  bets: readonly number[],
  mean: number,
  looks: BettingLooks,
): number {
  const cap = LARGEST_RISK / (1 - mean);
  let log = 0;
  let largest = 0;
  for (const [i, value] of values.entries()) {
    log += Math.log1p(-Math.min(bets[i] ?? 0, cap) * (value - mean));
    if (log > largest) largest = log;
  }
  return looks === "once" ? log : largest;
}
