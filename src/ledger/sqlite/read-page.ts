import { LeadsmanError } from "../../support/leadsman-error.ts";
import type { Page, RequestFilter } from "../ledger.ts";
import type { StoredRow } from "../records/row-reader.ts";
import type { SqlValue } from "../records/sql-value.ts";
import type { Queries } from "./queries.ts";

const PAGE_LIMIT = 1_000;

/** What differs between the tables that are read in pages. */
export interface PagedTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly timeColumn: string;
  readonly idColumn: string;
}

/**
 * Rows of one page, newest first. A page goes on after a key (time and id), not after a count, so
 * rows that come in meanwhile neither shift nor repeat it.
 *
 * @throws LeadsmanError `invalid_page` for a limit outside 1–1000 or a cursor that is none
 */
export function readPage(
  queries: Queries,
  table: PagedTable,
  filter: RequestFilter,
  limit: number,
  after: string | undefined,
): Page<StoredRow> {
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_LIMIT) {
    throw invalidPage(`limit must be 1 to ${PAGE_LIMIT}, got ${limit}`);
  }
  const { sql, values } = pageQuery(table, filter, after);
  const found = queries.all(sql, [...values, limit + 1]);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, next: found.length > limit && last ? cursorOf(table, last) : null };
}

/** The statement behind a page; its last parameter is the limit. */
export function pageQuery(
  table: PagedTable,
  filter: RequestFilter,
  after: string | undefined,
): { readonly sql: string; readonly values: readonly SqlValue[] } {
  const { timeColumn, idColumn } = table;
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  const where = (condition: string, ...parameters: readonly SqlValue[]): void => {
    conditions.push(condition);
    values.push(...parameters);
  };
  if (filter.route !== undefined) where("route = ?", filter.route);
  if (filter.fromMs !== undefined) where(`${timeColumn} >= ?`, filter.fromMs);
  if (filter.toMs !== undefined) where(`${timeColumn} < ?`, filter.toMs);
  if (after !== undefined) where(`(${timeColumn}, ${idColumn}) < (?, ?)`, ...readCursor(after));
  const sql =
    `SELECT ${table.columns.join(", ")} FROM ${table.name} ` +
    (conditions.length > 0 ? `WHERE ${conditions.join(" AND ")} ` : "") +
    `ORDER BY ${timeColumn} DESC, ${idColumn} DESC LIMIT ?`;
  return { sql, values };
}

function cursorOf(table: PagedTable, row: StoredRow): string {
  return `${String(row[table.timeColumn])}:${String(row[table.idColumn])}`;
}

function readCursor(cursor: string): readonly [number, string] {
  const colon = cursor.indexOf(":");
  const timeMs = Number(cursor.slice(0, Math.max(colon, 0)) || Number.NaN);
  if (Number.isNaN(timeMs)) throw invalidPage(`cursor ${JSON.stringify(cursor)} is none of ours`);
  return [timeMs, cursor.slice(colon + 1)];
}

function invalidPage(why: string): LeadsmanError {
  return new LeadsmanError("invalid_page", `Cannot read page: ${why}.`);
}
