import type { Evidence, EvidenceCount, EvidenceKey } from "../../ledger/records/evidence.ts";
import { gradeLevel } from "../../ledger/records/grade-order.ts";
import { canShip, gradeOf, isUndecided, leftOutOf, standingOf } from "./row-standing.ts";
import type { LeftOut, LeftOutReason, RowStanding, Undecided } from "./row-standing.ts";
import { isOfStratum, newestStratum, type EvidenceStratum } from "./stratum.ts";
import type { TuningGoal } from "./tuning-goal.ts";

/** Rows of a sample that look alike. */
export interface SampleCell {
  /** Start of the UTC day. */
  readonly dayMs: number;
  /** 0–1; null = the cheap answer could not ship at any threshold. */
  readonly confidence: number | null;
  /** Of the cheap answer; null = not graded yet; false where none could ship; true if undecided. */
  readonly isWrong: boolean | null;
  /** Null = nobody has said, or it is undecided. */
  readonly isDeepWrong: boolean | null;
  /** Whose answer was looked at and not decided; absent = nobody's. */
  readonly undecided?: "cheap" | "deep" | "both";
  /** 1 divided by the probability of being drawn; at least 1. */
  readonly weight: number;
  /** `live`: drawn because of what it stated, so only from a part of the confidences. */
  readonly draw: "whole_range" | "live";
  readonly cluster: string | null;
  /** How early the items come up for grading; see `gradeLevel` of the ledger's records. */
  readonly gradeLevel: number;
  /** What a judge said, and whether people found it wrong; only where both have spoken. */
  readonly check: { readonly isJudgedWrong: boolean; readonly isWrong: boolean } | null;
  rows: number;
}

/** Rows of one stratum that were drawn with known probabilities: what bounds are computed from. */
export interface TuningSample {
  /** The newest with evidence; null = there is none at all. */
  readonly stratum: EvidenceStratum | null;
  readonly source: EvidenceKey["source"] | null;
  readonly dataset: string | null;
  /** Of all graded rows; null when they differ, or there are none. */
  readonly propensity: number | null;
  readonly cells: readonly SampleCell[];
  readonly leftOut: readonly LeftOut[];
  /** Rows of the sample whose cheap answer was looked at and not decided: they count as wrong. */
  readonly undecided: Readonly<Record<Undecided, number>>;
  /** Items of the stratum that nobody has graded yet. */
  readonly ungradedItems: number;
  /** Start of the UTC day of the oldest graded row; null without rows. */
  readonly firstDayMs: number | null;
  /** Confidence of all items of the stratum that could ship, graded or not. */
  readonly stated: readonly { readonly confidence: number; readonly rows: number }[];
  /** All items of the stratum, those that could not ship included. */
  readonly stratumItems: number;
}

/** Days in live with the lowest confidence from which every answer had a known chance to be drawn. */
export type LiveRanges = ReadonlyMap<number, number>;

export interface SampleEvidence {
  /** Of one route and of the tier to tune. */
  readonly counts: readonly EvidenceCount[];
  /** The items of clusters, one by one; null = too many to read, so they stay outside. */
  readonly clustered: readonly Evidence[] | null;
  readonly liveRanges: LiveRanges;
}

/**
 * Picks the rows that may enter a bound, and counts what may not with the reason. The choice looks
 * at how many rows are graded, never at the outcome: else it would void the bound.
 */
