import type { EvidenceFilter, Ledger } from "../ledger/ledger.ts";
import type { Evidence, Grade } from "../ledger/records/evidence.ts";
import { readAnswerPair, type AnswerPair } from "../quality/grading/answer-pair.ts";

export type { AnswerPair } from "../quality/grading/answer-pair.ts";
export type PairFilter = Omit<EvidenceFilter, "isClustered" | "lacks" | "order">;

/** An item in full: a pair for each tier that may ship, and everything graders said of it. */
export interface ItemPairs {
  readonly pairs: readonly AnswerPair[];
  /** Oldest first, those taken back included. */
  readonly grades: readonly Grade[];
}

const PAGE_ROWS = 200;

/** Newest first, at most `limit`; their texts are read one by one. */
export async function* readPairs(
  ledger: Ledger,
  filter: PairFilter,
  limit: number,
): AsyncGenerator<AnswerPair> {
  let left = limit;
  let after: string | undefined;
  while (left > 0) {
    const page = await ledger.evidence(filter, Math.min(left, PAGE_ROWS), after);
    for (const evidence of page.rows) yield await readAnswerPair(ledger, evidence);
    left -= page.rows.length;
    if (page.next === null) return;
    after = page.next;
  }
}

/** Null when nothing is known of the item. */
export async function readItemPairs(ledger: Ledger, itemId: string): Promise<ItemPairs | null> {
  const evidence: readonly Evidence[] = await ledger.evidenceOf(itemId);
  if (evidence.length === 0) return null;
  const pairs = await Promise.all(evidence.map((one) => readAnswerPair(ledger, one)));
  return { pairs, grades: await ledger.grades(itemId) };
}
