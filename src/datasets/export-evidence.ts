import type { Evidence } from "../ledger/records/evidence.ts";
import type { Ledger, RequestFilter } from "../ledger/ledger.ts";
import { exportedBody } from "./exported-body.ts";
import type { ExportedBody, ExportedEvidence } from "./rows/evidence-row.ts";

/** Items read at one time: memory holds no more than these. */
const PAGE_ROWS = 500;

/** Pages of evidence, newest first. Reads the next page only when it is asked for. */
export async function* exportEvidence(
  ledger: Pick<Ledger, "evidence" | "request" | "body">,
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

async function bodiesOf(
  ledger: Pick<Ledger, "request" | "body">,
  evidence: Evidence,
): Promise<Record<string, ExportedBody>> {
  const bodies: Record<string, ExportedBody> = {};
  for (const part of await partsOf(ledger, evidence)) {
    const bytes = await ledger.body(evidence.itemId, part);
    if (bytes !== null) bodies[part] = exportedBody(bytes);
  }
  return bodies;
}

/** Answers of traffic are named after attempts, those of a data set after tiers. */
async function partsOf(
  ledger: Pick<Ledger, "request">,
  { itemId, tier, deepTier }: Evidence,
): Promise<readonly string[]> {
  const attempts = (await ledger.request(itemId))?.attempts ?? [];
  const answers = new Set([tier, deepTier, ...attempts.map(({ index }) => index)]);
  return ["request", ...[...answers].map((index) => `answer:${index}`), "ideal"];
}
