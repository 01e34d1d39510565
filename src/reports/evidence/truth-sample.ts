import type { EvidenceKey, Outcomes } from "../../ledger/records/evidence.ts";
import type { SampledGroup } from "../../statistics/sampled-group.ts";
import { judgedAs, truthOf, type CountedEvidence } from "./item-outcome.ts";

/** Items of one key about whose answer the truth is known. */
export interface TruthCell {
  readonly key: EvidenceKey;
  readonly items: number;
  readonly isWrong: boolean;
  /** Probability with which such an item came to have its truth known, above 0 to 1. */
  readonly propensity: number;
}

/** What is known for certain, weighted so that it stands for all traffic. */
export interface TruthSample {
  readonly cells: readonly TruthCell[];
  /**
   * `truth`: every graded item by label or human. `checked_judge`: humans checked a part of what the
   * judge graded, and stand for the rest. `judge_only`: a verdict of the judge that nobody checked,
   * so what it says is no truth; the cells are those the judge did not grade.
   */
  readonly basis: "truth" | "checked_judge" | "judge_only";
}

/**
 * Items with a known truth and with the probability of having one. Humans may check more of what a
 * judge calls wrong than of the rest; an item that was checked then stands for as many judged ones
 * as were judged alike. Items of unknown propensity and disputed ones are in no cell.
 *
 * Two-phase sampling: J. Neyman, "Contribution to the Theory of Sampling Human Populations", JASA 33
 * (1938), 101–116. Breaks when humans check what looks odd instead of a random part of a verdict.
 */
export function truthSample(
  counts: readonly CountedEvidence[],
  outcomesOf: (key: EvidenceKey) => Outcomes = ({ cheap }) => cheap,
): TruthSample {
  const known = counts.filter(({ key }) => key.propensity !== null && key.propensity > 0);
  const shares = {
    right: checkedShare(known, outcomesOf, "right"),
    wrong: checkedShare(known, outcomesOf, "wrong"),
  };
  const isUnchecked = shares.right === 0 || shares.wrong === 0;
  const isSampled = shares.right < 1 || shares.wrong < 1;
  const cells = known.flatMap(({ key, items }): TruthCell[] => {
    const outcomes = outcomesOf(key);
    const truth = truthOf(outcomes);
    const judged = judgedAs(outcomes);
    if (truth === null || truth === "disputed" || key.propensity === null) return [];
    if (judged !== null && isUnchecked) return [];
    const share = judged === null ? 1 : shares[judged];
    return [{ key, items, isWrong: truth === "wrong", propensity: key.propensity * share }];
  });
  return { cells, basis: isUnchecked ? "judge_only" : isSampled ? "checked_judge" : "truth" };
}

/** Cells as the estimators want them, hits being items for which `isHit` holds. */
export function groupsOf(
  cells: readonly TruthCell[],
  isHit: (cell: TruthCell) => boolean = ({ isWrong }) => isWrong,
): readonly SampledGroup[] {
  const groups = new Map<number, { propensity: number; trials: number; hits: number }>();
  for (const cell of cells) {
    const { propensity, items } = cell;
    const group = groups.get(propensity) ?? { propensity, trials: 0, hits: 0 };
    group.trials += items;
    if (isHit(cell)) group.hits += items;
    groups.set(propensity, group);
  }
  // Sums of floating point must not depend on the order in which rows come.
  return [...groups.values()].toSorted((a, b) => a.propensity - b.propensity);
}

/** Of the items with this verdict of the judge, the share whose truth is known; 1 without any. */
function checkedShare(
  counts: readonly CountedEvidence[],
  outcomesOf: (key: EvidenceKey) => Outcomes,
  verdict: "right" | "wrong",
): number {
  let judged = 0;
  let checked = 0;
  for (const { key, items } of counts) {
    const outcomes = outcomesOf(key);
    const truth = truthOf(outcomes);
    if (judgedAs(outcomes) !== verdict || truth === "disputed") continue;
    judged += items;
    if (truth !== null) checked += items;
  }
  return judged === 0 ? 1 : checked / judged;
}
