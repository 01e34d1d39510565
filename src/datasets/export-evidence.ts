import type { Attempt } from "../cascade/receipt.ts";
import type { Evidence } from "../ledger/records/evidence.ts";
import type { Ledger, RequestFilter } from "../ledger/ledger.ts";
import { exportedBody } from "./exported-body.ts";
import type { ExportedBody, ExportedEvidence } from "./rows/evidence-row.ts";

/** Items read at one time: memory holds no more than these. */
const PAGE_ROWS = 500;

type Source = Pick<Ledger, "evidence" | "request" | "body">;

/** Pages of evidence, newest first. Reads the next page only when it is asked for. */
export async function* exportEvidence(
  ledger: Source,
  { filter, withBodies }: { readonly filter: RequestFilter; readonly withBodies: boolean },
): AsyncGenerator<readonly ExportedEvidence[]> {
  let after: string | undefined;
  do {
    const page = await ledger.evidence(filter, PAGE_ROWS, after);
    const exported: ExportedEvidence[] = [];
    for (const evidence of page.rows) {
      exported.push({ evidence, bodies: withBodies ? await bodiesOf(ledger, evidence) : null });
    }
    yield exported;
    after = page.next ?? undefined;
  } while (after !== undefined);
}

/** The texts under the names of `evidenceParts`, whatever they are stored as. */
async function bodiesOf(
  ledger: Source,
  evidence: Evidence,
): Promise<Readonly<Record<string, ExportedBody>>> {
  const bodies: Record<string, ExportedBody> = {};
  const put = async (part: string, storedAs: string): Promise<void> => {
    const bytes = await ledger.body(evidence.itemId, storedAs);
    if (bytes !== null) bodies[part] = exportedBody(bytes);
  };
  const { itemId, tier, deepTier } = evidence;
  const record = await ledger.request(itemId);
  const attempts = record === null ? null : attemptsOf(record.attempts, evidence);
  await put("request", "request");
  for (const answeredBy of [tier, deepTier]) {
    // Answers of traffic are stored by attempt, those of a data set by tier.
    const position = attempts === null ? answeredBy : attempts.get(answeredBy);
    if (position !== undefined) await put(`answer:${answeredBy}`, `answer:${position}`);
  }
  await put("ideal", "ideal");
  return bodies;
}

/** The attempts that the two answers of the evidence are from, by tier: the last of each side. */
function attemptsOf(
  attempts: readonly Attempt[],
  { tier, deepTier }: Evidence,
): ReadonlyMap<number, number> {
  const byTier = new Map<number, number>();
  for (const { index, role, tier: at } of attempts) {
    const isCheap = (role === "triage" || role === "shadow_triage") && at === tier;
    const isDeep = (role === "answer" || role === "shadow_answer") && at === deepTier;
    if (isCheap) byTier.set(tier, index);
    if (isDeep) byTier.set(deepTier, index);
  }
  return byTier;
}
