import type { RequestRecord, ShadowPair } from "../cascade/receipt.ts";
import type { Ledger, RequestFilter } from "../ledger/ledger.ts";
import { exportedBody } from "./exported-body.ts";
import type { ExportedBody } from "./rows/evidence-row.ts";

/** One request with everything the ledger has of it. */
export interface ExportedRequest extends RequestRecord {
  /** Null when there is none. */
  readonly pair: ShadowPair | null;
  /** Stored texts by part; null when they were not asked for. */
  readonly bodies: Readonly<Record<string, ExportedBody>> | null;
}

export interface ExportOptions {
  readonly filter: RequestFilter;
  readonly withBodies: boolean;
}

/** Requests read at one time: memory holds no more than these. */
const PAGE_ROWS = 200;

type Source = Pick<Ledger, "requests" | "pair" | "body">;

/** Pages of requests, newest first. Reads the next page only when it is asked for. */
export async function* exportRequests(
  ledger: Source,
  { filter, withBodies }: ExportOptions,
): AsyncGenerator<readonly ExportedRequest[]> {
  let after: string | undefined;
  do {
    const page = await ledger.requests(filter, PAGE_ROWS, after);
    const exported: ExportedRequest[] = [];
    for (const record of page.rows) {
      const pair = record.route === null ? null : await ledger.pair(record.id);
      const bodies = withBodies ? await bodiesOf(ledger, record) : null;
      exported.push({ ...record, pair, bodies });
    }
    yield exported;
    after = page.next ?? undefined;
  } while (after !== undefined);
}

async function bodiesOf(
  ledger: Source,
  { id, attempts }: RequestRecord,
): Promise<Record<string, ExportedBody>> {
  const parts = ["request", ...attempts.map(({ index }) => `answer:${index}`)];
  const bodies: Record<string, ExportedBody> = {};
  for (const part of parts) {
    const bytes = await ledger.body(id, part);
    if (bytes !== null) bodies[part] = exportedBody(bytes);
  }
  return bodies;
}
