import type { Evidence, EvidenceCount } from "../../ledger/records/evidence.ts";
import { gradeLevel } from "../../ledger/records/grade-order.ts";
import { canShip, gradeOf, isUndecided, standingOf } from "./row-standing.ts";
import { isOfStratum, newestStratum, type EvidenceStratum } from "./stratum.ts";

/** One item with the answers of all tiers that may ship. */
export interface TierRow {
  readonly itemId: string;
  readonly createdAtMs: number;
  /** One for each tier but the last; null = the answer could not ship at any threshold. */
  readonly confidences: readonly (number | null)[];
  readonly isWrong: readonly boolean[];
  /** Of those that count as wrong, which were looked at and not decided; absent = none. */
  readonly isUndecided?: readonly boolean[];
  /** In nano-dollars, of a call to each tier, the last one too; null = not known. */
  readonly costs: readonly (number | null)[];
}

/** Items that were compared at every tier, and what stays outside. */
export interface TierSample {
  /** One for each tier but the last; null = there is no evidence of it. */
  readonly strata: readonly (EvidenceStratum | null)[];
  /** Oldest first. */
  readonly rows: readonly TierRow[];
  /** Items without an answer of every tier, of other models, not drawn, in live or in clusters. */
  readonly unfitItems: number;
  /** Items of days on which not every answer is graded, and of days after. */
  readonly waitingItems: number;
}

const GOAL = { target: "joint" } as const;

/**
 * Joins the evidence of all tiers of a route by item. Only items that were drawn over the whole range
 * of confidences, all with one probability, and that stand by themselves: the exact loss of the whole
 * cascade is counted on them. Days count from the first graded one to the first with an answer that
 * nobody has graded.
 *
 * @param counts of the route, for the models to go by
 * @param items of the route
 */
export function joinTiers(
  counts: readonly EvidenceCount[],
  items: readonly Evidence[],
  tiers: number,
): TierSample {
  const shipping = Array.from({ length: tiers - 1 }, (_, tier) => tier);
  const strata = shipping.map((tier) =>
    newestStratum(counts.filter(({ key }) => key.tier === tier)),
  );
  const byItem = Map.groupBy(items, ({ itemId }) => itemId);
  const joined = [...byItem.values()].flatMap((ofItem) => {
    const answers = shipping.map((tier) => ofItem.find((one) => one.tier === tier));
    const found = answers.filter((answer) => answer !== undefined);
    const isWhole = found.length === shipping.length && found.every(isUsable(strata));
    return isWhole ? [found] : [];
  });
  const propensity = mostCommon(joined.map(([first]) => first?.propensity ?? null));
  const alike = joined.filter((answers) =>
    answers.every((answer) => answer.propensity === propensity),
  );
  const rows = gradedDays(alike);
  return {
    strata,
    rows: rows.map(rowOf).toSorted(byArrival),
    unfitItems: byItem.size - alike.length,
    waitingItems: alike.length - rows.length,
  };
}

function isUsable(
  strata: readonly (EvidenceStratum | null)[],
): (answer: Evidence, index: number) => boolean {
  return (answer, tier) => {
    const ofItem = { dayMs: dayOf(answer), isClustered: answer.cluster !== null };
    const key = { ...answer, ...ofItem, gradeLevel: gradeLevel(answer.itemId) };
    const standing = standingOf(key, GOAL);
    const isDrawn = standing === "usable" || standing === "ungraded";
    const isWholeRange = answer.decision === "shadowed" || answer.decision === "imported";
    const isAlone = answer.cluster === null;
    const { propensity } = answer;
    const isKnown = propensity !== null && propensity > 0;
    return (
      isDrawn && isWholeRange && isAlone && isKnown && isOfStratum(strata[tier] ?? null, answer)
    );
  };
}

/** From the first day with a grade to the day before the first answer without one. */
function gradedDays(joined: readonly (readonly Evidence[])[]): readonly (readonly Evidence[])[] {
  let [startMs, endMs] = [Infinity, Infinity];
  for (const answer of joined.flat()) {
    if (canShip(answer) && isGraded(answer)) startMs = Math.min(startMs, dayOf(answer));
  }
  for (const answer of joined.flat()) {
    const isMissing = canShip(answer) && !isGraded(answer) && dayOf(answer) >= startMs;
    if (isMissing) endMs = Math.min(endMs, dayOf(answer));
  }
  return joined.filter(([first]) => {
    const dayMs = first === undefined ? Infinity : dayOf(first);
    return dayMs >= startMs && dayMs < endMs;
  });
}

function isGraded({ cheap }: Evidence): boolean {
  const grade = gradeOf(cheap, {});
  return grade !== "ungraded" && grade !== "judge_only";
}

function rowOf(answers: readonly Evidence[]): TierRow {
  const [first] = answers;
  return {
    itemId: first?.itemId ?? "",
    createdAtMs: first?.createdAtMs ?? 0,
    confidences: answers.map((answer) => (canShip(answer) ? answer.confidence : null)),
    isWrong: answers.map((answer) => canShip(answer) && gradeOf(answer.cheap, {}) !== "right"),
    isUndecided: answers.map((answer) => canShip(answer) && isUndecided(gradeOf(answer.cheap, {}))),
    costs: [
      ...answers.map(({ cheapCostNanoUsd }) => numberOrNull(cheapCostNanoUsd)),
      numberOrNull(first?.deepCostNanoUsd ?? null),
    ],
  };
}

function numberOrNull(nanoUsd: bigint | null): number | null {
  return nanoUsd === null ? null : Number(nanoUsd);
}

function mostCommon(values: readonly (number | null)[]): number | null {
  const counts = new Map<number | null, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [first] = [...counts].toSorted(([, a], [, b]) => b - a);
  return first?.[0] ?? null;
}

const DAY_MS = 86_400_000;

function dayOf({ createdAtMs }: Evidence): number {
  return Math.floor(createdAtMs / DAY_MS) * DAY_MS;
}

function byArrival(a: TierRow, b: TierRow): number {
  return a.createdAtMs - b.createdAtMs || (a.itemId < b.itemId ? -1 : 1);
}
