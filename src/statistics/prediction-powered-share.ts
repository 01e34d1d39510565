import { checkedRows, requireJudgedSample, type JudgedSample } from "./judged-sample.ts";
import { normalInterval, type ValueInterval } from "./normal-interval.ts";

/** A share of wrong answers from many judged and few human-checked ones. */
export interface PredictionPoweredShare {
  /** May leave 0–1 by a little. */
  readonly share: number;
  readonly standardError: number;
  /** Normal, at about 95 %. */
  readonly interval: ValueInterval;
  /** How much the judge was trusted: 0 = not at all (humans only), 1 = fully. */
  readonly trust: number;
  /** Fewer than 500 checked answers: the tuned trust leans, and the interval is too narrow. */
  readonly isApproximate: boolean;
}

const MIN_EXACT_ROWS = 500;

/**
 * Prediction-powered estimate: the humans' share, plus `trust` times what the judge says of all
 * answers less what it says of the checked ones. Right on average whatever the judge is worth, when
 * checked answers are a random part of the judged ones.
 *
 * `verdictStratifiedShare` needs fewer checks for the same precision; this one is for checks that were
 * not drawn by verdict.
 *
 * A. N. Angelopoulos et al., "Prediction-Powered Inference", 2023 (arXiv 2301.09633); tuned trust:
 * A. N. Angelopoulos, J. C. Duchi and T. Zrnic, "PPI++", 2023 (arXiv 2311.01453).
 *
 * @param trust 0–1, or `tuned` for the value with the smallest variance in this sample
 * @returns null without judged answers or with fewer than two checked ones
 */
export function predictionPoweredShare(
  sample: JudgedSample,
  trust: number | "tuned" = "tuned",
): PredictionPoweredShare | null {
  requireJudgedSample(sample);
  const { judged, judgedWrong, checked } = sample;
  const trials = checkedRows(checked);
  if (judged === 0 || trials < 2) return null;
  const humanWrong = (checked.bothWrong + checked.missed) / trials;
  const judgeWrong = (checked.bothWrong + checked.falseAlarm) / trials;
  const q = judgedWrong / judged;
  const covariance = checked.bothWrong / trials - humanWrong * judgeWrong;
  const weight = trust === "tuned" ? tunedTrust(sample, covariance) : trust;
  const errorVariance =
    humanWrong * (1 - humanWrong) +
    weight ** 2 * judgeWrong * (1 - judgeWrong) -
    2 * weight * covariance;
  const share = humanWrong + weight * (q - judgeWrong);
  // Rounding may take a variance of 0 below it.
  const variance = Math.max(0, errorVariance) / trials + (weight ** 2 * q * (1 - q)) / judged;
  const standardError = Math.sqrt(variance);
  return {
    share,
    standardError,
    interval: normalInterval(share, standardError),
    trust: weight,
    isApproximate: trials < MIN_EXACT_ROWS,
  };
}

/** Covariance of judge and human over the variance of the judge on all its verdicts, in 0–1. */
function tunedTrust({ judged, judgedWrong, checked }: JudgedSample, covariance: number): number {
  const trials = checkedRows(checked);
  const verdicts = judged + trials;
  const wrong = (judgedWrong + checked.bothWrong + checked.falseAlarm) / verdicts;
  const variance = (wrong * (1 - wrong) * verdicts) / (verdicts - 1);
  if (variance === 0) return 0;
  return Math.min(1, Math.max(0, covariance / ((1 + trials / judged) * variance)));
}
