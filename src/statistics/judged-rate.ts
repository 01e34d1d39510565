import { anytimeUpperBound } from "./anytime-upper-bound.ts";
import { exactUpperBound } from "./exact-binomial-bound.ts";
import { pooledPValue, pooledUpperBound, type RateSample } from "./pooled-rate.ts";
import { smallestInteger } from "./smallest-integer.ts";
import { requireCounts, requireOpenShare } from "./statistics-argument.ts";

/** What people found of the answers that a judge has graded too. */
export interface JudgeCheck {
  /** Wrong answers, found wrong by people, that the judge let pass. */
  readonly missed: number;
  /** All wrong answers that people found. */
  readonly verifiedWrong: number;
}

/**
 * p-value against "the rate of wrong answers is at least `atMost`" from a judge's verdicts: the least
 * failure probability at which, spending half of it on the judge's miss rate and half on the
 * verdicts, the rate of answers judged wrong is certified below `atMost`·(1 − miss rate). See
 * `judgedTarget` for the correction. Smaller only by chance `failureProbability`: each half fails
 * with at most its own, and both only get easier as it grows.
 *
 * Needs the answers that people checked to be a random part of those that the judge graded, and of
 * the threshold in question. The judge alone, without a check, certifies nothing.
 *
 * @param samples of answers judged wrong
 */
export function judgedPValue(
  samples: readonly RateSample[],
  check: JudgeCheck,
  atMost: number,
  looks: "once" | "any_time",
): number {
  requireCheck(check);
  requireOpenShare("atMost", atMost);
  const passes = (failureProbability: number): boolean => {
    const half = failureProbability / 2;
    const judgedAtMost = atMost * (1 - missRateBound(check, half, looks));
    return judgedAtMost > 0 && pooledPValue(samples, judgedAtMost, looks) <= half;
  };
  if (!passes(MOST)) return 1;
  let [low, high] = [Math.log(LEAST), Math.log(MOST)];
  if (passes(LEAST)) return LEAST;
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (low + high) / 2;
    if (passes(Math.exp(middle))) high = middle;
    else low = middle;
  }
  return Math.exp(high);
}

/** Upper bound for the rate of wrong answers behind a judge's verdicts; 1 when nothing is known. */
export function judgedUpperBound(
  samples: readonly RateSample[],
  check: JudgeCheck,
  failureProbability: number,
  looks: "once" | "any_time",
): number {
  requireCheck(check);
  requireOpenShare("failureProbability", failureProbability);
  const half = failureProbability / 2;
  const seen = 1 - missRateBound(check, half, looks);
  return seen <= 0 ? 1 : Math.min(1, pooledUpperBound(samples, half, looks) / seen);
}

/** More checks than this are no plan. */
const MOST_WRONG = 100_000;

/**
 * How many wrong answers people must have found, in all, before a judge's verdicts certify the target:
 * a plan that takes the judge's likely miss rate, (missed + ½)/(verified + 1), for the true one. The
 * verdicts alone must certify it: `judgedBound`, the upper bound of the rate of answers judged wrong
 * at half of the failure probability, lies below `atMost`. Null when no number would do, or none
 * below 100,000.
 */
export function verifiedWrongNeeded(
  check: JudgeCheck,
  judgedBound: number,
  atMost: number,
  failureProbability: number,
  looks: "once" | "any_time",
): number | null {
  requireCheck(check);
  requireOpenShare("atMost", atMost);
  const { missed, verifiedWrong } = check;
  const mostMissed = 1 - judgedBound / atMost;
  // Of a judge that nobody has checked nothing is likely: the plan is the least that could do.
  const likely = verifiedWrong === 0 ? 0 : (missed + 0.5) / (verifiedWrong + 1);
  const isEnough = (wrong: number): boolean => {
    const planned = { missed: Math.max(missed, Math.round(likely * wrong)), verifiedWrong: wrong };
    return missRateBound(planned, failureProbability / 2, looks) <= mostMissed;
  };
  if (likely >= mostMissed || !isEnough(MOST_WRONG)) return null;
  return smallestInteger(Math.max(verifiedWrong, missed) - 1, MOST_WRONG, isEnough);
}

/** The range in which p-values are searched, and the halvings: to a few parts in a billion. */
const LEAST = 1e-12;
const MOST = 0.999;
const STEPS = 40;

function missRateBound(
  { missed, verifiedWrong }: JudgeCheck,
  failureProbability: number,
  looks: "once" | "any_time",
): number {
  if (verifiedWrong === 0) return 1;
  const bound = looks === "once" ? exactUpperBound : anytimeUpperBound;
  return bound(missed, verifiedWrong, failureProbability);
}

function requireCheck({ missed, verifiedWrong }: JudgeCheck): void {
  requireCounts(missed, verifiedWrong);
}
