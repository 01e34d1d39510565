import { certificationOf, type Certification } from "./certification.ts";
import { fallbackProcedure, geometricWeights } from "./fallback-procedure.ts";
import { findRoot } from "./find-root.ts";
import { logMeanExp } from "./log-mean-exp.ts";
import type { RateTarget } from "./rate-target.ts";
import { requireArgument, requireOpenShare } from "./statistics-argument.ts";

/** A row on which both the cheap and the deep answer have been held against the truth. */
export interface DoublyLabelledRow {
  /** 0–1. */
  readonly confidence: number;
  /** Of the cheap answer. */
  readonly isWrong: boolean;
  readonly isDeepWrong: boolean;
}

/** What shipping the cheap answer does to the rows of a sample. */
export interface ShippingEffects {
  /** Rows that ship a wrong answer where the deep one was right. */
  readonly harmed: number;
  /** Rows that ship a right answer where the deep one was wrong. */
  readonly helped: number;
  /** All other rows on which the deep answer is right. */
  readonly otherDeepRight: number;
}

/** A threshold with what shipping from it on does. */
export interface RelativeCandidate extends ShippingEffects {
  /** 0–1. */
  readonly threshold: number;
  /** Rows with at least this confidence. */
  readonly shipped: number;
}

/** Shares of the largest bet; small ones win on small effects in many rows. */
const BETS = [0.005, 0.01, 0.02, 0.04, 0.07, 0.11, 0.17, 0.25, 0.35, 0.5, 0.7, 0.9] as const;

/**
 * Natural logarithm of an e-value against "the cascade loses more than `atMost` of the deep model's
 * accuracy". The loss is at most that when this reaches ln(1/failureProbability), at any look.
 *
 * Bets of fixed size on the difference of each row, as in `observeBet`: needs independent rows drawn
 * at random from the traffic, each with both answers graded alike.
 *
 * @param atMost allowed relative loss of accuracy, between 0 and 1
 */
export function logRelativeAccuracyEvidence(effects: ShippingEffects, atMost: number): number {
  requireOpenShare("atMost", atMost);
  const { harmed, helped, otherDeepRight } = effects;
  const isFine = [harmed, helped, otherDeepRight].every((n) => Number.isSafeInteger(n) && n >= 0);
  requireArgument(isFine, "whole counts of at least 0", { harmed, helped, otherDeepRight });
  return logMeanExp(
    BETS.map((share) => {
      const bet = share / (1 - atMost);
      return (
        harmed * Math.log1p(-share) +
        helped * Math.log1p(bet) +
        otherDeepRight * Math.log1p(bet * atMost)
      );
    }),
  );
}

/**
 * Certifies thresholds at which the cascade keeps at least (1 − `atMost`) of the deep model's
 * accuracy, by the fallback procedure; looks may be repeated as rows arrive. `hits` of a tested
 * candidate are the rows it harms, and its bound is for the relative loss.
 *
 * @param candidates strictest first, thresholds fixed before the labels
 * @param weights one for each; default .9, .09, .009, …
 */
export function certifyRelative(
  candidates: readonly RelativeCandidate[],
  target: RateTarget,
  weights: readonly number[] = geometricWeights(candidates.length),
): Certification {
  const pValues = candidates.map((candidate) =>
    Math.min(1, Math.exp(-logRelativeAccuracyEvidence(candidate, target.atMost))),
  );
  const tested = fallbackProcedure(pValues, weights, target.failureProbability);
  return certificationOf(
    "relative",
    candidates.map((candidate, i) => ({
      threshold: candidate.threshold,
      hits: candidate.harmed,
      trials: candidate.shipped,
      level: tested[i]?.level ?? 0,
      p: pValues[i] ?? 1,
      upperBound: relativeLossBound(candidate, target.failureProbability),
      isCertified: tested[i]?.isCertified ?? false,
    })),
  );
}

/** What shipping from each threshold on does to the rows, in the order of the thresholds. */
export function relativeCandidatesOf(
  rows: readonly DoublyLabelledRow[],
  thresholds: readonly number[],
): readonly RelativeCandidate[] {
  return thresholds.map((threshold) => {
    let [shipped, harmed, helped, deepRight] = [0, 0, 0, 0];
    for (const { confidence, isWrong, isDeepWrong } of rows) {
      if (!isDeepWrong) deepRight += 1;
      if (confidence < threshold) continue;
      shipped += 1;
      if (isWrong && !isDeepWrong) harmed += 1;
      if (!isWrong && isDeepWrong) helped += 1;
    }
    return { threshold, shipped, harmed, helped, otherDeepRight: deepRight - harmed };
  });
}

/** Upper bound for the relative loss of accuracy, at this threshold alone; 1 when nothing is known. */
export function relativeLossBound(effects: ShippingEffects, failureProbability: number): number {
  requireOpenShare("failureProbability", failureProbability);
  const wanted = -Math.log(failureProbability);
  const excess = (loss: number): number => logRelativeAccuracyEvidence(effects, loss) - wanted;
  const [low, high] = [1e-9, 1 - 1e-9];
  if (excess(low) >= 0) return low;
  return excess(high) > 0 ? findRoot(excess, low, high) : 1;
}
