import { logMeanExp } from "./log-mean-exp.ts";
import { requireArgument, requireOpenShare } from "./statistics-argument.ts";

/** A number from 0 to 1 with the weight it has in the mean, such as a grade and 1/propensity. */
export interface WeightedValue {
  /** 0–1: 0 or 1 for one answer, the mean for a cluster of answers that belong together. */
  readonly value: number;
  /** Above 0 and at most the largest weight that was announced. */
  readonly weight: number;
  /** Observations alike, so that a million are as quick as a few kinds of them; default 1. */
  readonly count?: number;
}

/** What is to be refuted about a weighted mean. Fixed before the first observation. */
export interface MeanClaim {
  readonly claim: "at_least" | "at_most";
  /** 0–1, without the ends. */
  readonly mean: number;
  /** No weight will be above it. Known beforehand: 1 divided by the smallest propensity. */
  readonly largestWeight: number;
}

/** Evidence so far: one logarithm of wealth for each fixed bet. Plain JSON, about 200 bytes. */
export interface BettingState {
  readonly logWealths: readonly number[];
}

/** Shares of the largest bet that cannot ruin; small ones win near the claim, large ones far off. */
const BETS = [0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9] as const;

export function startBetting(): BettingState {
  return { logWealths: BETS.map(() => 0) };
}

/**
 * Takes one more observation into the evidence against `claim`. A bet at fair odds under the claim
 * cannot be expected to gain, so `logBettingEvidence` reaches ln(1/δ) with probability at most δ if
 * the claim is true, at whatever moment one looks.
 *
 * Works for weighted, bounded and clustered values. The weights must be set before the value is
 * known, and the weighted mean must not drift: under drift a proof speaks of the time that it saw.
 *
 * I. Waudby-Smith and A. Ramdas, "Estimating means of bounded random variables by betting" (2020),
 * arXiv 2010.09686, with a grid of fixed bets.
 */
export function observeBet(
  state: BettingState,
  claim: MeanClaim,
  { value, weight, count = 1 }: WeightedValue,
): BettingState {
  requireClaim(claim);
  requireObservation({ value, weight, count }, claim.largestWeight);
  const stake = stakeOf(claim, value, weight);
  return {
    logWealths: state.logWealths.map((log, i) => log + count * Math.log1p((BETS[i] ?? 0) * stake)),
  };
}

/** ln of an e-value against the claim: the mean wealth over the bets. */
export function logBettingEvidence(state: BettingState): number {
  return logMeanExp(state.logWealths);
}

/** The evidence of many observations at once; their order does not matter. */
export function logBettingEvidenceOf(
  observations: readonly WeightedValue[],
  claim: MeanClaim,
): number {
  requireClaim(claim);
  const logs = new Float64Array(BETS.length);
  for (const observation of observations) {
    requireObservation(observation, claim.largestWeight);
    const { value, weight, count = 1 } = observation;
    const stake = stakeOf(claim, value, weight);
    for (const [i, bet] of BETS.entries()) {
      logs[i] = (logs[i] ?? 0) + count * Math.log1p(bet * stake);
    }
  }
  return logMeanExp([...logs]);
}

/** What a bet of everything would gain or lose: at least −1 for any value. */
function stakeOf({ claim, mean, largestWeight }: MeanClaim, value: number, weight: number): number {
  const share = weight / largestWeight;
  return claim === "at_least"
    ? (-share * (value - mean)) / (1 - mean)
    : (share * (value - mean)) / mean;
}

function requireClaim({ mean, largestWeight }: MeanClaim): void {
  requireOpenShare("mean", mean);
  if (!(largestWeight > 0 && largestWeight < Infinity)) {
    requireArgument(false, "a largest weight above 0", { largestWeight });
  }
}

function requireObservation(
  { value, weight, count = 1 }: WeightedValue,
  largestWeight: number,
): void {
  const isFine = value >= 0 && value <= 1 && weight > 0 && weight <= largestWeight;
  if (isFine && count >= 0) return;
  requireArgument(false, "a value from 0 to 1 with a weight up to the largest", {
    value,
    weight,
    count,
    largestWeight,
  });
}
