import { MOST_GRADE_LEVEL } from "../../ledger/records/grade-order.ts";
import type { WeightedValue } from "../../statistics/betting-wealth.ts";
import type { JudgeCheck } from "../../statistics/judged-rate.ts";
import type { RateSample } from "../../statistics/pooled-rate.ts";
import type { TuningGoal } from "./tuning-goal.ts";
import type { LiveRanges, SampleCell } from "./tuning-sample.ts";

/** What a sample says of one threshold. */
export interface ThresholdEvidence {
  readonly threshold: number;
  /** Of the promised rate; empty = nothing that can be tested. Not for relative targets. */
  readonly samples: readonly RateSample[];
  /** The rows behind them, as they are: not weighted. */
  readonly cells: readonly SampleCell[];
  /** Graded rows, those that ship, and the wrong ones among these. */
  readonly rows: number;
  readonly shipped: number;
  readonly wrong: number;
  /** Graded rows that stay outside, because items before them in the order of grading have no grade. */
  readonly waitingRows: number;
  /** Of what ships, where a judge stands in for people. */
  readonly check: JudgeCheck;
}

export interface EvidenceOptions {
  readonly goal: Pick<TuningGoal, "target">;
  readonly liveRanges: LiveRanges;
  /**
   * Bounds for the share of requests that ship from a threshold on; null = not known, so that rows of
   * live say nothing of a joint rate.
   */
  readonly shareShipped: (threshold: number) => { low: number; high: number } | null;
}

/**
 * Prepares a sample for questions about thresholds. At each threshold a draw counts from its first
 * graded day to the day before the first item that would ship and that nobody has graded: in the
 * order of arrival, so that whoever grades may stop when they like, and cannot leave out what they
 * would rather not see. Items below the threshold need no grade for a joint rate; they do not ship.
 *
 * Where grading follows the common random order, the same holds for the first half, quarter, … of
 * that order: it thins all rows alike, by a hash of their ids that knows nothing of the answers, so
 * what is left is drawn as before and only fewer, and its weights need no change. Which part is
 * taken hangs on what has been graded, not on how. While grading keeps up, each look adds rows to
 * those of the look before; when it falls behind and a smaller part has to be taken, a second series
 * of looks begins.
 *
 * Rows drawn over the whole range are simply counted while all have one probability and none is of a
 * cluster; else they are weighted. Which of the two is decided by the draw alone.
 */
export function createThresholdEvidence(
  cells: readonly SampleCell[],
  options: EvidenceOptions,
): (threshold: number) => ThresholdEvidence {
  const whole = cells.filter(({ draw }) => draw === "whole_range");
  const live = cells.filter(({ draw }) => draw === "live");
  const isAlike = whole.every(
    ({ weight, cluster }) => weight === whole[0]?.weight && cluster === null,
  );
  const largest = { whole: largestWeightOf(whole), live: largestWeightOf(live) };
  const starts = { whole: firstGradedDay(whole), live: firstGradedDay(live) };
  const isJoint = options.goal.target === "joint";
  return (threshold) => {
    const ofWhole = windowOf(whole, threshold, starts.whole);
    const inRange = live.filter(
      ({ dayMs }) => (options.liveRanges.get(dayMs) ?? Infinity) <= threshold,
    );
    const ofLive = windowOf(inRange, threshold, starts.live).filter(shipsFrom(threshold));
    const ofShare = isJoint ? options.shareShipped(threshold) : { low: 1, high: 1 };
    const isLiveUsed = ofLive.length > 0 && ofShare !== null;
    const based = isJoint ? ofWhole : ofWhole.filter(shipsFrom(threshold));
    const samples: RateSample[] = [];
    if (based.length > 0 && isAlike) samples.push(countedSample(based, threshold));
    else if (based.length > 0) {
      const observations = observationsOf(based, threshold);
      samples.push({ kind: "weighted", observations, largestWeight: largest.whole });
    }
    if (isLiveUsed) {
      const observations = observationsOf(ofLive, threshold);
      samples.push({ kind: "weighted", observations, largestWeight: largest.live, ofShare });
    }
    const waitingRows =
      gradedRowsSince(whole, starts.whole) - gradedRowsSince(ofWhole, starts.whole);
    return describe(threshold, samples, [...ofWhole, ...(isLiveUsed ? ofLive : [])], waitingRows);
  };
}

export function shipsFrom(threshold: number): (cell: SampleCell) => boolean {
  return ({ confidence }) => confidence !== null && confidence >= threshold;
}

