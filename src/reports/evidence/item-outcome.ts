import type { Evidence, EvidenceCount, Outcome, Outcomes } from "../../ledger/records/evidence.ts";

/** Evidence that can be counted: a roll-up, or one item with `items: 1`. */
export type CountedEvidence = Pick<EvidenceCount, "key" | "items">;

/** Right or wrong by a grader that is taken as the truth: a label, else a human. */
export type Truth = "right" | "wrong" | "disputed" | null;

/** A label goes before a human; who is disputed counts as neither, and nobody steps in. */
export function truthOf({ label, human }: Outcomes): Truth {
  return label ?? human;
}

/** What the judge alone says; null when it says nothing or contradicts itself. */
export function judgedAs({ judge }: Outcomes): Exclude<Outcome, "disputed"> | null {
  return judge === "disputed" ? null : judge;
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
