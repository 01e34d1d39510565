import type { EvidenceKey, Outcomes } from "../../ledger/records/evidence.ts";
import { kornGraubardInterval } from "../../statistics/korn-graubard-interval.ts";
import { labelsNeeded } from "../../statistics/labels-needed.ts";
import { verdictStratifiedShare } from "../../statistics/verdict-stratified-share.ts";
import type { ShareInterval } from "../../statistics/wilson-interval.ts";
import { MIN_OBSERVATIONS } from "../observed-share.ts";
import { itemsIn, judgedAs, truthOf, type CountedEvidence } from "./item-outcome.ts";
import { groupsOf, truthSample, type TruthSample } from "./truth-sample.ts";

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
  /** Weighted, 0–1; null = not known yet. */
  readonly share: number | null;
  /** At 95 %; null = not known yet. */
  readonly interval: ShareInterval | null;
  /** Upper bound that fails with the promised probability, for one look; null = not known yet. */
  readonly upperBound: number | null;
  /** Lower bound of the same kind. */
  readonly lowerBound: number | null;
  /** What the judge says, checked or not. */
  readonly judge: { readonly judged: number; readonly wrong: number };
}

/** What a promise says: at most this share wrong, and how often the promise may fail. */
export interface Promised {
  /** 0–1. */
  readonly atMost: number;
  readonly failureProbability: number;
}

/** Whether a share keeps a promise. One look: for a certificate see `leadsman tune`. */
export interface PromiseState {
  readonly state: "holds" | "broken" | "not_known_yet";
  /** About so many more graded items decide it; null when decided or when no number would do. */
  readonly moreGrades: number | null;
}

/**
 * Share of wrong answers. Truth by label or human weighs by 1/propensity (Hájek, with Korn and
 * Graubard's interval). Where a judge graded and humans checked a part, the verdict-stratified
 * estimator is used, which needs equal propensities; with unequal ones a checked item stands for
 * those judged alike. Fewer than `MIN_OBSERVATIONS` truths make no share.
 */
export function wrongShare(
  counts: readonly CountedEvidence[],
  failureProbability: number,
  outcomesOf: (key: EvidenceKey) => Outcomes = ({ cheap }) => cheap,
): WrongShare {
  const sample = truthSample(counts, outcomesOf);
  const graded = itemsIn(sample.cells);
  const wrong = itemsIn(sample.cells.filter(({ isWrong }) => isWrong));
  const judge = judgedCounts(counts, outcomesOf);
  const nothing = { graded, wrong, share: null, interval: null, upperBound: null } as const;
  if (graded < MIN_OBSERVATIONS) {
    const basis = graded > 0 ? basisOf(sample) : judge.judged > 0 ? "judge_says" : "none";
    return { ...nothing, basis, lowerBound: null, judge };
  }
  const estimate = estimateOf(sample, counts, outcomesOf, failureProbability);
  return { graded, wrong, judge, basis: basisOf(sample), ...estimate };
}

/** Holds a share against a promise, with the grades that are missing for an answer. */
export function promiseState(share: WrongShare, promised: Promised): PromiseState {
  const { upperBound, lowerBound, graded, wrong } = share;
  const { atMost, failureProbability } = promised;
  if (upperBound !== null && upperBound <= atMost) return { state: "holds", moreGrades: null };
  if (lowerBound !== null && lowerBound > atMost) return { state: "broken", moreGrades: null };
  const needed = labelsNeeded(wrong, graded, atMost, failureProbability);
  const enough = Math.max(MIN_OBSERVATIONS, planned(needed, graded) ?? 0);
  const isHopeless = planned(needed, graded) === null && graded >= MIN_OBSERVATIONS;
  const moreGrades = isHopeless ? null : Math.max(1, enough - graded);
  return { state: "not_known_yet", moreGrades };
}

/** Grades in all that most likely decide; null when no number is in sight. */
function planned(needed: ReturnType<typeof labelsNeeded>, graded: number): number | null {
  switch (needed.outlook) {
    case "reachable":
      return needed.fixedPlanTrials;
    case "too_early":
      return needed.zeroErrorTrials;
    case "unreachable":
      return graded < MIN_OBSERVATIONS ? MIN_OBSERVATIONS : null;
  }
}

function basisOf({ basis }: TruthSample): WrongShare["basis"] {
  return basis === "checked_judge" ? "judge_corrected" : "truth";
}

type Estimate = Pick<WrongShare, "share" | "interval" | "upperBound" | "lowerBound">;

function estimateOf(
  sample: TruthSample,
  counts: readonly CountedEvidence[],
  outcomesOf: (key: EvidenceKey) => Outcomes,
  failureProbability: number,
): Estimate {
  const groups = groupsOf(sample.cells);
  const interval = kornGraubardInterval(groups);
  // Both ends at twice the probability: each alone fails with the promised one.
  const bounds = kornGraubardInterval(groups, Math.min(0.999, 2 * failureProbability));
  const weighted = {
    share: interval?.share ?? null,
    interval: interval?.interval ?? null,
    upperBound: bounds?.interval.high ?? null,
    lowerBound: bounds?.interval.low ?? null,
  };
  if (sample.basis !== "checked_judge") return weighted;
  const corrected = stratified(counts, outcomesOf);
  return corrected === null ? weighted : { ...weighted, ...corrected };
}

/** Null where verdicts had different chances to be drawn or labels stand beside the judge's. */
function stratified(
  counts: readonly CountedEvidence[],
  outcomesOf: (key: EvidenceKey) => Outcomes,
): Pick<WrongShare, "share" | "interval"> | null {
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
  return verdictStratifiedShare({
    judged: strata.right.judged + strata.wrong.judged,
    judgedWrong: strata.wrong.judged,
    checkedWrong: { trials: strata.wrong.trials, hits: strata.wrong.hits },
    checkedRight: { trials: strata.right.trials, hits: strata.right.hits },
  });
}

function emptyStratum(): { judged: number; trials: number; hits: number } {
  return { judged: 0, trials: 0, hits: 0 };
}

function judgedCounts(
  counts: readonly CountedEvidence[],
  outcomesOf: (key: EvidenceKey) => Outcomes,
): WrongShare["judge"] {
  const judged = counts.filter(({ key }) => judgedAs(outcomesOf(key)) !== null);
  const wrong = judged.filter(({ key }) => judgedAs(outcomesOf(key)) === "wrong");
  return { judged: itemsIn(judged), wrong: itemsIn(wrong) };
}
