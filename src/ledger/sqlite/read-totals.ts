import type { RequestFilter } from "../ledger.ts";
import type { BackgroundSpend, TotalsRow, TrafficSum } from "../records/traffic-sum.ts";
import { createRowReader } from "../records/row-reader.ts";
import {
  DAY_MS,
  HOUR_MS,
  TOTALS_KEY_COLUMNS,
  TOTALS_SUM_COLUMNS,
  TOTALS_WORD_COLUMNS,
  dayOf,
  hourOf,
  rowToTotals,
  rowToTrafficSum,
} from "../records/totals.ts";
import type { Queries } from "./queries.ts";
import { whereOf } from "./where-of.ts";

const COLUMNS = [...TOTALS_KEY_COLUMNS, ...TOTALS_SUM_COLUMNS].join(", ");
const WORDS = TOTALS_WORD_COLUMNS.join(", ");
const SUMS = summed(TOTALS_SUM_COLUMNS);

/** Oldest hour first. An hour counts when any part of it is in the filter's time. */
export function readTotals(queries: Queries, filter: RequestFilter): readonly TotalsRow[] {
  const { where, values } = whereOf(filter, "hour_ms", hourOf);
  return queries
    .all(`SELECT ${COLUMNS} FROM hourly_totals ${where}ORDER BY hour_ms, rowid`, values)
    .map(rowToTotals);
}

/** The same over the whole time. */
export function readTrafficSums(queries: Queries, filter: RequestFilter): readonly TrafficSum[] {
  const { sql, values } = sumsBetween([...TOTALS_WORD_COLUMNS, ...TOTALS_SUM_COLUMNS], filter);
  return queries
    .all(`SELECT ${WORDS}, ${SUMS} FROM (${sql}) GROUP BY ${WORDS}`, values)
    .map(rowToTrafficSum);
}

/** From the start of the hour that `sinceMs` is in: a cap may err on the safe side only. */
export function readBackgroundSpend(
  queries: Queries,
  route: string,
  sinceMs: number,
  whose: "all" | "judge" = "all",
): BackgroundSpend {
  const kind = whose === "all" ? "background" : "judge";
  const columns = [`${kind}_cost_nano_usd`, `${kind}_unpriced_attempts`];
  const { sql, values } = sumsBetween(columns, { fromMs: sinceMs, route });
  const row = queries.one(`SELECT ${summed(columns)} FROM (${sql})`, values);
  const read = createRowReader(row ?? {});
  return {
    costNanoUsd: read.moneyOrNull(`${kind}_cost_nano_usd`) ?? 0n,
    unpricedAttempts: read.numberOrNull(`${kind}_unpriced_attempts`) ?? 0,
  };
}

function summed(columns: readonly string[]): string {
  return columns.map((column) => `sum(${column}) AS ${column}`).join(", ");
}

/** Rows that add up to a time: of its whole days the daily ones, of what is left the hourly ones. */
function sumsBetween(
  columns: readonly string[],
  filter: RequestFilter,
): { readonly sql: string; readonly values: readonly (string | number)[] } {
  const parts = partsOf(filter).map(({ table, column, ...part }) => {
    const { where, values } = whereOf({ ...filter, ...part }, column);
    return { sql: `SELECT ${columns.join(", ")} FROM ${table} ${where}`, values };
  });
  return {
    sql: parts.map(({ sql }) => sql).join(" UNION ALL "),
    values: parts.flatMap(({ values }) => values),
  };
}

/** The last moment that a date can have. */
const END_OF_TIME_MS = 8.64e15;

interface TimePart {
  readonly table: "hourly_totals" | "daily_totals";
  readonly column: "hour_ms" | "day_ms";
  readonly fromMs: number;
  readonly toMs: number;
}

/** Without gaps and overlaps; empty ones are left out, but never all. */
function partsOf({ fromMs = 0, toMs = END_OF_TIME_MS }: RequestFilter): readonly TimePart[] {
  const startMs = hourOf(fromMs);
  const endMs = Math.ceil(toMs / HOUR_MS) * HOUR_MS;
  const firstDayMs = Math.ceil(startMs / DAY_MS) * DAY_MS;
  const lastDayMs = dayOf(endMs);
  const hours = (from: number, to: number): TimePart => ({
    ...{ table: "hourly_totals", column: "hour_ms", fromMs: from, toMs: to },
  });
  if (firstDayMs >= lastDayMs) return [hours(startMs, endMs)];
  return [
    hours(startMs, firstDayMs),
    { table: "daily_totals", column: "day_ms", fromMs: firstDayMs, toMs: lastDayMs } as const,
    hours(lastDayMs, endMs),
  ].filter((part) => part.fromMs < part.toMs);
}
