import { logBettingEvidenceOf, type MeanClaim, type WeightedValue } from "./betting-wealth.ts";
import { logBinomialCdf } from "./binomial-distribution.ts";
import { findRoot } from "./find-root.ts";
import { logSafeRateEvidence } from "./safe-rate-evidence.ts";
import { requireArgument, requireOpenShare } from "./statistics-argument.ts";
import { logViolatedRateEvidence } from "./violated-rate-evidence.ts";

/** Rows that were all drawn alike and are independent. */
export interface CountedSample {
  readonly kind: "counted";
  readonly hits: number;
  readonly trials: number;
}

/** Rows or clusters that were drawn with known chances, see `WeightedValue`. */
export interface WeightedSample {
  readonly kind: "weighted";
  readonly observations: readonly WeightedValue[];
  /** At least every weight; from the settings of the draw, not from the outcomes. */
  readonly largestWeight: number;
  /**
   * When the sample covers only a part of the requests and nothing outside of it can be a hit:
   * bounds for the share of the requests that the part makes up, above 0. Default: all of them.
   */
  readonly ofShare?: { readonly low: number; readonly high: number };
}

/** One of several samples that speak about one rate. */
export type RateSample = CountedSample | WeightedSample;

/**
 * ln of an e-value against "the rate is at least `atMost`" from several samples of it: the sum of
 * theirs, which may be looked at again and again as rows arrive.
 *
 * Each sample's evidence is a wealth that, if the claim is true, is not expected to grow with the next
 * row, whatever the rows before were. A row belongs to one sample, so it moves one factor of the
 * product, and the product is not expected to grow either; by Ville's inequality it ever reaches
 * 1/δ with probability at most δ. This needs every sample to be of the same rate by itself: rows of
 * one draw whose chances differ have to stay together in one weighted sample, where the weights make
 * up for it. Two samples of different rates must not be pooled.
 *
 * A sample of a part that makes up a share s of all requests has a rate of its own, the rate divided
 * by s. With s at its upper bound the claim is at its weakest for that sample, and evidence only falls
 * with a weaker claim; so the statement fails with at most the bounds' failure probability more.
 *
 * V. Vovk and R. Wang, "E-values: Calibration, combination and applications" (2019), arXiv 1912.06116;
 * I. Waudby-Smith and A. Ramdas, "Estimating means of bounded random variables by betting" (2020),
 * arXiv 2010.09686.
 */
export function logPooledSafeEvidence(samples: readonly RateSample[], atMost: number): number {
  return sumOf(samples, (sample) =>
    sample.kind === "counted"
      ? logSafeRateEvidence(sample.hits, sample.trials, atMost)
      : evidenceOf(sample, "at_least", atMost / (sample.ofShare?.high ?? 1)),
  );
}

/** The mirror: against "the rate is at most `atMost`", with the lower bound of a part's share. */
export function logPooledViolatedEvidence(samples: readonly RateSample[], atMost: number): number {
  return sumOf(samples, (sample) =>
    sample.kind === "counted"
      ? logViolatedRateEvidence(sample.hits, sample.trials, atMost)
      : evidenceOf(sample, "at_most", atMost / (sample.ofShare?.low ?? 1)),
  );
}

/**
 * p-value against "the rate is at least `atMost`". For any number of looks it is 1 divided by the
 * evidence. For one look the counted sample takes the exact binomial test instead, and what the
 * others say divides it: a p-value over an independent e-value is a p-value, N. Ignatiadis, R. Wang
 * and A. Ramdas, "E-values as unnormalized weights in multiple testing" (2022), arXiv 2204.12447.
 */
export function pooledPValue(
  samples: readonly RateSample[],
  atMost: number,
  looks: "once" | "any_time",
): number {
  return Math.min(1, Math.exp(logPooledP(samples, atMost, looks)));
}

/** The smallest rate that is refuted at `failureProbability`; 1 when none is. */
export function pooledUpperBound(
  samples: readonly RateSample[],
  failureProbability: number,
  looks: "once" | "any_time",
): number {
  requireOpenShare("failureProbability", failureProbability);
  const wanted = Math.log(failureProbability);
  // Evidence against "at least" only grows with the rate that is claimed.
  const excess = (rate: number): number => logPooledP(samples, rate, looks) - wanted;
  if (excess(LEAST) <= 0) return LEAST;
  return excess(MOST) < 0 ? findRoot(excess, LEAST, MOST) : 1;
}

/** The largest rate that is refuted from below, however often one looks; 0 when none is. */
export function pooledLowerBound(
  samples: readonly RateSample[],
  failureProbability: number,
): number {
  requireOpenShare("failureProbability", failureProbability);
  const excess = (rate: number): number =>
    logPooledViolatedEvidence(samples, rate) + Math.log(failureProbability);
  if (excess(MOST) >= 0) return MOST;
  return excess(LEAST) > 0 ? findRoot(excess, LEAST, MOST) : 0;
}

/** Where no claim can be told from one at the end. */
const LEAST = 1e-9;
const MOST = 1 - 1e-9;

function logPooledP(
  samples: readonly RateSample[],
  atMost: number,
  looks: "once" | "any_time",
): number {
  const counted = samples.filter((sample) => sample.kind === "counted");
  if (looks === "any_time" || counted.length === 0) return -logPooledSafeEvidence(samples, atMost);
  requireArgument(counted.length === 1, "one counted sample for one look", {
    counted: counted.length,
  });
  const weighted = samples.filter((sample) => sample.kind === "weighted");
  const logExact = sumOf(counted, ({ hits, trials }) => logBinomialCdf(hits, trials, atMost));
  return Math.min(0, logExact) - logPooledSafeEvidence(weighted, atMost);
}

function evidenceOf(
  { observations, largestWeight }: WeightedSample,
  claim: MeanClaim["claim"],
  mean: number,
): number {
  if (observations.length === 0) return 0;
  if (mean < MOST) return logBettingEvidenceOf(observations, { claim, mean, largestWeight });
  // A rate of the part above 1 cannot be: no evidence is needed against it, and none is claimed.
  return claim === "at_most"
    ? 0
    : logBettingEvidenceOf(observations, { claim, mean: MOST, largestWeight });
}

function sumOf<Item>(items: readonly Item[], amount: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + amount(item), 0);
}
