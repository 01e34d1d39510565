import { evidenceOf } from "../../ledger/contract/evidence.fixture.ts";
import type { Ledger, LedgerEntry } from "../../ledger/ledger.ts";
import type { Evidence } from "../../ledger/records/evidence.ts";

/** An imported item with its texts; change what a test is about. */
export function itemEntries(
  itemId: string,
  changes: Partial<Evidence> = {},
  texts: { readonly cheap?: string; readonly deep?: string | null } = {},
): readonly LedgerEntry[] {
  const { cheap = `cheap ${itemId}`, deep = `deep ${itemId}` } = texts;
  const evidence = evidenceOf(itemId, {
    source: "import",
    dataset: "week",
    decision: "imported",
    deepMissing: deep === null ? "not_sampled" : null,
    ...changes,
  });
  const request = { model: "m", max_tokens: 9, messages: [{ role: "user", content: "Why?" }] };
  return [
    { kind: "evidence", evidence },
    bodyEntry(itemId, "request", request),
    bodyEntry(itemId, "answer:0", answerOf(cheap, "claude-haiku-4-5")),
    ...(deep === null ? [] : [bodyEntry(itemId, "answer:1", answerOf(deep, "claude-opus-4-7"))]),
  ];
}

/** `count` items `itm_0`, `itm_1`, …, confidence 0.9 for even ones and 0.6 for odd ones. */
export async function fillWithItems(
  ledger: Pick<Ledger, "append">,
  count: number,
  changes: Partial<Evidence> = {},
): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const confidence = index % 2 === 0 ? 0.9 : 0.6;
    await ledger.append(itemEntries(`itm_${index}`, { confidence, ...changes }));
  }
}

function answerOf(text: string, model: string): object {
  return { type: "message", role: "assistant", model, content: [{ type: "text", text }] };
}

function bodyEntry(requestId: string, part: string, value: object): LedgerEntry {
  return { kind: "body", body: { requestId, part, bytes: Buffer.from(JSON.stringify(value)) } };
}
