import { binomialCdf } from "./binomial-distribution.ts";
import { labelledRowsOf, type Candidate } from "./candidate.ts";
import { certificationOf, type Certification } from "./certification.ts";
import { exactUpperBound } from "./exact-binomial-bound.ts";
import { requireRateTarget, type RateTarget } from "./rate-target.ts";
import { requireArgument, requireShare } from "./statistics-argument.ts";

/**
 * Certifies "of all requests at most `atMost` ship wrong" at every threshold at once. Looser
 * thresholds can only ship more wrong answers, so the whole failure probability serves each of them:
 * the cheapest promise in labels. It is weaker than a selective one of the same number: with a share
 * s shipped it allows a rate of `atMost`/s among what ships.
 *
 * With probability 1 − `failureProbability` the certified threshold keeps it. Needs a random sample
 * of the traffic with independent rows, looked at once.
 *
 * S. Bates et al., "Distribution-Free, Risk-Controlling Prediction Sets" (2021), arXiv 2101.02703,
 * with the exact binomial bound.
 *
 * @param candidates strictest first, hits never falling
 * @param labelledRows all labelled rows, those below the loosest candidate included
 */
export function certifyJoint(
  candidates: readonly Candidate[],
  target: RateTarget,
  labelledRows: number = labelledRowsOf(candidates),
): Certification {
  requireRateTarget(target);
  requireNested(candidates, labelledRows);
  let isOpen = true;
  return certificationOf(
    "joint",
    candidates.map((candidate) => {
      const p = binomialCdf(candidate.hits, labelledRows, target.atMost);
      isOpen &&= p <= target.failureProbability;
      return {
        ...candidate,
        level: target.failureProbability,
        p,
        upperBound: exactUpperBound(candidate.hits, labelledRows, target.failureProbability),
        isCertified: isOpen,
      };
    }),
  );
}

/**
 * Conformal risk control: keeps "of all requests at most `atMost` ship wrong" on average over
 * calibrations and says nothing of the one at hand, which near the edge breaks it about half the
 * time. Never to be shown as a guarantee.
 *
 * A. N. Angelopoulos et al., "Conformal Risk Control" (2022), arXiv 2208.02814.
 *
 * @param candidates strictest first, hits never falling
 */
export function certifyOnAverage(
  candidates: readonly Candidate[],
  atMost: number,
  labelledRows: number = labelledRowsOf(candidates),
): Certification {
  requireShare("atMost", atMost);
  requireNested(candidates, labelledRows);
  return certificationOf(
    "joint_on_average",
    candidates.map((candidate) => ({
      ...candidate,
      level: null,
      p: null,
      upperBound: null,
      isCertified: (candidate.hits + 1) / (labelledRows + 1) <= atMost,
    })),
  );
}

function requireNested(candidates: readonly Candidate[], labelledRows: number): void {
  const isNested = candidates.every(({ hits, trials }, i) => {
    const stricter = candidates[i - 1];
    const rises = stricter === undefined || (hits >= stricter.hits && trials >= stricter.trials);
    return rises && trials <= labelledRows;
  });
  requireArgument(isNested, "candidates from strict to loose within the labelled rows", {
    candidates: candidates.map(({ hits, trials }) => `${hits}/${trials}`).join(" "),
    labelledRows,
  });
}
