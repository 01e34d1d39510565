import type { Evidence } from "../../ledger/records/evidence.ts";
import { readItemTexts, type TextLedger } from "./item-texts.ts";
import type { RequestText } from "./request-text.ts";

/**
 * Both answers to one request side by side, with what is known of them. Not blind: for looking, and
 * not for grading.
 */
export interface AnswerPair {
  readonly evidence: Evidence;
  /** Null where the texts are not kept. */
  readonly request: RequestText | null;
  readonly cheap: string | null;
  readonly deep: string | null;
  readonly ideal: string | null;
}

export async function readAnswerPair(ledger: TextLedger, evidence: Evidence): Promise<AnswerPair> {
  const { request, cheap, deep, ideal } = await readItemTexts(ledger, evidence);
  return { evidence, request, cheap, deep, ideal };
}
