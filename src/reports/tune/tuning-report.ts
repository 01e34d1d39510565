import type { EvidenceCount, TriageCount } from "../../ledger/records/evidence.ts";
import type { TestedCandidate } from "../../statistics/certification.ts";
import { exactInterval } from "../../statistics/exact-interval.ts";
import { formatConfidence, formatCount, formatShare } from "../format-number.ts";
import { certifySample, type TuningGoal } from "./certify-sample.ts";
import { labelsOutlook, type LabelsOutlook } from "./labels-outlook.ts";
import { callCostsOf, thresholdCost, type ThresholdCost } from "./threshold-cost.ts";
import { isOfStratum, shippedFrom, takeSample, type TuningSample } from "./tuning-sample.ts";

/** A threshold with what is known of it. */
export interface TuningCandidate extends TestedCandidate {
  /** Labelled rows that ship from this threshold on, and the wrong ones among them. */
  readonly shippedRows: number;
  readonly wrongRows: number;
  /** Wrong of what ships, 0–1; null without rows. */
  readonly falseConfidentRate: number | null;
  /** 95 %, exact, for one look and this threshold alone. */
  readonly interval: { readonly low: number; readonly high: number };
  /** Of all triaged requests, 0–1; null = not known. The rest escalates. */
  readonly shareShipped: number | null;
  /** Null = a price is not known. */
  readonly cost: ThresholdCost | null;
}

/** What a route's evidence allows to promise. */
export interface TuningReport {
  readonly route: string;
  readonly goal: TuningGoal;
  /** The loosest certified threshold; null = none is. */
  readonly threshold: number | null;
  /** One sentence: what is promised, or that nothing is. */
  readonly promise: string;
  /** One sentence on what is missing; null when a threshold is certified. */
  readonly missing: string | null;
  readonly outlook: LabelsOutlook;
  /** Days until then at the rate at which labelled rows came in so far; null = not known. */
  readonly daysNeeded: number | null;
  readonly labelledRows: number;
  readonly sample: Omit<TuningSample, "cells" | "stated">;
  /** Strictest first. */
  readonly candidates: readonly TuningCandidate[];
}

export interface TuningEvidence {
  /** Of the route; all tiers may be in it. */
  readonly evidence: readonly EvidenceCount[];
  readonly triages: readonly TriageCount[];
}

/**
 * Which threshold of the first tier keeps the goal. Pure; the statements of `certifySample` hold.
 *
 * @param nowMs for the rate at which labelled rows come in
 */
export function tuningReport(
  route: string,
  { evidence, triages }: TuningEvidence,
  goal: TuningGoal,
  nowMs: number,
): TuningReport {
  const ofTier = evidence.filter(({ key }) => key.tier === 0);
  const { cells, stated, ...sample } = takeSample(ofTier, goal.target);
  const sameTriages = triages.filter(isTriageOf(sample.stratum));
  const shareShipped = shareShippedBy({ ...sample, stated }, sameTriages);
  const costs = callCostsOf(sameTriages, ofTier.filter(isOfStratum(sample.stratum)));
  const thresholds = [...new Set(stated.map(({ confidence }) => confidence))]
    .toSorted((a, b) => b - a)
    .filter((threshold) => sample.ungradedFrom === null || threshold > sample.ungradedFrom)
    .filter((threshold) => goal.target === "joint" || isReached(shareShipped(threshold)));
  const certification = certifySample(cells, thresholds, goal);
  const candidates = certification.candidates.map((candidate): TuningCandidate => {
    const { shipped, wrong } = shippedFrom(cells, candidate.threshold);
    return {
      ...candidate,
      shippedRows: shipped,
      wrongRows: wrong,
      falseConfidentRate: shipped === 0 ? null : wrong / shipped,
      interval: exactInterval(wrong, shipped),
      shareShipped: shareShipped(candidate.threshold),
      cost: thresholdCost(costs, shareShipped(candidate.threshold)),
    };
  });
  const { rows } = shippedFrom(cells, Infinity);
  const outlook = labelsOutlook(cells, certification.candidates, goal);
  const daysNeeded = daysUntil(outlook, rows, sample, nowMs);
  const chosen = candidates.find(({ threshold }) => threshold === certification.threshold);
  return {
    route,
    goal,
    threshold: certification.threshold,
    promise:
      chosen === undefined
        ? "Nothing is promised: no threshold is certified."
        : promiseOf(goal, chosen.threshold),
    missing:
      chosen === undefined ? missingSentence(outlook, daysNeeded, sample.ungradedFrom) : null,
    outlook,
    daysNeeded,
    labelledRows: rows,
    sample,
    candidates,
  };
}

