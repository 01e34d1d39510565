import type { RequestRecord, ShadowPair } from "../../cascade/receipt.ts";
import type { Page, RequestFilter } from "../ledger.ts";
import { PAIR_COLUMNS, rowToPair } from "../records/pair-row.ts";
import { REQUEST_COLUMNS, rowToRequest } from "../records/request-row.ts";
import type { Queries } from "./queries.ts";
import { readPage } from "./read-page.ts";
import type { PagedTable } from "./read-page.ts";

export const REQUESTS_TABLE: PagedTable = {
  name: "requests",
  columns: REQUEST_COLUMNS,
  timeColumn: "started_at_ms",
  idColumn: "id",
  idKind: "text",
  order: "started_at_ms",
};

export const PAIRS_TABLE: PagedTable = {
  name: "pairs",
  columns: PAIR_COLUMNS,
  timeColumn: "created_at_ms",
  idColumn: "request_id",
  idKind: "text",
  order: "created_at_ms",
};

const REQUEST = `SELECT ${REQUEST_COLUMNS.join(", ")} FROM requests WHERE id = ?`;
const PAIR = `SELECT ${PAIR_COLUMNS.join(", ")} FROM pairs WHERE request_id = ?`;

export function readRequest(queries: Queries, id: string): RequestRecord | null {
  const row = queries.one(REQUEST, [id]);
  return row === null ? null : rowToRequest(row);
}

export function readRequests(
  queries: Queries,
  filter: RequestFilter,
  limit: number,
  after: string | undefined,
): Page<RequestRecord> {
  const page = readPage(queries, REQUESTS_TABLE, filter, limit, after);
  return { rows: page.rows.map(rowToRequest), next: page.next };
}

export function readPair(queries: Queries, requestId: string): ShadowPair | null {
  const row = queries.one(PAIR, [requestId]);
  return row === null ? null : rowToPair(row);
}

export function readPairs(
  queries: Queries,
  filter: RequestFilter,
  limit: number,
  after: string | undefined,
): Page<ShadowPair> {
  const page = readPage(queries, PAIRS_TABLE, filter, limit, after);
  return { rows: page.rows.map(rowToPair), next: page.next };
}
