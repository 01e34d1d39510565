import type { EvidenceKey, Outcomes } from "../../ledger/records/evidence.ts";
import type { ShareInterval } from "../../statistics/wilson-interval.ts";
import { MIN_OBSERVATIONS } from "../observed-share.ts";
import {
  estimateByVerdicts,
  estimateByWeights,
  type EffectiveSample,
  type ShareEstimate,
} from "./estimate-wrong-share.ts";
import { itemsIn, judgedAs, truthOf, type CountedEvidence } from "./item-outcome.ts";
import { truthSample, type TruthSample } from "./truth-sample.ts";

/** How often an answer is wrong, of all traffic that the graded items stand for. */
export interface WrongShare {
  /**
   * `judge_corrected`: by the judge, put right by human checks. `judge_says`: nobody checked the
   * judge, so nothing but its opinion is known. `none`: no item is graded.
   */
  readonly basis: "truth" | "judge_corrected" | "judge_says" | "none";
  /** Items whose truth is known, and the wrong ones among them, unweighted. */
  readonly graded: number;
  readonly wrong: number;
  /**
   * Items that were looked at and not decided. They are in no share; but the end of an interval and
   * a bound from above take all of them for wrong, and those from below take all of them for right.
   */
  readonly undecided: number;
  /** What made the share and everything around it; null = not known yet. */
  readonly estimator: "weighted" | "verdict_stratified" | null;
  /** Weighted, 0–1; null = not known yet. */
  readonly share: number | null;
  /** At 95 %; null = not known yet. */
  readonly interval: ShareInterval | null;
  /** Upper bound that fails with the promised probability, for one look; null = not known yet. */
  readonly upperBound: number | null;
  /** Lower bound of the same kind. */
  readonly lowerBound: number | null;
  /** What the grades are worth, undecided ones being wrong, also when they are too few for a share. */
  readonly effective: EffectiveSample;
  /** What the judge says, checked or not. */
  readonly judge: { readonly judged: number; readonly wrong: number };
}

/**
 * Share of wrong answers, by `estimateByVerdicts` where it can be used and else by
 * `estimateByWeights`. Fewer than `MIN_OBSERVATIONS` truths make no share.
 */
export function wrongShare(
  counts: readonly CountedEvidence[],
  failureProbability: number,
  outcomesOf: (key: EvidenceKey) => Outcomes = ({ cheap }) => cheap,
): WrongShare {
  const sample = truthSample(counts, outcomesOf);
  const graded = itemsIn(sample.cells);
  const wrong = itemsIn(sample.cells.filter(({ isWrong }) => isWrong));
  const undecided = itemsIn(counts.filter(({ key }) => isUndecided(key, outcomesOf)));
  const judge = judgedCounts(counts, outcomesOf);
  const estimateWith: Estimate = (outcomes) => estimateShare(counts, outcomes, failureProbability);
  const estimate = estimateWith(outcomesOf);
  const harsh =
    undecided === 0 ? estimate : estimateWith((key) => settled(outcomesOf(key), "wrong"));
  const kind =
    undecided === 0 ? estimate : estimateWith((key) => settled(outcomesOf(key), "right"));
  const isKnown = graded >= MIN_OBSERVATIONS;
  return {
    basis: basisOf(sample, graded, judge.judged),
    ...{ graded, wrong, undecided, judge },
    ...(isKnown && estimate !== null && harsh !== null && kind !== null
      ? shown(estimate, harsh, kind)
      : NOT_KNOWN_YET),
    effective: harsh?.effective ?? { trials: 0, hits: 0 },
  };
}

type OutcomesOf = (key: EvidenceKey) => Outcomes;
type Estimate = (outcomesOf: OutcomesOf) => NamedEstimate | null;

interface NamedEstimate extends ShareEstimate {
  readonly estimator: Exclude<WrongShare["estimator"], null>;
}

function estimateShare(
  counts: readonly CountedEvidence[],
  outcomesOf: OutcomesOf,
  failureProbability: number,
): NamedEstimate | null {
  const sample = truthSample(counts, outcomesOf);
  const byVerdicts =
    sample.basis === "checked_judge"
      ? estimateByVerdicts(counts, outcomesOf, failureProbability)
      : null;
  if (byVerdicts !== null) return { ...byVerdicts, estimator: "verdict_stratified" };
  const byWeights = estimateByWeights(sample, failureProbability);
  return byWeights === null ? null : { ...byWeights, estimator: "weighted" };
}

function isUndecided(key: EvidenceKey, outcomesOf: OutcomesOf): boolean {
  return (key.propensity ?? 0) > 0 && truthOf(outcomesOf(key)) === "disputed";
}

/** The outcomes as if what is undecided had been decided so. */
function settled(outcomes: Outcomes, as: "right" | "wrong"): Outcomes {
  return truthOf(outcomes) === "disputed" ? { ...outcomes, label: as } : outcomes;
}

const NOT_KNOWN_YET = {
  estimator: null,
  share: null,
  interval: null,
  upperBound: null,
  lowerBound: null,
} as const;

function shown(
  { share, estimator, interval }: NamedEstimate,
  harsh: ShareEstimate,
  kind: ShareEstimate,
): Pick<WrongShare, keyof typeof NOT_KNOWN_YET> {
  return {
    ...{ estimator, share },
    interval: {
      low: Math.min(interval.low, kind.interval.low),
      high: Math.max(interval.high, harsh.interval.high),
    },
    upperBound: harsh.upperBound,
    lowerBound: kind.lowerBound,
  };
}

function basisOf({ basis }: TruthSample, graded: number, judged: number): WrongShare["basis"] {
  if (graded === 0) return judged > 0 ? "judge_says" : "none";
  return basis === "checked_judge" ? "judge_corrected" : "truth";
}

function judgedCounts(
  counts: readonly CountedEvidence[],
  outcomesOf: (key: EvidenceKey) => Outcomes,
): WrongShare["judge"] {
  const judged = counts.filter(({ key }) => judgedAs(outcomesOf(key)) !== null);
  const wrong = judged.filter(({ key }) => judgedAs(outcomesOf(key)) === "wrong");
  return { judged: itemsIn(judged), wrong: itemsIn(wrong) };
}
