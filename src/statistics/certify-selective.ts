import { bonferroni } from "./bonferroni.ts";
import type { Candidate } from "./candidate.ts";
import { certificationOf, type Certification } from "./certification.ts";
import { fallbackProcedure, geometricWeights, type TestedLevel } from "./fallback-procedure.ts";
import { EXACT_P_VALUES, type PValueSource } from "./p-value-source.ts";
import { requireRateTarget, type RateTarget } from "./rate-target.ts";
import { requireCounts } from "./statistics-argument.ts";

/** A target for the share of wrong answers among those that ship. */
export interface SelectiveTarget extends RateTarget {
  /** Default: the exact test, for one look. */
  readonly pValues?: PValueSource;
}

/**
 * The fallback procedure: the default rule for the rate of wrong answers among those that ship.
 * Walks from strict to loose; a strict threshold that fails does not end the walk, since models are
 * sometimes wrong most often where they are surest.
 *
 * With probability 1 − `failureProbability` no certified threshold breaks the target. Needs labelled
 * rows that are a random sample of the traffic, independent, and candidates and weights fixed before
 * the labels. Repeated requests, weighted grading and drift break it.
 *
 * A. N. Angelopoulos et al., "Learn then Test: Calibrating Predictive Algorithms to Achieve Risk
 * Control" (2021), arXiv 2110.01052; procedure of B. L. Wiens (2003), see `fallbackProcedure`.
 *
 * @param candidates strictest first, as `candidatesOf` gives them
 * @param weights one for each candidate; default .9, .09, .009, …
 */
export function certifyByFallback(
  candidates: readonly Candidate[],
  target: SelectiveTarget,
  weights: readonly number[] = geometricWeights(candidates.length),
): Certification {
  return certifyBy(candidates, target, (pValues) =>
    fallbackProcedure(pValues, weights, target.failureProbability),
  );
}

/**
 * Strict to loose, all of the failure probability at each, ends at the first failure. The same
 * promise as `certifyByFallback`; strongest when errors fall evenly with confidence, and helpless
 * when the strictest candidate is bad or has too few rows.
 */
export function certifyInSequence(
  candidates: readonly Candidate[],
  target: SelectiveTarget,
): Certification {
  return certifyByFallback(
    candidates,
    target,
    candidates.map((_, i) => (i === 0 ? 1 : 0)),
  );
}

/** Each candidate at an equal share of the failure probability; the same promise. */
export function certifyByBonferroni(
  candidates: readonly Candidate[],
  target: SelectiveTarget,
): Certification {
  return certifyBy(candidates, target, (pValues) => bonferroni(pValues, target.failureProbability));
}

function certifyBy(
  candidates: readonly Candidate[],
  target: SelectiveTarget,
  testAll: (pValues: readonly number[]) => readonly TestedLevel[],
): Certification {
  requireRateTarget(target);
  const { atMost, failureProbability, pValues: source = EXACT_P_VALUES } = target;
  const pValues = candidates.map((candidate) => {
    requireCounts(candidate.hits, candidate.trials);
    return source.pValue(candidate, atMost);
  });
  const tested = testAll(pValues);
  return certificationOf(
    "selective",
    candidates.map((candidate, i) => ({
      ...candidate,
      level: tested[i]?.level ?? 0,
      p: pValues[i] ?? 1,
      upperBound: source.upperBound(candidate.hits, candidate.trials, failureProbability),
      isCertified: tested[i]?.isCertified ?? false,
    })),
  );
}
