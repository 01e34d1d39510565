import { bernoulliDivergence } from "./bernoulli-divergence.ts";
import { binomialCdf } from "./binomial-distribution.ts";
import { logSafeRateEvidence } from "./safe-rate-evidence.ts";
import { smallestInteger } from "./smallest-integer.ts";
import { requireArgument, requireCounts, requireOpenShare } from "./statistics-argument.ts";

/** How many labelled rows a certificate will need, judging by those there are. */
export type LabelsNeeded = LabelsInSight | LabelsWithoutNumber;

export interface LabelsInSight {
  readonly outlook: "reachable";
  /** What the rate most likely is: (hits + ½)/(trials + 1). */
  readonly likelyRate: number;
  /** Rows that would do if none of them were a hit. */
  readonly zeroErrorTrials: number;
  /**
   * Rows in all for one exact test that succeeds with 80 % if the rate is the likely one; null when
   * it is so close to the target that a million do not suffice.
   */
  readonly fixedPlanTrials: number | null;
  /** Rows beyond the present ones until repeated looks are expected to certify; 0 when they do. */
  readonly sequentialMoreTrials: number;
}

export interface LabelsWithoutNumber {
  /**
   * `unreachable`: the rate is likely above the target, and more labels would prove the contrary.
   * `too_early`: no hit yet, and too few trials to guess the rate.
   */
  readonly outlook: "unreachable" | "too_early";
  readonly likelyRate: number;
  readonly zeroErrorTrials: number;
}

/** Plans beyond this are no plans. */
const MOST_TRIALS = 1_000_000;

/**
 * Says honestly how many more labels it takes to certify a rate of at most `atMost`, and when no
 * number would do. A plan, not a promise: it takes the likely rate for the true one.
 *
 * The sequential plan divides the evidence that is missing by what a label brings on average, the
 * divergence of the likely rate from the target: A. Wald, "Sequential Tests of
 * Statistical Hypotheses", Annals of Mathematical Statistics 16 (1945), 117–186.
 *
 * @param hits whole number from 0 to `trials`
 */
export function labelsNeeded(
  hits: number,
  trials: number,
  atMost: number,
  failureProbability: number,
): LabelsNeeded {
  requireCounts(hits, trials);
  const zeroError = zeroErrorTrials(atMost, failureProbability);
  const likelyRate = (hits + 0.5) / (trials + 1);
  if (likelyRate >= atMost) {
    const outlook = hits === 0 ? "too_early" : "unreachable";
    return { outlook, likelyRate, zeroErrorTrials: zeroError };
  }
  const missing = -Math.log(failureProbability) - logSafeRateEvidence(hits, trials, atMost);
  return {
    outlook: "reachable",
    likelyRate,
    zeroErrorTrials: zeroError,
    fixedPlanTrials: trialsForPower(likelyRate, atMost, failureProbability),
    sequentialMoreTrials: Math.max(0, Math.ceil(missing / bernoulliDivergence(likelyRate, atMost))),
  };
}

/** The fewest trials that certify a rate of at most `atMost` when none of them is a hit. */
export function zeroErrorTrials(atMost: number, failureProbability: number): number {
  requireOpenShare("atMost", atMost);
  requireOpenShare("failureProbability", failureProbability);
  return Math.ceil(Math.log(failureProbability) / Math.log1p(-atMost));
}

/** The most hits with which the exact test still certifies; null when not even 0 do. */
export function mostHitsCertified(
  trials: number,
  atMost: number,
  failureProbability: number,
): number | null {
  requireOpenShare("failureProbability", failureProbability);
  if (trials < zeroErrorTrials(atMost, failureProbability)) return null;
  const isTooMany = (hits: number): boolean =>
    binomialCdf(hits, trials, atMost) > failureProbability;
  return smallestInteger(0, trials, isTooMany) - 1;
}

/**
 * The fewest trials with which one exact test certifies with probability `power` when the true rate
 * is `rate`; null when a million do not suffice.
 */
export function trialsForPower(
  rate: number,
  atMost: number,
  failureProbability: number,
  power = 0.8,
): number | null {
  requireOpenShare("rate", rate);
  requireOpenShare("power", power);
  requireArgument(rate < atMost, "a rate below atMost", { rate, atMost });
  // For each number of allowed hits the power is greatest at the fewest trials that allow them.
  const trialsAllowing = (hits: number): number => fewestTrials(hits, atMost, failureProbability);
  const suffices = (hits: number): boolean => {
    const trials = trialsAllowing(hits);
    return trials > MOST_TRIALS || binomialCdf(hits, trials, rate) >= power;
  };
  const most = mostHitsCertified(MOST_TRIALS, atMost, failureProbability);
  if (most === null || !suffices(most)) return null;
  let high = smallestInteger(-1, most, suffices);
  // The power does not grow quite evenly, since trials are whole: one trial too many costs up to
  // `atMost` of a hit, and a further allowed hit gains about (atMost − rate)/(2·atMost) of one. So
  // a few hits fewer may do as well; twice as many as that says are tried.
  const unevenHits = 20 + Math.ceil((4 * atMost * atMost) / (atMost - rate));
  for (let hits = Math.max(0, high - unevenHits); hits < high; hits += 1) {
    if (suffices(hits)) high = hits;
  }
  const trials = trialsAllowing(high);
  return trials > MOST_TRIALS ? null : trials;
}

/** The fewest trials at which so many hits still certify; above the limit, anything above it. */
function fewestTrials(hits: number, atMost: number, failureProbability: number): number {
  const certifies = (trials: number): boolean =>
    binomialCdf(hits, trials, atMost) <= failureProbability;
  let low = hits;
  let high = Math.max(hits + 1, Math.ceil(hits / atMost));
  while (high <= MOST_TRIALS && !certifies(high)) [low, high] = [high, Math.ceil(high * 1.5)];
  if (high > MOST_TRIALS) {
    if (low >= MOST_TRIALS || !certifies(MOST_TRIALS)) return MOST_TRIALS + 1;
    high = MOST_TRIALS;
  }
  return smallestInteger(low, high, certifies);
}
