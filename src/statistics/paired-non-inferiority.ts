import { logMeanExp } from "./log-mean-exp.ts";
import { requireArgument, requireOpenShare } from "./statistics-argument.ts";

/**
 * Answers of both sides to the same requests, as counts. A row counts as harmed where the cascade was
 * wrong and the last tier alone right. Escalated rows are answered by the last tier on both sides:
 * they count among the pairs and are never harmed nor helped.
 */
export interface PairedCounts {
  readonly harmed: number;
  /** The cascade right, the last tier alone wrong. */
  readonly helped: number;
  /** All pairs, those with equal outcome included. */
  readonly pairs: number;
}

/** Evidence so far; both may be looked at after every pair. */
export interface PairedEvidence {
  /** ln of the evidence against "the cascade is worse by `margin` or more". */
  readonly logNotWorse: number;
  /** ln of the evidence against "the cascade is worse by at most `margin`". */
  readonly logWorse: number;
  /** `worse` is a reason to stop; `open` says nothing yet. */
  readonly conclusion: "not_worse" | "worse" | "open";
}

/** Shares of the largest safe bet; a mixture, since nobody knows beforehand which one pays. */
export const PAIRED_BETS: readonly number[] = [0.01, 0.02, 0.04, 0.08, 0.15, 0.25, 0.4, 0.6, 0.85];

/**
 * Is the cascade at most `margin` less accurate than the last tier alone? A betting test on paired
 * answers that stays valid however often it is looked at: in either direction the probability of ever
 * concluding falsely is at most `failureProbability`. Counts are all it keeps; order does not matter.
 *
 * Each bet multiplies by 1 + λ(D + margin), D being -1 harmed, 1 helped, 0 alike; the evidence is the
 * mean over bets. The mirror test bets that D lies below -margin.
 *
 * Needs a random sample of the requests (one share of the shipped and of the escalated ones) and a
 * grader that does not see which side an answer came from. Breaks with repeated requests as separate
 * pairs, and when the margin is chosen after looking.
 *
 * I. Waudby-Smith and A. Ramdas, "Estimating Means of Bounded Random Variables by Betting", 2020
 * (arXiv 2010.09686).
 *
 * @param margin between 0 and 1, such as 0.02 for two points
 */
export function pairedNonInferiority(
  counts: PairedCounts,
  margin: number,
  failureProbability = 0.05,
  bets: readonly number[] = PAIRED_BETS,
): PairedEvidence {
  const { harmed, helped, pairs } = counts;
  const isFine =
    [harmed, helped, pairs].every((count) => Number.isSafeInteger(count) && count >= 0) &&
    harmed + helped <= pairs;
  requireArgument(isFine, "whole numbers with harmed + helped ≤ pairs", { ...counts });
  requireOpenShare("margin", margin);
  requireOpenShare("failureProbability", failureProbability);
  const alike = pairs - harmed - helped;

  // The worst payoff is D = -1 here, so λ up to 1/(1 - margin) is safe; D = 1 in the mirror.
  const logNotWorse = logMeanExp(
    bets.map((bet) => {
      const lambda = bet / (1 - margin);
      return (
        harmed * Math.log1p(lambda * (margin - 1)) +
        helped * Math.log1p(lambda * (margin + 1)) +
        alike * Math.log1p(lambda * margin)
      );
    }),
  );
  const logWorse = logMeanExp(
    bets.map((bet) => {
      const lambda = bet / (1 + margin);
      return (
        harmed * Math.log1p(lambda * (1 - margin)) +
        helped * Math.log1p(-lambda * (1 + margin)) +
        alike * Math.log1p(-lambda * margin)
      );
    }),
  );
  const needed = -Math.log(failureProbability);
  const conclusion = logWorse >= needed ? "worse" : logNotWorse >= needed ? "not_worse" : "open";
  return { logNotWorse, logWorse, conclusion };
}
