import type { Evidence, EvidenceCount, Outcome, Outcomes } from "../../ledger/records/evidence.ts";

/** Evidence that can be counted: a roll-up, or one item with `items: 1`. */
export type CountedEvidence = Pick<EvidenceCount, "key" | "items">;

/**
 * Right or wrong by a grader that is taken as the truth: a label, else a human. `disputed` is all that
 * was looked at and not decided, those included of whom nobody could tell.
 */
export type Truth = "right" | "wrong" | "disputed" | null;

/** A label goes before a human; what is undecided counts as neither, and nobody steps in. */
export function truthOf(outcomes: Outcomes): Truth {
  const truth = outcomes.label ?? outcomes.human;
  return truth === "cannot_tell" ? "disputed" : truth;
}

/** Whether nobody who is taken as the truth could tell. */
export function isUntold({ label, human }: Outcomes): boolean {
  return (label ?? human) === "cannot_tell";
}

/** What the judge alone says; null when it says nothing, cannot tell or contradicts itself. */
export function judgedAs({ judge }: Outcomes): Extract<Outcome, "right" | "wrong"> | null {
  return judge === "right" || judge === "wrong" ? judge : null;
}

/** Whether the cheap answer could ship at all; at which confidence is another question. */
export function canShip(key: Pick<Evidence, "cheapMissing" | "confidence">): boolean {
  return key.cheapMissing === null && key.confidence !== null;
}

export function wouldShip(
  key: Pick<Evidence, "cheapMissing" | "confidence">,
  threshold: number,
): boolean {
  return canShip(key) && key.confidence !== null && key.confidence >= threshold;
}

/**
 * Whether items are drawn from all confidences. In live what is drawn depends on the confidence (it
 * shipped, or it missed by little), so such items say nothing of how all triages fare.
 */
export function isOfWholeRange({ decision }: Pick<Evidence, "decision">): boolean {
  return decision !== "shipped" && decision !== "escalated";
}

export function itemsIn(counts: readonly { readonly items: number }[]): number {
  return counts.reduce((sum, { items }) => sum + items, 0);
}
