import type { TuningLook } from "../../ledger/ledger.ts";
import type { TestedCandidate } from "../../statistics/certification.ts";
import { exactInterval } from "../../statistics/exact-interval.ts";
import { askEvidence, type Question, type TuningEvidence } from "./ask-evidence.ts";
import { certifySample } from "./certify-sample.ts";
import { chargeLooks, goalText, hashOfCells } from "./charge-looks.ts";
import type { LooksCharge } from "./charge-looks.ts";
import { labelsOutlook, type LabelsOutlook } from "./labels-outlook.ts";
import { leftOutOf } from "./row-standing.ts";
import { isOfStratum } from "./stratum.ts";
import { callCostsOf, thresholdCost, type ThresholdCost } from "./threshold-cost.ts";
import type { ThresholdEvidence } from "./threshold-evidence.ts";
import { failureProbabilityOf, type TuningGoal } from "./tuning-goal.ts";
import type { TuningSample } from "./tuning-sample.ts";
import { missingSentence, NOTHING_PROMISED, promiseOf } from "./tuning-sentences.ts";

/** A threshold with what is known of it. */
export interface TuningCandidate extends TestedCandidate {
  /** Labelled rows that ship from this threshold on, and the wrong ones among them. */
  readonly shippedRows: number;
  readonly wrongRows: number;
  /** Wrong of what ships, 0–1, as counted; null without rows. */
  readonly falseConfidentRate: number | null;
  /** 95 %, exact, for one look, this threshold alone and rows drawn alike. */
  readonly interval: { readonly low: number; readonly high: number };
  /** Of all triaged requests, 0–1; null = not known. The rest escalates. */
  readonly shareShipped: number | null;
  /** Null = a price is not known. */
  readonly cost: ThresholdCost | null;
}

/** What a route's evidence allows to promise. */
export interface TuningReport {
  readonly route: string;
  /** The kind of work that it is about; null = all of it. */
  readonly task: string | null;
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
  /** Looks that were allowed once, and what they leave. */
  readonly looks: LooksCharge;
  /** The look that this report is, to be kept before it is shown; null = it need not be. */
  readonly look: NewLook | null;
  /** Strictest first. */
  readonly candidates: readonly TuningCandidate[];
}

/** Everything of a look but who and when. */
export type NewLook = Omit<TuningLook, "id" | "createdAtMs">;

export interface TuningOptions {
  /** For the rate at which labelled rows come in, epoch milliseconds. */
  readonly nowMs: number;
  /** Of the route; default none. */
  readonly looks?: readonly TuningLook[];
  /** Where the evidence begins, epoch milliseconds; absent = all of it. */
  readonly fromMs?: number;
  /** The kind of work that the evidence is of; absent = all. */
  readonly task?: string;
}

/** Which threshold of the first tier keeps the goal. Pure; see `certifySample` for what holds. */
export function tuningReport(
  route: string,
  evidence: TuningEvidence,
  goal: TuningGoal,
  options: TuningOptions,
): TuningReport {
  const free = askEvidence(evidence, goal, failureProbabilityOf(goal));
  const { looks = [], fromMs, task } = options;
  const subject = JSON.stringify([free.sample.stratum, ...(task === undefined ? [] : [task])]);
  const dataHash = hashOfCells(free.sample.cells);
  const charge = chargeLooks(looks, {
    ...{ goal, subject, dataHash },
    ...(fromMs === undefined ? {} : { fromMs }),
  });
  const question =
    charge.failureProbability === failureProbabilityOf(goal) || charge.failureProbability === 0
      ? free
      : askEvidence(evidence, goal, charge.failureProbability);
  const { sample, failureProbability } = question;
  const { evidences, untestedFrom, waitingRows } = testable(question, goal);
  const tested = charge.failureProbability === 0 ? [] : evidences;
  const certification = certifySample(tested, goal, failureProbability);
  const candidates = candidatesOf(question, tested, certification.candidates);
  const outlook = labelsOutlook(tested, certification.candidates, goal, failureProbability);
  const labelledRows = sample.cells.reduce(
    (sum, { isWrong, rows }) => (isWrong === null ? sum : sum + rows),
    0,
  );
  const daysNeeded = daysUntil(outlook, labelledRows, sample, options.nowMs);
  const { threshold } = certification;
  const { cells, stated: _stated, ...shown } = sample;
  const isNewLook = goal.looks === "once" && !charge.isRepeated && tested.length > 0;
  return {
    ...{ route, task: task ?? null, goal, threshold, outlook, daysNeeded, labelledRows },
    promise: threshold === null ? NOTHING_PROMISED : promiseOf(goal, threshold),
    missing:
      threshold !== null
        ? null
        : charge.failureProbability === 0
          ? charge.sentence
          : missingSentence(outlook, daysNeeded, untestedFrom, waitingRows),
    sample: {
      ...shown,
      leftOut: [...shown.leftOut, ...leftOutOf([["waiting", waitingRows]])],
    },
    looks: charge,
    look:
      isNewLook && cells.length > 0
        ? {
            ...{ route, subject, dataHash, labelledRows, goal: goalText(goal) },
            failureProbability: charge.failureProbability,
            certified: threshold === null ? null : String(threshold),
          }
        : null,
    candidates,
  };
}

