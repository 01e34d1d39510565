import type { EvidenceKey } from "../../ledger/records/evidence.ts";
import { normalInterval, type ValueInterval } from "../../statistics/normal-interval.ts";
import { MIN_OBSERVATIONS } from "../observed-share.ts";
import {
  canShip,
  isOfWholeRange,
  truthOf,
  wouldShip,
  type CountedEvidence,
} from "./item-outcome.ts";

/**
 * What the confidence is worth: the accuracy of the cascade beside one that ships as many answers,
 * drawn by lot, and so costs as much. All from the same items, those with both answers graded.
 */
export interface ShuffledControl {
  /** Items with both truths, drawn over all confidences. */
  readonly graded: number;
  /** Shipped, of the graded items, weighted, 0–1; null = not known yet. */
  readonly shipShare: number | null;
  /** Null = not known yet: fewer than `MIN_OBSERVATIONS` items. */
  readonly cascade: MeanWithInterval | null;
  readonly shuffled: MeanWithInterval | null;
  /** Cascade less shuffled, -1 to 1. Its interval is narrower than those of both: same items. */
  readonly gain: MeanWithInterval | null;
}

export interface MeanWithInterval {
  readonly mean: number;
  /** At 95 %, approximate: normal, with weights of 1/propensity. */
  readonly interval: ValueInterval;
}

/**
 * Expected accuracy under lots is known without drawing any: an item that could ship does so with the
 * share of those that the threshold ships. Escalated items, and those that cannot ship, have the deep
 * answer.
 */
export function describeShuffled(
  counts: readonly CountedEvidence[],
  threshold: number,
): ShuffledControl {
  const rows = counts.flatMap((count) => doublyGraded(count, threshold));
  const graded = rows.reduce((sum, { items }) => sum + items, 0);
  const able = rows.filter(({ isAble }) => isAble);
  const shipped = able.filter(({ isShipped }) => isShipped);
  const isKnown = graded >= MIN_OBSERVATIONS;
  const drawn = weightOf(able) === 0 ? 0 : weightOf(shipped) / weightOf(able);
  const cascade = (row: Row): number => (row.isShipped ? row.cheapRight : row.deepRight);
  const shuffled = (row: Row): number =>
    row.isAble ? drawn * row.cheapRight + (1 - drawn) * row.deepRight : row.deepRight;
  const mean = (valueOf: (row: Row) => number, floor: number): MeanWithInterval | null =>
    isKnown ? weightedMean(rows, valueOf, floor) : null;
  return {
    graded,
    shipShare: isKnown ? weightOf(shipped) / weightOf(rows) : null,
    cascade: mean(cascade, 0),
    shuffled: mean(shuffled, 0),
    gain: mean((row) => cascade(row) - shuffled(row), -1),
  };
}

interface Row {
  readonly items: number;
  readonly weight: number;
  readonly isAble: boolean;
  readonly isShipped: boolean;
  /** 1 = right. */
  readonly cheapRight: number;
  readonly deepRight: number;
}

function doublyGraded({ key, items }: CountedEvidence, threshold: number): readonly Row[] {
  const { propensity } = key;
  const deep = rightOf(truthOf(key.deep));
  const isAble = canShip(key);
  // What cannot ship needs no grade of its cheap answer.
  const cheap = isAble ? rightOf(truthOf(key.cheap)) : 0;
  if (deep === null || cheap === null || !isDrawn(key) || propensity === null) return [];
  const isShipped = wouldShip(key, threshold);
  return [{ items, weight: 1 / propensity, isAble, isShipped, cheapRight: cheap, deepRight: deep }];
}

function isDrawn(key: EvidenceKey): boolean {
  return key.propensity !== null && key.propensity > 0 && isOfWholeRange(key);
}

function rightOf(truth: ReturnType<typeof truthOf>): number | null {
  if (truth === "right") return 1;
  return truth === "wrong" ? 0 : null;
}

function weightOf(rows: readonly Row[]): number {
  return ordered(rows.map(({ items, weight }) => items * weight));
}

/** Ratio of weighted sums, with its linearised variance (Särndal et al. 1992, 5.7). */
function weightedMean(
  rows: readonly Row[],
  valueOf: (row: Row) => number,
  floor: number,
): MeanWithInterval {
  const total = weightOf(rows);
  const mean = ordered(rows.map((row) => row.items * row.weight * valueOf(row))) / total;
  const squares = ordered(
    rows.map((row) => row.items * row.weight ** 2 * (valueOf(row) - mean) ** 2),
  );
  const { low, high } = normalInterval(mean, Math.sqrt(squares) / total);
  return { mean, interval: { low: Math.max(floor, low), high: Math.min(1, high) } };
}

/** Smallest first, so that the order in which rows come does not show in the last digit. */
function ordered(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b).reduce((sum, value) => sum + value, 0);
}
