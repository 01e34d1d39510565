import type { TriageCount } from "../../ledger/records/evidence.ts";
import { describeCalibration, type CalibrationReport } from "./calibration-report.ts";
import { isOfStratum, type LeftOut, type Stratum, type StratumKey } from "./choose-stratum.ts";
import { describeDifferences, type DifferenceReport } from "./difference-report.ts";
import { itemsIn } from "./item-outcome.ts";
import { describeMissing, type MissingReport } from "./missing-report.ts";
import { describeOutcomes, type OutcomeTable } from "./outcome-table.ts";
import { promiseAt, type PromiseBasis } from "./promise-at.ts";
import type { Promised, PromiseState } from "./promise-state.ts";
import type { PromisedRate, PromiseTarget } from "./promised-rate.ts";
import { describeRefusals, type RefusalReport } from "./refusal-report.ts";
import { describeRiskCoverage, type RiskCoverageReport } from "./risk-coverage-report.ts";
import { meanCosts, triagesOrItems, type MeanCosts, type ShipShare } from "./ship-share.ts";
import { describeSlices, type FailingSlices } from "./slice-report.ts";
import { describeStated, type StatedConfidence } from "./stated-confidence.ts";
import { describeTasks, type TaskReport } from "./task-report.ts";
import { truthSample } from "./truth-sample.ts";
import { wholeRangeCells } from "./whole-range-cells.ts";
import { wrongShare, type WrongShare } from "./wrong-share.ts";

/** Everything known of one tier that may ship, over the newest evidence of one kind. */
export interface TierReport {
  readonly key: StratumKey;
  /** First and last UTC day of the evidence; null without any. */
  readonly days: { readonly firstMs: number; readonly lastMs: number } | null;
  readonly items: number;
  readonly leftOut: readonly LeftOut[];
  /** Null = the route is configured no longer. */
  readonly threshold: number | null;
  /** See `shipShareAt`; null in shadow. */
  readonly readFrom: number | null;
  readonly target: PromiseTarget;
  readonly promised: Promised;
  /** Of all triages; null without a threshold. */
  readonly wouldShip: ShipShare | null;
  /** Of what ships at the threshold in force; null without one. */
  readonly wrongIfShipped: WrongShare | null;
  /** What the route's promise speaks of, at the threshold in force; null without one. */
  readonly rate: PromisedRate | null;
  readonly promise: PromiseState | null;
  /** The deep model's own errors, where they were graded. */
  readonly deepWrong: WrongShare;
  readonly tasks: readonly TaskReport[];
  readonly slices: FailingSlices;
  readonly outcomes: OutcomeTable | null;
  readonly missing: MissingReport;
  readonly refusals: RefusalReport;
  readonly differences: DifferenceReport;
  readonly calibration: CalibrationReport;
  /** What all triages stated, graded or not. */
  readonly stated: StatedConfidence;
  /** Null = not known yet: too few grades. */
  readonly riskCoverage: RiskCoverageReport | null;
  readonly costs: MeanCosts | null;
}

export interface TierSettings {
  readonly threshold: number | null;
  /** See `shipShareAt`. */
  readonly readFrom: number | null;
  readonly target: PromiseTarget;
  readonly promised: Promised;
}

/** Pure: the same roll-ups in any order give the same report. */
export function describeTier(
  stratum: Stratum,
  allTriages: readonly TriageCount[],
  settings: TierSettings,
): TierReport {
  const { key, counts, leftOut } = stratum;
  const { threshold, promised } = settings;
  const triages = triagesOrItems(
    allTriages.filter((triage) => isOfStratum(triage, key)),
    counts,
  );
  const basis: PromiseBasis = { counts, triages, ...settings };
  const { cells } = truthSample(counts);
  const costs = meanCosts(counts);
  const atThreshold = threshold === null ? null : promiseAt(threshold, basis);
  return {
    key,
    days: daysOf(counts),
    items: itemsIn(counts),
    leftOut,
    ...settings,
    wouldShip: atThreshold?.wouldShip ?? null,
    wrongIfShipped: atThreshold?.wrong ?? null,
    rate: atThreshold?.rate ?? null,
    promise: atThreshold?.promise ?? null,
    deepWrong: wrongShare(counts, promised.failureProbability, ({ deep }) => deep),
    tasks: threshold === null ? [] : describeTasks(threshold, basis),
    slices: describeSlices(cells),
    outcomes: threshold === null ? null : describeOutcomes(cells, threshold),
    missing: describeMissing(counts),
    refusals: describeRefusals(counts, triages),
    differences: describeDifferences(counts),
    calibration: describeCalibration(cells, wholeRangeCells(cells)),
    stated: describeStated(triages, threshold),
    riskCoverage: describeRiskCoverage(basis, wholeRangeCells(cells), { threshold, costs }),
    costs,
  };
}

function daysOf(counts: Stratum["counts"]): TierReport["days"] {
  const days = counts.map((count) => count.key.dayMs);
  if (days.length === 0) return null;
  return {
    firstMs: days.reduce((a, b) => Math.min(a, b)),
    lastMs: days.reduce((a, b) => Math.max(a, b)),
  };
}