/** What holds at a certified threshold, in one sentence. */
export function promiseOf(goal: TuningGoal, threshold: number): string {
  const share = formatShare(goal.atMost);
  const what = {
    joint: `at most ${share} of all requests ship a wrong answer`,
    selective: `at most ${share} of the answers that ship are wrong`,
    relative: `at most ${share} of the deep model's accuracy is lost`,
  }[goal.target];
  const looks = goal.looks === "once" ? "for this one look" : "however often one looks";
  return (
    `From confidence ${formatConfidence(threshold)} on, ${what}, ` +
    `with ${formatShare(goal.confidence)} confidence, ${looks}.`
  );
}

/**
 * Thresholds that less traffic than this reaches would only spend failure probability of the
 * targets that divide it. The share depends on no label, and settles with the first traffic.
 */
const LEAST_SHARE_SHIPPED = 0.05;

const DAY_MS = 86_400_000;

function isReached(share: number | null): boolean {
  return share === null || share >= LEAST_SHARE_SHIPPED;
}

function isTriageOf(stratum: TuningSample["stratum"]): (count: TriageCount) => boolean {
  return ({ tier, model, promptHash }) =>
    tier === 0 && model === stratum?.cheapModel && promptHash === stratum.promptHash;
}

/** From all triages of the stratum; without any, from its evidence. */
function shareShippedBy(
  { stated, stratumItems }: Pick<TuningSample, "stated" | "stratumItems">,
  same: readonly TriageCount[],
): (threshold: number) => number | null {
  const all = same.reduce((sum, count) => sum + count.triages, 0);
  const able =
    all === 0
      ? stated
      : same.flatMap(({ confidence, failureCode, triages: rows }) =>
          confidence === null || failureCode !== null ? [] : [{ confidence, rows }],
        );
  const of = all === 0 ? stratumItems : all;
  return (threshold) => {
    const reached = able.filter(({ confidence }) => confidence >= threshold);
    return of === 0 ? null : reached.reduce((sum, { rows }) => sum + rows, 0) / of;
  };
}

function daysUntil(
  outlook: LabelsOutlook,
  rows: number,
  { firstDayMs, source }: Pick<TuningSample, "firstDayMs" | "source">,
  nowMs: number,
): number | null {
  if (!("moreRows" in outlook) || firstDayMs === null || source !== "traffic") return null;
  const days = Math.max(1, (nowMs - firstDayMs) / DAY_MS);
  return Math.ceil((outlook.moreRows * days) / rows);
}

function missingSentence(
  outlook: LabelsOutlook,
  daysNeeded: number | null,
  ungradedFrom: number | null,
): string {
  const unseen =
    ungradedFrom === null
      ? ""
      : ` Items with a confidence of ${formatConfidence(ungradedFrom)} and below are not all graded,` +
        " so no threshold that would ship them can be tested.";
  return outlookSentence(outlook, daysNeeded) + unseen;
}

function outlookSentence(outlook: LabelsOutlook, daysNeeded: number | null): string {
  if (!("moreRows" in outlook)) {
    return "Unreachable: the cheap model is likely wrong too often at every threshold. Do not route here.";
  }
  const days = daysNeeded === null ? "" : `, ${formatCount(daysNeeded)} days at the present rate`;
  const about = outlook.outlook === "too_early" ? "at least" : "about";
  return `Needs ${about} ${formatCount(outlook.moreRows)} more labelled rows${days}.`;
}
