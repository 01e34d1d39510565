import { itemsIn, type CountedEvidence } from "./item-outcome.ts";

/** Why answers cannot be held against each other. */
export interface MissingReport {
  readonly items: number;
  /** Both sides are there. */
  readonly complete: number;
  /** Most frequent first; an item that lacks both sides is in two rows. */
  readonly reasons: readonly MissingReason[];
}

export interface MissingReason {
  readonly side: "cheap" | "deep";
  /** A missing side, or an escalation reason that no threshold would have changed. */
  readonly reason: string;
  readonly items: number;
}

export function describeMissing(counts: readonly CountedEvidence[]): MissingReport {
  const complete = counts.filter(
    ({ key }) => key.cheapMissing === null && key.deepMissing === null,
  );
  const reasons = [
    ...countSide(counts, "cheap", ({ key }) => key.cheapMissing),
    ...countSide(counts, "deep", ({ key }) => key.deepMissing),
  ];
  return {
    items: itemsIn(counts),
    complete: itemsIn(complete),
    reasons: reasons.toSorted(
      (a, b) => b.items - a.items || (`${a.side} ${a.reason}` < `${b.side} ${b.reason}` ? -1 : 1),
    ),
  };
}

function countSide(
  counts: readonly CountedEvidence[],
  side: MissingReason["side"],
  reasonOf: (count: CountedEvidence) => string | null,
): readonly MissingReason[] {
  return [...Map.groupBy(counts, reasonOf)].flatMap(([reason, rows]) =>
    reason === null ? [] : [{ side, reason, items: itemsIn(rows) }],
  );
}
