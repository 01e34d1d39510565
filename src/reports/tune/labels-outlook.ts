import type { TestedCandidate } from "../../statistics/certification.ts";
import { labelsNeeded } from "../../statistics/labels-needed.ts";
import { verifiedWrongNeeded } from "../../statistics/judged-rate.ts";
import { pooledUpperBound, type RateSample } from "../../statistics/pooled-rate.ts";
import { shippingEffects } from "./certify-sample.ts";
import type { ThresholdEvidence } from "./threshold-evidence.ts";
import type { TuningGoal } from "./tuning-goal.ts";

/** What it would take to certify a threshold. A plan, not a promise. */
export type LabelsOutlook =
  | { readonly outlook: "certified" }
  /** `moreRows`: labelled rows of the whole sample, those that do not ship included. */
  | { readonly outlook: "reachable"; readonly threshold: number; readonly moreRows: number }
  /** No error yet, and too few rows to guess the rate: at least so many more. */
  | { readonly outlook: "too_early"; readonly moreRows: number }
  /**
   * The judge's verdicts would do, if only it were known how many wrong answers it lets pass: people
   * have to grade about `moreChecks` answers that it has graded, so as to find `moreWrong` wrong ones.
   */
  | {
      readonly outlook: "judge_unchecked";
      readonly threshold: number;
      readonly moreChecks: number;
      readonly moreWrong: number;
    }
  /** The rate is likely above the target at every threshold: labels would prove the contrary. */
  | { readonly outlook: "unreachable" };

/** The outlook of the threshold that is nearest to a certificate; of equals the loosest. */
export function labelsOutlook(
  evidences: readonly ThresholdEvidence[],
  candidates: readonly TestedCandidate[],
  goal: TuningGoal,
  failureProbability: number,
): LabelsOutlook {
  if (candidates.some(({ isCertified }) => isCertified)) return { outlook: "certified" };
  if (goal.graders === "judge" && goal.target !== "relative") {
    const unchecked = judgeOutlook(evidences, goal, failureProbability);
    if (unchecked !== null) return unchecked;
  }
  const outlooks = evidences.map((evidence, i) => {
    const level = candidates[i]?.level ?? 0;
    return outlookOf(evidence, goal, level > 0 ? level : failureProbability);
  });
  let best: LabelsOutlook | null = null;
  for (const next of outlooks) {
    if (next.outlook !== "reachable") continue;
    if (best?.outlook !== "reachable" || next.moreRows <= best.moreRows) best = next;
  }
  if (best !== null) return best;
  const early = outlooks.flatMap((next) => (next.outlook === "too_early" ? [next.moreRows] : []));
  if (early.length > 0) return { outlook: "too_early", moreRows: Math.min(...early) };
  if (outlooks.length > 0) return { outlook: "unreachable" };
  const { zeroErrorTrials } = labelsNeeded(0, 0, goal.atMost, failureProbability);
  return { outlook: "too_early", moreRows: zeroErrorTrials };
}

/** The least work for people that lets the judge's verdicts count; null when they would not do. */
function judgeOutlook(
  evidences: readonly ThresholdEvidence[],
  { atMost, looks }: TuningGoal,
  failureProbability: number,
): LabelsOutlook | null {
  let best: Extract<LabelsOutlook, { outlook: "judge_unchecked" }> | null = null;
  for (const { threshold, samples, check, shipped, wrong } of evidences) {
    if (samples.length === 0 || wrong === 0) continue;
    const bound = pooledUpperBound(samples, failureProbability / 2, looks);
    const needed = verifiedWrongNeeded(check, bound, atMost, failureProbability, looks);
    if (needed === null) continue;
    const moreWrong = Math.max(1, needed - check.verifiedWrong);
    // As many are wrong as the judge says, as far as anybody knows.
    const moreChecks = Math.ceil((moreWrong * shipped) / wrong);
    if (best === null || moreChecks <= best.moreChecks) {
      best = { outlook: "judge_unchecked", threshold, moreChecks, moreWrong };
    }
  }
  return best;
}

function outlookOf(
  evidence: ThresholdEvidence,
  goal: TuningGoal,
  failureProbability: number,
): LabelsOutlook {
  const { hits, trials, rows } = basisOf(evidence, goal);
  const plan = labelsNeeded(hits, trials, goal.atMost, failureProbability);
  // Only some rows of a sample are trials of this threshold, and weighted ones are worth less.
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
  return { outlook: "reachable", threshold: evidence.threshold, moreRows: toRows(more) };
}

interface TrialCounts {
  readonly hits: number;
  readonly trials: number;
  /** Labelled rows that gave them. */
  readonly rows: number;
}

/** The counts behind the promised rate; of a relative target without what shipping helps. */
function basisOf(evidence: ThresholdEvidence, { target }: TuningGoal): TrialCounts {
  const { samples, cells, threshold, rows } = evidence;
  if (target === "relative") {
    const { harmed, otherDeepRight } = shippingEffects(cells, threshold);
    return { hits: harmed, trials: harmed + otherDeepRight, rows };
  }
  const parts = samples.map(effectiveCounts);
  const hits = parts.reduce((sum, part) => sum + part.hits, 0);
  const trials = parts.reduce((sum, part) => sum + part.trials, 0);
  return { hits: Math.min(Math.round(hits), Math.round(trials)), trials: Math.round(trials), rows };
}

/** As many equal rows as a weighted sample is worth, after Kish, with its weighted rate. */
function effectiveCounts(sample: RateSample): { readonly hits: number; readonly trials: number } {
  if (sample.kind === "counted") return sample;
  let [sum, squares, wrong] = [0, 0, 0];
  for (const { value, weight, count = 1 } of sample.observations) {
    sum += weight * count;
    squares += weight * weight * count;
    wrong += weight * count * value;
  }
  if (sum === 0) return { hits: 0, trials: 0 };
  // Of a part of the requests, the rest are trials too, and none of them a hit.
  const trials = sum ** 2 / squares / (sample.ofShare?.high ?? 1);
  return { hits: (trials * wrong * (sample.ofShare?.high ?? 1)) / sum, trials };
}
