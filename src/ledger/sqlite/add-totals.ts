import type { DatabaseSync } from "node:sqlite";
import type { SqlRow } from "../records/sql-value.ts";
import { placeholders } from "../records/sql-value.ts";
import {
  DAILY_KEY_COLUMNS,
  TOTALS_KEY_COLUMNS,
  TOTALS_SUM_COLUMNS,
  dayOf,
  sumsToRow,
} from "../records/totals.ts";
import type { TotalsGatherer } from "../records/totals.ts";

/** Adds what a batch gathered to the hourly and the daily totals, inside the batch's transaction. */
export type AddTotals = (totals: TotalsGatherer) => void;

export function createAddTotals(database: DatabaseSync): AddTotals {
  const addToHour = createAddTo(database, "hourly_totals", TOTALS_KEY_COLUMNS);
  const addToDay = createAddTo(database, "daily_totals", DAILY_KEY_COLUMNS);
  return (totals) => {
    for (const { key, sums } of totals.entries()) {
      const added = sumsToRow(sums);
      const [hourMs, ...words] = key;
      addToHour(key, added);
      addToDay([dayOf(Number(hourMs)), ...words], added);
    }
  };
}

/** An update and, where no row was, an insert: the words of a key may be null, which is no conflict. */
function createAddTo(
  database: DatabaseSync,
  table: "hourly_totals" | "daily_totals",
  keyColumns: readonly string[],
): (key: SqlRow, added: SqlRow) => void {
  const columns = [...TOTALS_SUM_COLUMNS, ...keyColumns];
  const update = database.prepare(
    `UPDATE ${table} SET ${TOTALS_SUM_COLUMNS.map((sum) => `${sum} = ${sum} + ?`).join(", ")} ` +
      `WHERE ${keyColumns.map((word) => `${word} IS ?`).join(" AND ")}`,
  );
  const insert = database.prepare(
    `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${placeholders(columns)})`,
  );
  return (key, added) => {
    const row = [...added, ...key];
    if (update.run(...row).changes === 0) insert.run(...row);
  };
}
