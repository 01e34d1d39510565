import type { TestedCandidate } from "../../statistics/certification.ts";
import { labelsNeeded } from "../../statistics/labels-needed.ts";
import { failureProbabilityOf, shippingEffects, type TuningGoal } from "./certify-sample.ts";
import { shippedFrom, type SampleCell } from "./tuning-sample.ts";

/** What it would take to certify a threshold. A plan, not a promise. */
export type LabelsOutlook =
  | { readonly outlook: "certified" }
  /** `moreRows`: labelled rows of the whole sample, those that do not ship included. */
  | { readonly outlook: "reachable"; readonly threshold: number; readonly moreRows: number }
  /** No error yet, and too few rows to guess the rate: at least so many more. */
  | { readonly outlook: "too_early"; readonly moreRows: number }
  /** The rate is likely above the target at every threshold: labels would prove the contrary. */
  | { readonly outlook: "unreachable" };

/** The outlook of the threshold that is nearest to a certificate; of equals the loosest. */
export function labelsOutlook(
  cells: readonly SampleCell[],
  candidates: readonly TestedCandidate[],
  goal: TuningGoal,
): LabelsOutlook {
  if (candidates.some(({ isCertified }) => isCertified)) return { outlook: "certified" };
  const outlooks = candidates.map((candidate) => outlookOf(cells, candidate, goal));
  let best: LabelsOutlook | null = null;
  for (const next of outlooks) {
    if (next.outlook !== "reachable") continue;
    if (best?.outlook !== "reachable" || next.moreRows <= best.moreRows) best = next;
  }
  if (best !== null) return best;
  const early = outlooks.flatMap((next) => (next.outlook === "too_early" ? [next.moreRows] : []));
  if (early.length > 0) return { outlook: "too_early", moreRows: Math.min(...early) };
  if (outlooks.length > 0) return { outlook: "unreachable" };
  const { zeroErrorTrials } = labelsNeeded(0, 0, goal.atMost, failureProbabilityOf(goal));
  return { outlook: "too_early", moreRows: zeroErrorTrials };
}

function outlookOf(
  cells: readonly SampleCell[],
  candidate: TestedCandidate,
  goal: TuningGoal,
): LabelsOutlook {
  const { hits, trials, rows } = basisOf(cells, candidate, goal);
  const level = candidate.level !== null && candidate.level > 0 ? candidate.level : null;
  const plan = labelsNeeded(hits, trials, goal.atMost, level ?? failureProbabilityOf(goal));
  // Only some rows of a sample are trials of this threshold.
  const rowsPerTrial = trials === 0 ? 1 : rows / trials;
  const toRows = (more: number): number => Math.max(1, Math.ceil(more * rowsPerTrial));
  if (plan.outlook !== "reachable") {
    if (plan.outlook === "unreachable") return { outlook: "unreachable" };
    return { outlook: "too_early", moreRows: toRows(plan.zeroErrorTrials - trials) };
  }
  const { sequentialMoreTrials, fixedPlanTrials } = plan;
  const fixed = fixedPlanTrials === null ? null : fixedPlanTrials - trials;
  const more = goal.looks === "once" ? fixed : sequentialMoreTrials;
  if (more === null) return { outlook: "unreachable" };
  return { outlook: "reachable", threshold: candidate.threshold, moreRows: toRows(more) };
}

/** The counts behind the promised rate; of a relative target without what shipping helps. */
function basisOf(
  cells: readonly SampleCell[],
  { threshold }: TestedCandidate,
  { target }: TuningGoal,
): { readonly hits: number; readonly trials: number; readonly rows: number } {
  const { shipped, wrong, rows } = shippedFrom(cells, threshold);
  if (target === "joint") return { hits: wrong, trials: rows, rows };
  if (target === "selective") return { hits: wrong, trials: shipped, rows };
  const { harmed, otherDeepRight } = shippingEffects(cells, threshold);
  return { hits: harmed, trials: harmed + otherDeepRight, rows };
}
