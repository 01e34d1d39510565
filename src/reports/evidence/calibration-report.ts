import { brierScore, type BrierScore } from "../../statistics/brier-score.ts";
import { calibrationError, type CalibrationError } from "../../statistics/calibration-error.ts";
import { confidenceGap, type ConfidenceGap } from "../../statistics/confidence-gap.ts";
import { kornGraubardInterval } from "../../statistics/korn-graubard-interval.ts";
import { rankingQuality, type RankingQuality } from "../../statistics/ranking-quality.ts";
import type { ShareInterval } from "../../statistics/wilson-interval.ts";
import { createRandom } from "../../support/random.ts";
import { MIN_OBSERVATIONS } from "../observed-share.ts";
import { atomsAsGraded, weightedAtoms } from "./confidence-atoms.ts";
import { canShip, itemsIn } from "./item-outcome.ts";
import { groupsOf, type TruthCell } from "./truth-sample.ts";
import type { WholeRangeCells } from "./whole-range-cells.ts";

/** How far stated confidence can be believed, and whether it sorts. */
export interface CalibrationReport {
  /** Graded items with a confidence. */
  readonly graded: number;
  /** One per stated value, lowest first. */
  readonly bars: readonly CalibrationBar[];
  /** Null = not known yet: fewer than `MIN_OBSERVATIONS` grades. */
  readonly gap: ConfidenceGap | null;
  /** Null = not known yet: too few right or wrong answers. */
  readonly ranking: RankingQuality | null;
  /** The ranking's interval touches 0.6, or has no width: escalation is close to random. */
  readonly hardlySorts: boolean | null;
  readonly brier: BrierScore | null;
  /** Of the graded items as they are, not weighted to the traffic. */
  readonly error: CalibrationError | null;
  /** Grades had different propensities, so the intervals of gap and ranking are approximate. */
  readonly isWeighted: boolean;
  /** See `WholeRangeCells`; the bars are of all graded items in any case. */
  readonly isPartOfRange: boolean;
}

export interface CalibrationBar {
  /** 0–1, as stated. */
  readonly confidence: number;
  readonly graded: number;
  readonly wrong: number;
  /** Share of right answers, weighted, 0–1. */
  readonly accuracy: number;
  /** At 95 %, for this bar alone; exact where propensities are equal. */
  readonly interval: ShareInterval;
  /** Fewer than ten grades: nothing can be read from it. */
  readonly isSmall: boolean;
}

/** An area this low says that sorting by confidence does hardly more than drawing lots. */
export const HARDLY_SORTS = 0.6;

const SMALL_BAR = 10;

/**
 * Calibration over the answers that could ship, in the proportions of the traffic.
 *
 * @param allCells for the bars
 * @param wholeRange for the numbers that sum up all confidences
 */
export function describeCalibration(
  allCells: readonly TruthCell[],
  { cells: rangeCells, isPartOfRange }: WholeRangeCells,
): CalibrationReport {
  const cells = rangeCells.filter(({ key }) => canShip(key));
  const graded = itemsIn(cells);
  const bars = barsOf(allCells.filter(({ key }) => canShip(key)));
  const isWeighted = new Set(cells.map(({ propensity }) => propensity)).size > 1;
  const nothing = { gap: null, ranking: null, hardlySorts: null, brier: null, error: null };
  if (graded < MIN_OBSERVATIONS) {
    return { graded, bars, isWeighted, isPartOfRange, ...nothing };
  }
  const atoms = weightedAtoms(cells);
  const ranking = rankingQuality(atoms);
  return {
    graded,
    bars,
    isWeighted,
    isPartOfRange,
    gap: confidenceGap(atoms),
    ranking,
    hardlySorts: ranking === null ? null : touches(ranking),
    brier: brierScore(atoms),
    error: calibrationError(atomsAsGraded(cells), createRandom("calibration report")),
  };
}

function barsOf(cells: readonly TruthCell[]): readonly CalibrationBar[] {
  const byConfidence = Map.groupBy(cells, ({ key }) => key.confidence ?? 0);
  return [...byConfidence]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([confidence, ofValue]): CalibrationBar[] => {
      const right = kornGraubardInterval(groupsOf(ofValue, ({ isWrong }) => !isWrong));
      if (right === null) return [];
      const graded = itemsIn(ofValue);
      return [
        {
          confidence,
          graded,
          wrong: itemsIn(ofValue.filter(({ isWrong }) => isWrong)),
          accuracy: right.share,
          interval: right.interval,
          isSmall: graded < SMALL_BAR,
        },
      ];
    });
}

function touches({ area, interval }: RankingQuality): boolean {
  return interval === null ? area < 1 : interval.low <= HARDLY_SORTS;
}