export function takeSample(
  { counts, clustered, liveRanges }: SampleEvidence,
  goal: Pick<TuningGoal, "target" | "graders">,
): TuningSample {
  const stratum = newestStratum(counts);
  const inStratum = counts.filter(({ key }) => isOfStratum(stratum, key));
  const items = inStratum.reduce((sum, count) => sum + count.items, 0);
  const all = counts.reduce((sum, count) => sum + count.items, 0);
  const rows = rowsOf(inStratum, clustered, stratum).map((row) => ({
    ...row,
    standing: standingInSample(row, goal, liveRanges, clustered !== null),
  }));
  const isChosen = largestSample(rows, goal);
  const cells = new Map<string, SampleCell>();
  const leftOut: [LeftOutReason, number][] = [["other_stratum", all - items]];
  let ungradedItems = 0;
  const undecided = { disputed: 0, cannot_tell: 0 };
  for (const row of rows) {
    const { standing } = row;
    if (standing === "ungraded") ungradedItems += row.items;
    const isIn = isChosen(row.key) && (row.key.propensity ?? 0) > 0;
    if (standing !== "usable" && standing !== "ungraded") leftOut.push([standing, row.items]);
    else if (standing === "usable" && !isIn) leftOut.push(["other_sample", row.items]);
    // What a judge alone has graded is not graded, and so must hold up the rows after it.
    if (isIn && (standing === "usable" || standing === "ungraded" || standing === "judge_only")) {
      addCell(cells, row, goal);
      const grade = gradeOf(row.key.cheap, goal);
      if (canShip(row.key) && isUndecided(grade)) undecided[grade] += row.items;
    }
  }
  const sample = [...cells.values()];
  const graded = sample.filter(({ isWrong }) => isWrong !== null);
  const chosen = rows.find(({ key, standing }) => standing === "usable" && isChosen(key));
  const weights = new Set(graded.map(({ weight }) => weight));
  const [weight] = weights;
  return {
    stratum,
    source: chosen?.key.source ?? null,
    dataset: chosen?.key.dataset ?? null,
    propensity: weight === undefined || weights.size > 1 ? null : 1 / weight,
    cells: sample,
    leftOut: leftOutOf(leftOut),
    undecided,
    ungradedItems,
    firstDayMs: graded.reduce<number | null>(
      (least, { dayMs }) => (least === null ? dayMs : Math.min(least, dayMs)),
      null,
    ),
    stated: statedBy(inStratum),
    stratumItems: items,
  };
}

interface SampleRow {
  readonly key: EvidenceKey;
  readonly items: number;
  readonly cluster: string | null;
}

/** Items of clusters take the place of their counts. */
function rowsOf(
  counts: readonly EvidenceCount[],
  clustered: readonly Evidence[] | null,
  stratum: EvidenceStratum | null,
): readonly SampleRow[] {
  const plain = counts
    .filter(({ key }) => clustered === null || !key.isClustered)
    .map(({ key, items }) => ({ key, items, cluster: null }));
  const single = (clustered ?? []).filter((item) => isOfStratum(stratum, item));
  return [...plain, ...single.map(rowOfItem)];
}

function rowOfItem(item: Evidence): SampleRow {
  const dayMs = Math.floor(item.createdAtMs / DAY_MS) * DAY_MS;
  const level = gradeLevel(item.itemId);
  const key = { ...item, dayMs, isClustered: true, gradeLevel: level };
  return { key, items: 1, cluster: item.cluster };
}

const DAY_MS = 86_400_000;

function standingInSample(
  { key }: SampleRow,
  goal: Pick<TuningGoal, "target" | "graders">,
  liveRanges: LiveRanges,
  areClustersRead: boolean,
): RowStanding {
  const standing = standingOf(key, goal);
  if (standing !== "usable" && standing !== "ungraded") return standing;
  const isRelative = goal.target === "relative";
  if (key.isClustered && (isRelative || !areClustersRead)) return "clustered";
  if (!isLive(key)) return standing;
  const from = liveRanges.get(key.dayMs);
  const isInRange = from !== undefined && key.confidence !== null && key.confidence >= from;
  return isInRange && !isRelative ? standing : "part_of_range";
}

/** In live what is drawn depends on the confidence: it shipped, or it missed by little. */
function isLive({ decision }: EvidenceKey): boolean {
  return decision === "shipped" || decision === "escalated";
}

/**
 * Whether a key is of the source with the most usable rows; of equal ones the first. A relative
 * target takes no weights, so there it has to be drawn with the most common probability as well.
 */
