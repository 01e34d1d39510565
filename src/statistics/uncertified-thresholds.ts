import type { Atom } from "./atom.ts";
import { bernoulliDivergence } from "./bernoulli-divergence.ts";
import { binomialCdf } from "./binomial-distribution.ts";
import { candidatesOf, type Candidate } from "./candidate.ts";
import { certificationOf, type Certification } from "./certification.ts";
import { requireRateTarget, type RateTarget } from "./rate-target.ts";
import { requireCounts, requireShare } from "./statistics-argument.ts";

/**
 * The loosest threshold whose observed rate keeps the target: what most people do by hand, and what
 * breaks the target in up to half of all calibrations. To compare with, never to ship.
 */
export function chooseByObservedRate(
  candidates: readonly Candidate[],
  atMost: number,
): Certification {
  requireShare("atMost", atMost);
  return certificationOf(
    "none",
    candidates.map((candidate) => ({
      ...candidate,
      level: null,
      p: null,
      upperBound: null,
      isCertified: candidate.trials > 0 && candidate.hits <= atMost * candidate.trials,
    })),
  );
}

/**
 * The loosest threshold that would have kept the target on the very rows it is judged by. No rule
 * can know it beforehand; others are measured by how near they come.
 *
 * @param atoms of the rows to be judged, not of a calibration sample
 */
export function hindsightThreshold(atoms: readonly Atom[], atMost: number): number | null {
  return chooseByObservedRate(candidatesOf(atoms), atMost).threshold;
}

/**
 * The fixed sequence with Hoeffding's inequality in the place of the exact test. Valid, and so wide
 * for small rates that it certifies next to nothing.
 *
 * W. Hoeffding, "Probability Inequalities for Sums of Bounded Random Variables", JASA 58 (1963),
 * 13–30.
 */
export function certifyByHoeffding(
  candidates: readonly Candidate[],
  target: RateTarget,
): Certification {
  requireRateTarget(target);
  const { atMost, failureProbability } = target;
  let isOpen = true;
  return certificationOf(
    "selective",
    candidates.map((candidate) => {
      const { hits, trials } = candidate;
      const p = hoeffdingPValue(hits, trials, atMost);
      isOpen &&= p <= failureProbability;
      const reach = Math.sqrt(-Math.log(failureProbability) / (2 * trials));
      const upperBound = trials === 0 ? 1 : Math.min(1, hits / trials + reach);
      return { ...candidate, level: failureProbability, p, upperBound, isCertified: isOpen };
    }),
  );
}

/**
 * A sweep over rows ordered by confidence that accepts the longest run of rows whose Hoeffding bound
 * keeps the target, wherever it ends, and ships from the confidence at its end. It cuts inside ties
 * but ships the whole tie, and it looks at every row without paying for it: both void its promise.
 * To compare with, never to ship.
 *
 * @param rows in an order that must not depend on the labels; sorted here, ties keep their order
 */
export function chooseByHoeffdingSweep(
  rows: readonly { readonly confidence: number; readonly isWrong: boolean }[],
  target: RateTarget,
): number | null {
  requireRateTarget(target);
  const logInverse = -Math.log(target.failureProbability);
  let threshold: number | null = null;
  let hits = 0;
  for (const [i, row] of rows.toSorted((a, b) => b.confidence - a.confidence).entries()) {
    if (row.isWrong) hits += 1;
    const trials = i + 1;
    const bound = hits / trials + Math.sqrt(logInverse / (2 * trials));
    if (bound <= target.atMost) threshold = row.confidence;
  }
  return threshold;
}

/**
 * p-value of Hoeffding and Bentkus against "the rate is at least `atMost`", with which Learn then
 * Test calibrates losses between 0 and 1. To compare with: for wrong and right answers the exact
 * test is never weaker.
 *
 * S. Bates et al., "Distribution-Free, Risk-Controlling Prediction Sets" (2021), arXiv 2101.02703;
 * V. Bentkus, "On Hoeffding's inequalities", Annals of Probability 32 (2004), 1650–1673.
 *
 * @param hits whole number from 0 to `trials`
 * @param atMost 0–1
 */
export function hoeffdingBentkusPValue(hits: number, trials: number, atMost: number): number {
  requireCounts(hits, trials);
  requireShare("atMost", atMost);
  if (trials === 0) return 1;
  const byHoeffding = Math.exp(
    -trials * bernoulliDivergence(Math.min(hits / trials, atMost), atMost),
  );
  const byBentkus = Math.E * binomialCdf(hits, trials, atMost);
  return Math.min(1, byHoeffding, byBentkus);
}

function hoeffdingPValue(hits: number, trials: number, atMost: number): number {
  if (trials === 0) return 1;
  const gap = Math.max(0, atMost - hits / trials);
  return Math.exp(-2 * trials * gap * gap);
}