/**
 * Thresholds that less traffic than this reaches would only spend failure probability of the
 * targets that divide it. The share depends on no label, and settles with the first traffic.
 */
const LEAST_SHARE_SHIPPED = 0.05;

const DAY_MS = 86_400_000;

/**
 * What can be tested, strictest first; the strictest threshold that lacks grades only; and how many
 * graded rows wait at every threshold.
 */
function testable(
  { sample, share, at }: Question,
  { target }: TuningGoal,
): {
  readonly evidences: readonly ThresholdEvidence[];
  readonly untestedFrom: number | null;
  readonly waitingRows: number;
} {
  const thresholds = sample.stated
    .map(({ confidence }) => confidence)
    .toSorted((a, b) => b - a)
    .filter((threshold) => target === "joint" || isReached(share.estimate(threshold)));
  const all = thresholds.map(at);
  const evidences = all.filter(({ cells }) => cells.length > 0);
  const untested = all.find(({ cells }) => cells.length === 0);
  const isUngraded = sample.cells.some(({ isWrong }) => isWrong === null);
  const isAny = untested !== undefined && isUngraded && sample.firstDayMs !== null;
  const waitingRows = all.length === 0 ? 0 : Math.min(...all.map((one) => one.waitingRows));
  return { evidences, untestedFrom: isAny ? untested.threshold : null, waitingRows };
}

function isReached(share: number | null): boolean {
  return share === null || share >= LEAST_SHARE_SHIPPED;
}

function candidatesOf(
  { sample, ofTier, triages, share }: Question,
  evidences: readonly ThresholdEvidence[],
  tested: readonly TestedCandidate[],
): readonly TuningCandidate[] {
  const ofStratum = ofTier.filter(({ key }) => isOfStratum(sample.stratum, key));
  const costs = callCostsOf(triages, ofStratum);
  return tested.map((candidate, i): TuningCandidate => {
    const { shipped = 0, wrong = 0 } = evidences[i] ?? {};
    const shareShipped = share.estimate(candidate.threshold);
    return {
      ...candidate,
      shippedRows: shipped,
      wrongRows: wrong,
      falseConfidentRate: shipped === 0 ? null : wrong / shipped,
      interval: exactInterval(wrong, shipped),
      shareShipped,
      cost: thresholdCost(costs, shareShipped),
    };
  });
}

function daysUntil(
  outlook: LabelsOutlook,
  rows: number,
  { firstDayMs, source }: Pick<TuningSample, "firstDayMs" | "source">,
  nowMs: number,
): number | null {
  if (!("moreRows" in outlook) || firstDayMs === null || source !== "traffic" || rows === 0) {
    return null;
  }
  const days = Math.max(1, (nowMs - firstDayMs) / DAY_MS);
  return Math.ceil((outlook.moreRows * days) / rows);
}