function largestSample(
  rows: readonly (SampleRow & { readonly standing: RowStanding })[],
  { target }: Pick<TuningGoal, "target">,
): (key: EvidenceKey) => boolean {
  const nameOf = ({ source, dataset, propensity }: EvidenceKey): string =>
    JSON.stringify([source, dataset, target === "relative" ? propensity : null]);
  const sums = new Map<string, number>();
  for (const { key, items, standing } of rows) {
    if (standing !== "usable") continue;
    const name = nameOf(key);
    sums.set(name, (sums.get(name) ?? 0) + items);
  }
  const [largest] = [...sums].toSorted(([, a], [, b]) => b - a);
  return (key) => largest !== undefined && nameOf(key) === largest[0];
}

function addCell(
  cells: Map<string, SampleCell>,
  { key, items, cluster }: SampleRow,
  goal: Pick<TuningGoal, "graders">,
): void {
  const { dayMs, propensity, gradeLevel: level } = key;
  const confidence = canShip(key) ? key.confidence : null;
  const cheap = confidence === null ? "right" : gradeOf(key.cheap, goal);
  const deep = gradeOf(key.deep, goal);
  const isCheapOpen = isUndecided(cheap);
  const isDeepOpen = isUndecided(deep);
  const isWrong = cheap === "right" ? false : cheap === "wrong" || isCheapOpen ? true : null;
  const isDeepWrong = deep === "right" || deep === "wrong" ? deep === "wrong" : null;
  const check = confidence === null ? null : checkOf(key);
  const draw = isLive(key) ? "live" : "whole_range";
  const checked = check === null ? "" : `${String(check.isJudgedWrong)} ${String(check.isWrong)}`;
  const name = [
    dayMs,
    confidence,
    isWrong,
    isDeepWrong,
    propensity,
    draw,
    cluster,
    level,
    checked,
    isCheapOpen,
    isDeepOpen,
  ].join("|");
  const cell = cells.get(name);
  if (cell !== undefined) {
    cell.rows += items;
    return;
  }
  const weight = 1 / (propensity ?? 1);
  const fresh = { dayMs, confidence, isWrong, isDeepWrong, weight, draw, cluster, check } as const;
  const open = undecidedOf(isCheapOpen, isDeepOpen);
  cells.set(name, { ...fresh, ...open, gradeLevel: level, rows: items });
}

function undecidedOf(isCheap: boolean, isDeep: boolean): Pick<SampleCell, "undecided"> {
  if (isCheap) return { undecided: isDeep ? "both" : "cheap" };
  return isDeep ? { undecided: "deep" } : {};
}

/**
 * The kind reading of rows that are undecided, for the claim that a promise is broken: what nobody
 * could decide was right, and the deep answer beside it wrong.
 */
export function readKindly(cells: readonly SampleCell[]): readonly SampleCell[] {
  return cells.map(({ undecided, ...cell }) => ({
    ...cell,
    isWrong: undecided === "cheap" || undecided === "both" ? false : cell.isWrong,
    isDeepWrong: undecided === "deep" || undecided === "both" ? true : cell.isDeepWrong,
  }));
}

/**
 * Where a judge's verdict can be held against what people say. What either could not decide counts as
 * wrong, as it does in the rate that is corrected.
 */
function checkOf({ cheap }: EvidenceKey): SampleCell["check"] {
  const truth = cheap.label ?? cheap.human;
  if (truth === null || cheap.judge === null) return null;
  return { isJudgedWrong: cheap.judge !== "right", isWrong: truth !== "right" };
}

function statedBy(counts: readonly EvidenceCount[]): TuningSample["stated"] {
  const rows = new Map<number, number>();
  for (const { key, items } of counts) {
    if (!canShip(key) || key.confidence === null) continue;
    rows.set(key.confidence, (rows.get(key.confidence) ?? 0) + items);
  }
  return [...rows].map(([confidence, count]) => ({ confidence, rows: count }));
}
