import type { ShareInterval } from "../../statistics/wilson-interval.ts";
import { riskCoverage, type RiskCoverage } from "../../statistics/risk-coverage.ts";
import { MIN_OBSERVATIONS } from "../observed-share.ts";
import { roundedAtoms } from "./confidence-atoms.ts";
import { canShip, isOfWholeRange, itemsIn } from "./item-outcome.ts";
import { shippingAt, type PromiseBasis } from "./promise-at.ts";
import { shipShareAt, wouldSave, type MeanCosts, type ShipShare } from "./ship-share.ts";
import { describeShuffled, type ShuffledControl } from "./shuffled-control.ts";
import type { WholeRangeCells } from "./whole-range-cells.ts";
import { wrongShare, type WrongShare } from "./wrong-share.ts";

/** What each threshold would ship, how much of that is wrong, and what sorting is worth. */
export interface RiskCoverageReport {
  /** Strictest first; thresholds between two points ship what the next one ships. */
  readonly points: readonly ThresholdPoint[];
  readonly areas: Omit<RiskCoverage, "points">;
  /** See `WholeRangeCells`: then `coverage`, `risk` and the areas speak of the upper part alone. */
  readonly isPartOfRange: boolean;
  /**
   * The control: as many answers ship, drawn at random instead of by confidence. Its error is the
   * same at every share shipped. Null = not known yet.
   */
  readonly shuffled: WrongShare;
  /** The accuracy of both, escalated answers included; null without a threshold in force. */
  readonly control: ShuffledControl | null;
}

export interface ThresholdPoint {
  readonly threshold: number;
  /** Of the graded answers that could ship, weighted: their share from the threshold on, 0–1. */
  readonly coverage: number;
  /** Wrong of those, 0–1; the curve that the areas are of. */
  readonly risk: number;
  /** Of all triages; null = no triages in the time. */
  readonly ships: ShipShare | null;
  /** `ships.share`, 0–1. */
  readonly shipShare: number | null;
  readonly wrong: WrongShare;
  /** Of the all-deep cost, net of wasted triages, 0–1 or below; null = no prices. A projection. */
  readonly savedShare: number | null;
  /** What follows from the interval of the share shipped; prices are taken as they are. */
  readonly savedInterval: ShareInterval | null;
  readonly isInForce: boolean;
}

/** @returns null = not known yet: fewer than `MIN_OBSERVATIONS` graded answers that could ship */
export function describeRiskCoverage(
  basis: PromiseBasis,
  { cells: rangeCells, isPartOfRange }: WholeRangeCells,
  { threshold: inForce, costs }: { threshold: number | null; costs: MeanCosts | null },
): RiskCoverageReport | null {
  const cells = rangeCells.filter(({ key }) => canShip(key));
  const curve = riskCoverage(roundedAtoms(cells));
  if (curve === null || itemsIn(cells) < MIN_OBSERVATIONS) return null;
  const { points, ...areas } = curve;
  const { counts, promised } = basis;
  const described = points.map((point) => describePoint(point, basis, costs));
  const able = counts.filter(({ key }) => canShip(key));
  const shuffled = isPartOfRange ? able : able.filter(({ key }) => isOfWholeRange(key));
  return {
    points: inForce === null ? described : markInForce(described, inForce, basis, costs),
    areas,
    isPartOfRange,
    shuffled: wrongShare(shuffled, promised.failureProbability),
    control: inForce === null ? null : describeShuffled(counts, inForce),
  };
}

function describePoint(
  { threshold, coverage, risk }: Pick<ThresholdPoint, "threshold" | "coverage" | "risk">,
  { counts, triages, promised, readFrom }: PromiseBasis,
  costs: MeanCosts | null,
): ThresholdPoint {
  const ships = triages.length === 0 ? null : shipShareAt(triages, threshold, readFrom);
  return {
    ...{ threshold, coverage, risk, ships },
    shipShare: ships?.share ?? null,
    wrong: wrongShare(shippingAt(counts, threshold, readFrom), promised.failureProbability),
    savedShare: wouldSave(ships?.share ?? null, costs),
    savedInterval: savedInterval(ships, costs),
    isInForce: false,
  };
}

function savedInterval(ships: ShipShare | null, costs: MeanCosts | null): ShareInterval | null {
  const low = wouldSave(ships?.interval?.low ?? null, costs);
  const high = wouldSave(ships?.interval?.high ?? null, costs);
  return low === null || high === null ? null : { low, high };
}

/**
 * The point that ships what the threshold in force ships: the lowest one not below it. Where triages
 * between the two stated what nobody has graded, it would ship less, so that the threshold in force
 * gets a point of its own, at the same place of the curve.
 */
function markInForce(
  points: readonly ThresholdPoint[],
  threshold: number,
  basis: PromiseBasis,
  costs: MeanCosts | null,
): readonly ThresholdPoint[] {
  const last = points.findLastIndex((point) => point.threshold >= threshold);
  const lowest = points[last];
  if (lowest === undefined) return points;
  const own = { ...describePoint({ ...lowest, threshold }, basis, costs), isInForce: true };
  return mostShipped(own) === mostShipped(lowest)
    ? points.with(last, { ...lowest, isInForce: true })
    : points.toSpliced(last + 1, 0, own);
}

function mostShipped({ ships }: ThresholdPoint): number {
  return ships === null ? 0 : ships.count + ships.unread;
}
