import { exactUpperBound } from "./exact-binomial-bound.ts";
import { requireShare } from "./statistics-argument.ts";

/** What a judge's verdicts have to keep so that the truth keeps a target. */
export interface JudgedTarget {
  /** Upper bound for the share of wrong answers that the judge lets pass. */
  readonly missRateBound: number;
  /** The rate of answers *judged* wrong that may be allowed. */
  readonly atMost: number;
}

/**
 * Lowers a target so that it can be tested on a judge's verdicts in the place of the truth: a judge
 * that lets a share μ of the wrong answers pass shows only (1 − μ) of them. The judge's false alarms
 * only make the test more careful.
 *
 * Needs the verified answers to be a random sample of the wrong ones. The bound spends
 * `failureProbability`; the test on the verdicts has to spend its own (half and half is usual).
 *
 * @param missed wrong answers, found wrong by people, that the judge let pass
 * @param verifiedWrong all wrong answers found by people; with 0 the target becomes 0
 * @param atMost allowed rate of wrong answers, 0–1
 */
export function judgedTarget(
  missed: number,
  verifiedWrong: number,
  atMost: number,
  failureProbability: number,
): JudgedTarget {
  requireShare("atMost", atMost);
  const missRateBound = exactUpperBound(missed, verifiedWrong, failureProbability);
  return { missRateBound, atMost: atMost * (1 - missRateBound) };
}
