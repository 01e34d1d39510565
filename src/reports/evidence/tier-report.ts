import type { TriageCount } from "../../ledger/records/evidence.ts";
import type { ObservedShare } from "../observed-share.ts";
import { describeCalibration, type CalibrationReport } from "./calibration-report.ts";
import { isOfStratum, type LeftOut, type Stratum, type StratumKey } from "./choose-stratum.ts";
import { describeDifferences, type DifferenceReport } from "./difference-report.ts";
import { itemsIn, wouldShip } from "./item-outcome.ts";
import { describeMissing, type MissingReport } from "./missing-report.ts";
import { describeOutcomes, type OutcomeTable } from "./outcome-table.ts";
import { describeRiskCoverage, type RiskCoverageReport } from "./risk-coverage-report.ts";
import { meanCosts, shipShareAt, triagesOrItems, type MeanCosts } from "./ship-share.ts";
import { describeSlices, type FailingSlices } from "./slice-report.ts";
import { describeTasks, type TaskReport } from "./task-report.ts";
import { truthSample } from "./truth-sample.ts";
import {
  promiseState,
  wrongShare,
  type Promised,
  type PromiseState,
  type WrongShare,
} from "./wrong-share.ts";

/** Everything known of one tier that may ship, over the newest evidence of one kind. */
export interface TierReport {
  readonly key: StratumKey;
  /** First and last UTC day of the evidence; null without any. */
  readonly days: { readonly firstMs: number; readonly lastMs: number } | null;
  readonly items: number;
  readonly leftOut: readonly LeftOut[];
  /** Null = the route is configured no longer. */
  readonly threshold: number | null;
  readonly promised: Promised;
  /** Of all triages; null without a threshold. */
  readonly wouldShip: ObservedShare | null;
  /** Of what ships at the threshold in force; null without one. */
  readonly wrongIfShipped: WrongShare | null;
  readonly promise: PromiseState | null;
  /** The deep model's own errors, where they were graded. */
  readonly deepWrong: WrongShare;
  readonly tasks: readonly TaskReport[];
  readonly slices: FailingSlices;
  readonly outcomes: OutcomeTable | null;
  readonly missing: MissingReport;
  readonly differences: DifferenceReport;
  readonly calibration: CalibrationReport;
  /** Null = not known yet: too few grades. */
  readonly riskCoverage: RiskCoverageReport | null;
  readonly costs: MeanCosts | null;
  /** Share of triages on the most frequent confidence; null without triages. */
  readonly largestAtomShare: number | null;
}

export interface TierSettings {
  readonly threshold: number | null;
  readonly promised: Promised;
}

/** Pure: the same roll-ups in any order give the same report. */
export function describeTier(
  stratum: Stratum,
  allTriages: readonly TriageCount[],
  { threshold, promised }: TierSettings,
): TierReport {
  const { key, counts, leftOut } = stratum;
  const triages = triagesOrItems(
    allTriages.filter((triage) => isOfStratum(triage, key)),
    counts,
  );
  const { cells } = truthSample(counts);
  const { failureProbability } = promised;
  const costs = meanCosts(counts);
  const wrong =
    threshold === null
      ? null
      : wrongShare(
          counts.filter((count) => wouldShip(count.key, threshold)),
          failureProbability,
        );
  const days = counts.map((count) => count.key.dayMs);
  return {
    key,
    days:
      days.length === 0
        ? null
        : {
            firstMs: days.reduce((a, b) => Math.min(a, b)),
            lastMs: days.reduce((a, b) => Math.max(a, b)),
          },
    items: itemsIn(counts),
    leftOut,
    threshold,
    promised,
    wouldShip: threshold === null ? null : shipShareAt(triages, threshold),
    wrongIfShipped: wrong,
    promise: wrong === null ? null : promiseState(wrong, promised),
    deepWrong: wrongShare(counts, failureProbability, ({ deep }) => deep),
    tasks: threshold === null ? [] : describeTasks(counts, triages, threshold, promised),
    slices: describeSlices(cells),
    outcomes: threshold === null ? null : describeOutcomes(cells, threshold),
    missing: describeMissing(counts),
    differences: describeDifferences(counts),
    calibration: describeCalibration(cells),
    riskCoverage: describeRiskCoverage(stratum, cells, triages, {
      threshold,
      failureProbability,
      costs,
    }),
    costs,
    largestAtomShare: largestAtomShare(triages),
  };
}

function largestAtomShare(triages: readonly TriageCount[]): number | null {
  const byConfidence = new Map<number, number>();
  let all = 0;
  for (const row of triages) {
    if (row.confidence === null) continue;
    all += row.triages;
    byConfidence.set(row.confidence, (byConfidence.get(row.confidence) ?? 0) + row.triages);
  }
  return all === 0 ? null : Math.max(...byConfidence.values()) / all;
}