function describe(
  threshold: number,
  samples: readonly RateSample[],
  cells: readonly SampleCell[],
  waitingRows: number,
): ThresholdEvidence {
  const ships = shipsFrom(threshold);
  let [rows, shipped, wrong, missed, verifiedWrong] = [0, 0, 0, 0, 0];
  for (const cell of cells) {
    if (cell.isWrong !== null) rows += cell.rows;
    if (!ships(cell)) continue;
    shipped += cell.rows;
    if (cell.isWrong === true) wrong += cell.rows;
    if (cell.check?.isWrong !== true) continue;
    verifiedWrong += cell.rows;
    if (!cell.check.isJudgedWrong) missed += cell.rows;
  }
  const check = { missed, verifiedWrong };
  return { threshold, samples, cells, rows, shipped, wrong, waitingRows, check };
}

function gradedRowsSince(cells: readonly SampleCell[], startMs: number): number {
  const graded = cells.filter(({ dayMs, isWrong }) => dayMs >= startMs && isWrong !== null);
  return graded.reduce((sum, { rows }) => sum + rows, 0);
}

/** The first day of a row that could ship and was graded; before it nobody had begun. */
function firstGradedDay(cells: readonly SampleCell[]): number {
  let first = Infinity;
  for (const { confidence, isWrong, dayMs } of cells) {
    if (confidence !== null && isWrong !== null) first = Math.min(first, dayMs);
  }
  return first;
}

/**
 * Of all levels of grading the one that leaves most rows: the items of that level and above, up to
 * the day before the first of them that would ship and that nobody has graded.
 */
function windowOf(
  cells: readonly SampleCell[],
  threshold: number,
  startMs: number,
): readonly SampleCell[] {
  const ships = shipsFrom(threshold);
  const ends = Array.from({ length: MOST_GRADE_LEVEL + 1 }, () => Infinity);
  for (const cell of cells) {
    if (cell.isWrong !== null || cell.dayMs < startMs || !ships(cell)) continue;
    for (let level = 0; level <= cell.gradeLevel; level += 1) {
      ends[level] = Math.min(ends[level] ?? Infinity, cell.dayMs);
    }
  }
  const isIn = ({ dayMs, gradeLevel }: SampleCell, level: number): boolean =>
    dayMs >= startMs && dayMs < (ends[level] ?? Infinity) && gradeLevel >= level;
  const best = ends[0] === Infinity ? 0 : levelOfMostRows(cells, ends.length, isIn);
  return cells.filter((cell) => isIn(cell, best));
}

/** Of equals the lowest. */
function levelOfMostRows(
  cells: readonly SampleCell[],
  levels: number,
  isIn: (cell: SampleCell, level: number) => boolean,
): number {
  const rows = Array.from({ length: levels }, (_, level) =>
    cells.reduce((sum, cell) => (isIn(cell, level) ? sum + cell.rows : sum), 0),
  );
  return rows.indexOf(Math.max(...rows));
}

function countedSample(cells: readonly SampleCell[], threshold: number): RateSample {
  const ships = shipsFrom(threshold);
  let [hits, trials] = [0, 0];
  for (const cell of cells) {
    trials += cell.rows;
    if (cell.isWrong === true && ships(cell)) hits += cell.rows;
  }
  return { kind: "counted", hits, trials };
}

/** One observation for each kind of row, and one for each cluster: its weighted mean. */
function observationsOf(cells: readonly SampleCell[], threshold: number): readonly WeightedValue[] {
  const ships = shipsFrom(threshold);
  const kinds = new Map<string, { value: number; weight: number; count: number }>();
  const clusters = new Map<string, { wrong: number; weight: number }>();
  for (const cell of cells) {
    const value = cell.isWrong === true && ships(cell) ? 1 : 0;
    const { weight, rows, cluster } = cell;
    if (cluster === null) {
      const name = `${String(weight)} ${String(value)}`;
      const kind = kinds.get(name) ?? { value, weight, count: 0 };
      kind.count += rows;
      kinds.set(name, kind);
      continue;
    }
    const sums = clusters.get(cluster) ?? { wrong: 0, weight: 0 };
    sums.weight += weight * rows;
    sums.wrong += weight * rows * value;
    clusters.set(cluster, sums);
  }
  const means = [...clusters.values()].map(({ wrong, weight }) => ({
    ...{ value: Math.min(1, wrong / weight), weight },
  }));
  return [...kinds.values(), ...means];
}

/**
 * At least every weight that the draw gives out, of a cluster the sum of its rows. A power of two, so
 * that it stays what it was while rows arrive: it has to be known before them.
 */
function largestWeightOf(cells: readonly SampleCell[]): number {
  const clusters = new Map<string, number>();
  let largest = 1;
  for (const { weight, rows, cluster } of cells) {
    const sum = cluster === null ? weight : (clusters.get(cluster) ?? 0) + weight * rows;
    if (cluster !== null) clusters.set(cluster, sum);
    largest = Math.max(largest, sum);
  }
  return 2 ** Math.ceil(Math.log2(largest));
}
