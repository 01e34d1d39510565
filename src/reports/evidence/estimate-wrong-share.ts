import type { EvidenceKey, Outcomes } from "../../ledger/records/evidence.ts";
import { kornGraubardInterval } from "../../statistics/korn-graubard-interval.ts";
import { NORMAL_DEVIATE_95 } from "../../statistics/normal-interval.ts";
import {
  verdictStratifiedShare,
  type VerdictStrata,
} from "../../statistics/verdict-stratified-share.ts";
import type { ShareInterval } from "../../statistics/wilson-interval.ts";
import { judgedAs, truthOf, type CountedEvidence } from "./item-outcome.ts";
import { groupsOf, type TruthSample } from "./truth-sample.ts";

/** A share with everything that is said of it; one estimator makes all of it. */
export interface ShareEstimate {
  readonly share: number;
  /** At 95 %. */
  readonly interval: ShareInterval;
  /** Each fails with the asked probability, for one look. */
  readonly upperBound: number;
  readonly lowerBound: number;
  readonly effective: EffectiveSample;
}

/** A plain sample, drawn with equal chances, that says as much. Fractional. */
export interface EffectiveSample {
  readonly trials: number;
  readonly hits: number;
}

/**
 * `weighted`: each truth weighs by 1/propensity, a checked verdict of the judge standing for those
 * judged alike (Hájek), with Korn and Graubard's interval. Right for every way of drawing, and the
 * rule wherever the other one cannot be used.
 *
 * @returns null without a truth
 */
export function estimateByWeights(
  { cells }: TruthSample,
  failureProbability: number,
): ShareEstimate | null {
  const groups = groupsOf(cells);
  const estimate = kornGraubardInterval(groups);
  const bounds = kornGraubardInterval(groups, bothEnds(failureProbability));
  if (estimate === null || bounds === null) return null;
  const { share, interval, effectiveTrials } = estimate;
  return {
    share,
    interval,
    upperBound: bounds.interval.high,
    lowerBound: bounds.interval.low,
    effective: { trials: effectiveTrials, hits: share * effectiveTrials },
  };
}

/**
 * `verdict_stratified`: wrong among those judged wrong and among those judged right, from the human
 * checks of each. The same share as by weights and a narrower interval, since how many the judge
 * called wrong is known. The rule where a judge graded every item, with equal propensities.
 *
 * @returns null where it cannot be used
 */
export function estimateByVerdicts(
  counts: readonly CountedEvidence[],
  outcomesOf: (key: EvidenceKey) => Outcomes,
  failureProbability: number,
): ShareEstimate | null {
  const strata = verdictStrata(counts, outcomesOf);
  if (strata === null) return null;
  const estimate = verdictStratifiedShare(strata);
  const bounds = verdictStratifiedShare(strata, bothEnds(failureProbability));
  if (estimate === null || bounds === null) return null;
  return {
    ...estimate,
    upperBound: bounds.interval.high,
    lowerBound: bounds.interval.low,
    effective: effectiveOf(estimate, strata),
  };
}

/** Both ends together, so that each alone fails with the asked probability. */
function bothEnds(failureProbability: number): number {
  return Math.min(0.999, 2 * failureProbability);
}

/** As many rows as would have an interval of this width; where none is wrong, those checked. */
function effectiveOf(
  { share, interval }: Pick<ShareEstimate, "share" | "interval">,
  { checkedRight, checkedWrong }: VerdictStrata,
): EffectiveSample {
  const checked = checkedRight.trials + checkedWrong.trials;
  const standardError = (interval.high - interval.low) / (2 * NORMAL_DEVIATE_95);
  const isMixed = share > 0 && share < 1 && standardError > 0;
  const trials = isMixed ? (share * (1 - share)) / standardError ** 2 : checked;
  return { trials, hits: share * trials };
}

/** Null where verdicts had different chances to be drawn or labels stand beside the judge's. */
function verdictStrata(
  counts: readonly CountedEvidence[],
  outcomesOf: (key: EvidenceKey) => Outcomes,
): VerdictStrata | null {
  const propensities = new Set<number>();
  const strata = { right: emptyStratum(), wrong: emptyStratum() };
  for (const { key, items } of counts) {
    const truth = truthOf(outcomesOf(key));
    const judged = judgedAs(outcomesOf(key));
    if (key.propensity === null || truth === "disputed") continue;
    if (judged === null && truth !== null) return null;
    if (judged === null) continue;
    propensities.add(key.propensity);
    const stratum = strata[judged];
    stratum.judged += items;
    if (truth !== null) stratum.trials += items;
    if (truth === "wrong") stratum.hits += items;
  }
  if (propensities.size !== 1) return null;
  return {
    judged: strata.right.judged + strata.wrong.judged,
    judgedWrong: strata.wrong.judged,
    checkedWrong: { trials: strata.wrong.trials, hits: strata.wrong.hits },
    checkedRight: { trials: strata.right.trials, hits: strata.right.hits },
  };
}

function emptyStratum(): { judged: number; trials: number; hits: number } {
  return { judged: 0, trials: 0, hits: 0 };
}
