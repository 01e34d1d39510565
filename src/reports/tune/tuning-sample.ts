import { bestOutcome } from "../../ledger/records/best-outcome.ts";
import type { EvidenceCount, EvidenceKey, Outcomes } from "../../ledger/records/evidence.ts";

/** What a guarantee speaks about; see the promise of each in the page on tuning. */
export type TuningTarget = "joint" | "selective" | "relative";

/** Evidence never crosses a change of these three. Null = not known. */
export type EvidenceStratum = Pick<EvidenceKey, "cheapModel" | "deepModel" | "promptHash">;

/** Rows of a sample that look alike. */
export interface SampleCell {
  /** 0–1; null = the cheap answer could not ship at any threshold. */
  readonly confidence: number | null;
  /** Of the cheap answer; false where none could ship. */
  readonly isWrong: boolean;
  /** Null = nobody has said. */
  readonly isDeepWrong: boolean | null;
  readonly rows: number;
}

/** Why evidence is shown and stays outside every bound. */
export type LeftOutReason = keyof typeof LEFT_OUT_SENTENCES;

export interface LeftOut {
  readonly reason: LeftOutReason;
  readonly items: number;
  readonly sentence: string;
}

/** Labelled rows that were drawn alike, from one stratum: what a bound may be computed from. */
export interface TuningSample {
  /** The newest with evidence; null = there is none at all. */
  readonly stratum: EvidenceStratum | null;
  readonly source: EvidenceKey["source"] | null;
  readonly dataset: string | null;
  readonly propensity: number | null;
  readonly cells: readonly SampleCell[];
  readonly leftOut: readonly LeftOut[];
  /** Items of the stratum that nobody has graded yet. */
  readonly ungradedItems: number;
  /**
   * The highest confidence of an item of the sample that nobody has graded, and so the end of what
   * may be tested: a threshold that ships it would borrow its good name from the graded ones. Null =
   * all items that could ship are graded.
   */
  readonly ungradedFrom: number | null;
  /** Start of the UTC day of the oldest row; null without rows. */
  readonly firstDayMs: number | null;
  /** Confidence of all items of the stratum that could ship, graded or not. */
  readonly stated: readonly { readonly confidence: number; readonly rows: number }[];
  /** All items of the stratum, those that could not ship included. */
  readonly stratumItems: number;
}

const LEFT_OUT_SENTENCES = {
  other_stratum:
    "from other models or another prompt, whose errors say nothing of the present ones",
  disputed: "graders of one kind contradict each other, so they count as neither right nor wrong",
  judge_only: "graded by a judge model alone, which errs itself",
  clustered: "belong to sessions or repeats, so they are not independent",
  unknown_propensity: "nobody drew them, so they may be the odd ones that somebody noticed",
  part_of_range: "drawn in live, from only a part of the confidences",
  other_sample: "drawn with another probability or from another source than the largest sample",
  deep_ungraded: "only the cheap answer is graded, and a relative target compares both",
  cannot_ship_ungraded: "could not ship and were not graded, while the grading is incomplete",
} as const;

/**
 * Picks the rows that may enter a bound, and counts what may not with the reason. The choice looks
 * at how many rows are graded, never at the outcome: else it would void the bound.
 *
 * @param counts of one route and of the tier to tune
 */
export function takeSample(counts: readonly EvidenceCount[], target: TuningTarget): TuningSample {
  const newest = newestKey(counts);
  const inStratum = newest === null ? [] : counts.filter(({ key }) => sameStratum(key, newest));
  const sorted = inStratum.map((count) => ({ count, standing: standingOf(count.key, target) }));
  const usable = sorted.flatMap(({ count, standing }) => (standing === "usable" ? [count] : []));
  const chosen = largestSample(usable);
  const rows = usable.filter(({ key }) => chosen !== null && sameSample(key, chosen));
  const isComplete = sorted.every(
    ({ count, standing }) => standing !== "ungraded" || !inSample(count.key, chosen),
  );
  const cannotShip = sorted.flatMap(({ count, standing }) =>
    standing === "cannot_ship_ungraded" && inSample(count.key, chosen) ? [count] : [],
  );
  // Of a sample that is graded to the last row, rows that cannot ship need no grade. Of a partly
  // graded one they would all be in and the others only in part, which would flatter the rate.
  const isCounted = isComplete && target !== "relative";
  const all = isCounted ? [...rows, ...cannotShip] : rows;
  const days = all.map(({ key }) => key.dayMs);
  return {
    stratum: newest === null ? null : stratumOf(newest),
    source: chosen?.source ?? null,
    dataset: chosen?.dataset ?? null,
    propensity: chosen?.propensity ?? null,
    cells: all.map(cellOf),
    leftOut: leftOutOf([
      ["other_stratum", itemsOf(counts) - itemsOf(inStratum)],
      ...sorted.flatMap(({ count, standing }): [LeftOutReason, number][] =>
        standing === "usable" ||
        standing === "ungraded" ||
        (isCounted && cannotShip.includes(count))
          ? []
          : [[standing, count.items]],
      ),
      ["other_sample", itemsOf(usable) - itemsOf(rows)],
    ]),
    ungradedItems: itemsOf(sorted.flatMap((s) => (s.standing === "ungraded" ? [s.count] : []))),
    ungradedFrom: highest(
      sorted.flatMap(({ count: { key }, standing }) =>
        (standing === "ungraded" || standing === "judge_only") && inSample(key, chosen)
          ? [key.confidence]
          : [],
      ),
    ),
    firstDayMs: days.length === 0 ? null : days.reduce((least, day) => Math.min(least, day)),
    stated: inStratum.flatMap(({ key, items }) => {
      const { confidence, cheapMissing } = key;
      return cheapMissing === null && confidence !== null ? [{ confidence, rows: items }] : [];
    }),
    stratumItems: itemsOf(inStratum),
  };
}

