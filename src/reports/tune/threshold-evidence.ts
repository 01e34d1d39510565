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
    return describe(threshold, samples, [...ofWhole, ...(isLiveUsed ? ofLive : [])]);
  };
}

export function shipsFrom(threshold: number): (cell: SampleCell) => boolean {
  return ({ confidence }) => confidence !== null && confidence >= threshold;
}

function describe(
  threshold: number,
  samples: readonly RateSample[],
  cells: readonly SampleCell[],
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
  return { threshold, samples, cells, rows, shipped, wrong, check: { missed, verifiedWrong } };
}

/** The first day of a row that could ship and was graded; before it nobody had begun. */
function firstGradedDay(cells: readonly SampleCell[]): number {
  let first = Infinity;
  for (const { confidence, isWrong, dayMs } of cells) {
    if (confidence !== null && isWrong !== null) first = Math.min(first, dayMs);
  }
  return first;
}

function windowOf(
  cells: readonly SampleCell[],
  threshold: number,
  startMs: number,
): readonly SampleCell[] {
  const ships = shipsFrom(threshold);
  let endMs = Infinity;
  for (const cell of cells) {
    if (cell.isWrong === null && cell.dayMs >= startMs && ships(cell)) {
      endMs = Math.min(endMs, cell.dayMs);
    }
  }
  return cells.filter(({ dayMs }) => dayMs >= startMs && dayMs < endMs);
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
