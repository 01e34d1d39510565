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
  /** Tells rows apart that are equal in what they are ordered by. */
  readonly idColumn: string;
  readonly idKind: "text" | "number";
  /** What pages are ordered by, the highest first: a number, never null. */
  readonly order: string;
}

/** A condition on the rows, and the values of its parameters. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
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
  more: readonly Condition[] = [],
): Page<StoredRow> {
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_LIMIT) {
    throw invalidPage(`limit must be 1 to ${PAGE_LIMIT}, got ${limit}`);
  }
  const { sql, values } = pageQuery(table, filter, after, more);
  const found = queries.all(sql, [...values, limit + 1]);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, next: found.length > limit && last ? cursorOf(last) : null };
}

/** The statement behind a page; its last parameter is the limit. */
export function pageQuery(
  table: PagedTable,
  filter: RequestFilter,
  after: string | undefined,
  more: readonly Condition[] = [],
): { readonly sql: string; readonly values: readonly SqlValue[] } {
  const { timeColumn, idColumn, order } = table;
  const conditions: Condition[] = [];
  const where = (sql: string, ...values: readonly SqlValue[]): void => {
    conditions.push({ sql, values });
  };
  if (filter.route !== undefined) where("route = ?", filter.route);
  if (filter.fromMs !== undefined) where(`${timeColumn} >= ?`, filter.fromMs);
  if (filter.toMs !== undefined) where(`${timeColumn} < ?`, filter.toMs);
  if (after !== undefined) where(`(${order}, ${idColumn}) < (?, ?)`, ...readCursor(table, after));
  conditions.push(...more);
  const sql =
    `SELECT ${table.columns.join(", ")}, ${order} AS cursor_order, ${idColumn} AS cursor_id ` +
    `FROM ${table.name} ` +
    (conditions.length > 0 ? `WHERE ${conditions.map((one) => one.sql).join(" AND ")} ` : "") +
    `ORDER BY ${order} DESC, ${idColumn} DESC LIMIT ?`;
  return { sql, values: conditions.flatMap((one) => one.values) };
}

function cursorOf(row: StoredRow): string {
  return `${String(row["cursor_order"])}:${String(row["cursor_id"])}`;
}

function readCursor(table: PagedTable, cursor: string): readonly [number, SqlValue] {
  const colon = cursor.indexOf(":");
  const order = Number(cursor.slice(0, Math.max(colon, 0)) || Number.NaN);
  const text = cursor.slice(colon + 1);
  const id = table.idKind === "number" ? Number(text || Number.NaN) : text;
  if (Number.isNaN(order) || Number.isNaN(id)) {
    throw invalidPage(`cursor ${JSON.stringify(cursor)} is none of ours`);
  }
  return [order, id];
}

function invalidPage(why: string): LeadsmanError {
  return new LeadsmanError("invalid_page", `Cannot read page: ${why}.`);
}
