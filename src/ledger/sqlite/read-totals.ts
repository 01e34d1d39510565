import type { BackgroundSpend, RequestFilter, TotalsRow } from "../ledger.ts";
import { createRowReader } from "../records/row-reader.ts";
import { TOTALS_KEY_COLUMNS, TOTALS_SUM_COLUMNS, hourOf, rowToTotals } from "../records/totals.ts";
import type { Queries } from "./queries.ts";
import { whereOf } from "./where-of.ts";

const COLUMNS = [...TOTALS_KEY_COLUMNS, ...TOTALS_SUM_COLUMNS].join(", ");

/** Oldest hour first. An hour counts when any part of it is in the filter's time. */
export function readTotals(queries: Queries, filter: RequestFilter): readonly TotalsRow[] {
  const { where, values } = whereOf(filter, "hour_ms", hourOf);
  return queries
    .all(`SELECT ${COLUMNS} FROM hourly_totals ${where}ORDER BY hour_ms, rowid`, values)
    .map(rowToTotals);
}

/** From the start of the hour that `sinceMs` is in: a cap may err on the safe side only. */
export function readBackgroundSpend(
  queries: Queries,
  route: string,
  sinceMs: number,
  whose: "all" | "judge" = "all",
): BackgroundSpend {
  const columns = whose === "all" ? "background" : "judge";
  const row = queries.one(
    `SELECT sum(${columns}_cost_nano_usd) AS cost, ` +
      `sum(${columns}_unpriced_attempts) AS unpriced FROM hourly_totals ` +
      "WHERE hour_ms >= ? AND route = ?",
    [hourOf(sinceMs), route],
  );
  const read = createRowReader(row ?? {});
  return {
    costNanoUsd: read.moneyOrNull("cost") ?? 0n,
    unpricedAttempts: read.numberOrNull("unpriced") ?? 0,
  };
}
