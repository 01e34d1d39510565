import type { Attempt, RequestRecord, ShadowPair } from "../../cascade/receipt.ts";
import type { Page, RequestFilter } from "../ledger.ts";
import { ATTEMPT_COLUMNS, rowToAttempt } from "../records/attempt-row.ts";
import { PAIR_COLUMNS, rowToPair } from "../records/pair-row.ts";
import { REQUEST_COLUMNS, rowToRequest } from "../records/request-row.ts";
import { createRowReader } from "../records/row-reader.ts";
import type { StoredRow } from "../records/row-reader.ts";
import type { Queries } from "./queries.ts";
import { readPage } from "./read-page.ts";
import type { PagedTable } from "./read-page.ts";

export const REQUESTS_TABLE: PagedTable = {
  name: "requests",
  columns: REQUEST_COLUMNS,
  timeColumn: "started_at_ms",
  idColumn: "id",
};

export const PAIRS_TABLE: PagedTable = {
  name: "pairs",
  columns: PAIR_COLUMNS,
  timeColumn: "created_at_ms",
  idColumn: "request_id",
};

const REQUEST = `SELECT ${REQUEST_COLUMNS.join(", ")} FROM requests WHERE id = ?`;
const PAIR = `SELECT ${PAIR_COLUMNS.join(", ")} FROM pairs WHERE request_id = ?`;
const ATTEMPTS =
  `SELECT ${ATTEMPT_COLUMNS.join(", ")} FROM attempts ` +
  "WHERE request_id = ? ORDER BY attempt_index";

export function readRequest(queries: Queries, id: string): RequestRecord | null {
  const row = queries.one(REQUEST, [id]);
  return row === null ? null : withAttempts(queries, row);
}

export function readRequests(
  queries: Queries,
  filter: RequestFilter,
  limit: number,
  after: string | undefined,
): Page<RequestRecord> {
  const page = readPage(queries, REQUESTS_TABLE, filter, limit, after);
  return { rows: page.rows.map((row) => withAttempts(queries, row)), next: page.next };
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

/** One query per request: within the process a lookup costs a few microseconds. */
function withAttempts(queries: Queries, row: StoredRow): RequestRecord {
  const id = createRowReader(row).text("id");
  const attempts: readonly Attempt[] = queries.all(ATTEMPTS, [id]).map(rowToAttempt);
  return rowToRequest(row, attempts);
}
