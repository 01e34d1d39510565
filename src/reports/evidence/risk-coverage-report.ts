import type { TriageCount } from "../../ledger/records/evidence.ts";
import { riskCoverage, type RiskCoverage } from "../../statistics/risk-coverage.ts";
import { MIN_OBSERVATIONS } from "../observed-share.ts";
import { roundedAtoms } from "./confidence-atoms.ts";
import type { Stratum } from "./choose-stratum.ts";
import { canShip, itemsIn, wouldShip } from "./item-outcome.ts";
import { shipShareAt, wouldSave, type MeanCosts } from "./ship-share.ts";
import type { TruthCell } from "./truth-sample.ts";
import { wrongShare, type WrongShare } from "./wrong-share.ts";

/** What each threshold would ship, how much of that is wrong, and what sorting is worth. */
export interface RiskCoverageReport {
  /** Strictest first; thresholds between two points ship what the next one ships. */
  readonly points: readonly ThresholdPoint[];
  readonly areas: Omit<RiskCoverage, "points">;
  /**
   * The control: as many answers ship, drawn at random instead of by confidence. Its error is the
   * same at every share shipped. Null = not known yet.
   */
  readonly shuffled: WrongShare;
}

export interface ThresholdPoint {
  readonly threshold: number;
  /** Of all triages, 0–1; null = no triages in the time. */
  readonly shipShare: number | null;
  readonly wrong: WrongShare;
  /** Of the all-deep cost, net of wasted triages, 0–1 or below; null = no prices. A projection. */
  readonly savedShare: number | null;
  readonly isInForce: boolean;
}

/** @returns null = not known yet: fewer than `MIN_OBSERVATIONS` graded answers that could ship */
export function describeRiskCoverage(
  { counts }: Pick<Stratum, "counts">,
  allCells: readonly TruthCell[],
  triages: readonly TriageCount[],
  settings: { threshold: number | null; failureProbability: number; costs: MeanCosts | null },
): RiskCoverageReport | null {
  const cells = allCells.filter(({ key }) => canShip(key));
  const curve = riskCoverage(roundedAtoms(cells));
  if (curve === null || itemsIn(cells) < MIN_OBSERVATIONS) return null;
  const { points, ...areas } = curve;
  const { threshold: inForce, failureProbability, costs } = settings;
  const shipping = counts.filter(({ key }) => canShip(key));
  const described = points.map(({ threshold }): ThresholdPoint => {
    const above = shipping.filter(({ key }) => wouldShip(key, threshold));
    const shipShare = triages.length === 0 ? null : shipShareAt(triages, threshold).share;
    return {
      threshold,
      shipShare,
      wrong: wrongShare(above, failureProbability),
      savedShare: wouldSave(shipShare, costs),
      isInForce: false,
    };
  });
  return {
    points: markInForce(described, inForce),
    areas,
    shuffled: wrongShare(shipping, failureProbability),
  };
}

/** The point that ships what the threshold in force ships: the lowest one not below it. */
function markInForce(
  points: readonly ThresholdPoint[],
  threshold: number | null,
): readonly ThresholdPoint[] {
  const last = points.findLastIndex((point) => threshold !== null && point.threshold >= threshold);
  return points.map((point, index) => (index === last ? { ...point, isInForce: true } : point));
}
