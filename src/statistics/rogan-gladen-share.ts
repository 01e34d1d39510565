import { failure, success, type Result } from "../support/result.ts";
import { requireJudgedSample, type JudgedSample } from "./judged-sample.ts";
import { normalInterval, type ValueInterval } from "./normal-interval.ts";

/** A corrected share; the estimate may leave 0–1, which says that the judge was misjudged. */
export interface RoganGladenShare {
  readonly share: number;
  readonly standardError: number;
  /** Normal, at about 95 %. */
  readonly interval: ValueInterval;
  /** Share of wrong answers that the judge calls wrong. */
  readonly sensitivity: number;
  /** Share of right answers that the judge calls right. */
  readonly specificity: number;
}

/** A judge whose sensitivity and specificity add up to less tells too little to divide by. */
export const MIN_JUDGE_ACCURACY = 1.2;

/**
 * Rogan and Gladen's correction: what share of wrong answers makes a judge of this sensitivity and
 * specificity call so many wrong. Only for a judge that was checked on *other* answers and is believed
 * to be as good here; checked on these answers, `verdictStratifiedShare` is far more precise.
 *
 * W. J. Rogan and B. Gladen, "Estimating Prevalence from the Results of a Screening Test", American
 * Journal of Epidemiology 107 (1978), 71–76.
 *
 * @param sample `checked` may come from another population
 * @returns `weak_judge` when sensitivity and specificity add up to less than `MIN_JUDGE_ACCURACY`,
 *   `not_checked` without judged answers or without a checked answer of either kind
 */
export function roganGladenShare(
  sample: JudgedSample,
): Result<RoganGladenShare, "weak_judge" | "not_checked"> {
  requireJudgedSample(sample);
  const { judged, judgedWrong, checked } = sample;
  const wrong = checked.bothWrong + checked.missed;
  const right = checked.bothRight + checked.falseAlarm;
  if (judged === 0 || wrong === 0 || right === 0) return failure("not_checked");
  const sensitivity = checked.bothWrong / wrong;
  const specificity = checked.bothRight / right;
  if (sensitivity + specificity < MIN_JUDGE_ACCURACY) return failure("weak_judge");
  const q = judgedWrong / judged;
  const discrimination = sensitivity + specificity - 1;
  const share = (q + specificity - 1) / discrimination;
  const variance =
    (q * (1 - q)) / judged +
    ((1 - share) ** 2 * specificity * (1 - specificity)) / right +
    (share ** 2 * sensitivity * (1 - sensitivity)) / wrong;
  const standardError = Math.sqrt(variance) / discrimination;
  const interval = normalInterval(share, standardError);
  return success({ share, standardError, interval, sensitivity, specificity });
}