/** How many rows a sample has that ship from a threshold on, and how many of them are wrong. */
export function shippedFrom(
  cells: readonly SampleCell[],
  threshold: number,
): { readonly shipped: number; readonly wrong: number; readonly rows: number } {
  let [shipped, wrong, rows] = [0, 0, 0];
  for (const cell of cells) {
    rows += cell.rows;
    if (cell.confidence === null || cell.confidence < threshold) continue;
    shipped += cell.rows;
    if (cell.isWrong) wrong += cell.rows;
  }
  return { shipped, wrong, rows };
}

function standingOf(key: EvidenceKey, target: TuningTarget): "usable" | "ungraded" | LeftOutReason {
  const canShip = key.cheapMissing === null && key.confidence !== null;
  const cheap = gradeOf(key.cheap);
  if (cheap === "ungraded") return canShip ? "ungraded" : "cannot_ship_ungraded";
  if (cheap !== "right" && cheap !== "wrong") return cheap;
  if (target === "relative") {
    const deep = gradeOf(key.deep);
    if (deep === "ungraded") return "deep_ungraded";
    if (deep !== "right" && deep !== "wrong") return deep;
  }
  if (key.isClustered) return "clustered";
  if (key.propensity === null) return "unknown_propensity";
  return isPartOfRange(key) ? "part_of_range" : "usable";
}

/** In live what is drawn depends on the confidence: it shipped, or it missed by little. */
function isPartOfRange({ decision }: EvidenceKey): boolean {
  return decision === "shipped" || decision === "escalated";
}

function gradeOf(outcomes: Outcomes): "right" | "wrong" | "disputed" | "judge_only" | "ungraded" {
  const outcome = bestOutcome(outcomes);
  if (outcome === null) return "ungraded";
  return outcomes.label === null && outcomes.human === null ? "judge_only" : outcome;
}

/**
 * A key of the stratum to tune: one with graded items before one without, then the one with the
 * newest day, with the most items, and by name, so that the order of the counts decides nothing.
 */
function newestKey(counts: readonly EvidenceCount[]): EvidenceKey | null {
  const strata = Map.groupBy(counts, ({ key }) => JSON.stringify(stratumOf(key)));
  const [chosen] = [...strata]
    .map(([name, rows]) => ({
      name,
      key: rows[0]?.key ?? null,
      graded: rows.some(({ key }) => gradeOf(key.cheap) !== "ungraded") ? 1 : 0,
      dayMs: rows.reduce((latest, { key }) => Math.max(latest, key.dayMs), 0),
      items: itemsOf(rows),
    }))
    .toSorted(
      (a, b) =>
        b.graded - a.graded || b.dayMs - a.dayMs || b.items - a.items || (a.name < b.name ? -1 : 1),
    );
  return chosen?.key ?? null;
}

function highest(confidences: readonly (number | null)[]): number | null {
  return confidences.reduce<number | null>(
    (most, one) => (one !== null && (most === null || one > most) ? one : most),
    null,
  );
}

/** Whether a count is of the stratum; of none, no count is. */
export function isOfStratum(stratum: EvidenceStratum | null): (count: EvidenceCount) => boolean {
  return ({ key }) => stratum !== null && sameStratum(key, stratum);
}

function sameStratum(one: EvidenceStratum, other: EvidenceStratum): boolean {
  return (
    one.cheapModel === other.cheapModel &&
    one.deepModel === other.deepModel &&
    one.promptHash === other.promptHash
  );
}

function stratumOf({ cheapModel, deepModel, promptHash }: EvidenceStratum): EvidenceStratum {
  return { cheapModel, deepModel, promptHash };
}

/** A key of the sample with the most rows; of equal ones the first. */
function largestSample(usable: readonly EvidenceCount[]): EvidenceKey | null {
  const samples = new Map<string, { key: EvidenceKey; items: number }>();
  for (const { key, items } of usable) {
    const name = JSON.stringify([key.source, key.dataset, key.propensity]);
    const sample = samples.get(name) ?? { key, items: 0 };
    sample.items += items;
    samples.set(name, sample);
  }
  const [largest] = [...samples.values()].toSorted((a, b) => b.items - a.items);
  return largest?.key ?? null;
}

function sameSample(one: EvidenceKey, other: EvidenceKey): boolean {
  return (
    one.source === other.source &&
    one.dataset === other.dataset &&
    one.propensity === other.propensity
  );
}

function inSample(key: EvidenceKey, chosen: EvidenceKey | null): boolean {
  if (chosen === null || !sameSample(key, chosen)) return false;
  return !key.isClustered && !isPartOfRange(key);
}

function cellOf({ key, items }: EvidenceCount): SampleCell {
  const deep = gradeOf(key.deep);
  const confidence = key.cheapMissing === null ? key.confidence : null;
  return {
    confidence,
    isWrong: confidence !== null && gradeOf(key.cheap) === "wrong",
    isDeepWrong: deep === "right" || deep === "wrong" ? deep === "wrong" : null,
    rows: items,
  };
}

function leftOutOf(parts: readonly (readonly [LeftOutReason, number])[]): readonly LeftOut[] {
  const sums = new Map<LeftOutReason, number>();
  for (const [reason, items] of parts) sums.set(reason, (sums.get(reason) ?? 0) + items);
  return [...sums]
    .filter(([, items]) => items > 0)
    .map(([reason, items]) => ({ reason, items, sentence: LEFT_OUT_SENTENCES[reason] }));
}

function itemsOf(counts: readonly EvidenceCount[]): number {
  return counts.reduce((sum, { items }) => sum + items, 0);
}
