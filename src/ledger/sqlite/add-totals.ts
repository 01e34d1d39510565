import type { DatabaseSync } from "node:sqlite";
import { placeholders } from "../records/sql-value.ts";
import { TOTALS_KEY_COLUMNS, TOTALS_SUM_COLUMNS, sumsToRow } from "../records/totals.ts";
import type { TotalsGatherer } from "../records/totals.ts";

/** Adds what a batch gathered to the hourly totals, inside the batch's transaction. */
export type AddTotals = (totals: TotalsGatherer) => void;

/** An update and, where no row was, an insert: the words of a key may be null, which is no conflict. */
export function createAddTotals(database: DatabaseSync): AddTotals {
  const columns = [...TOTALS_SUM_COLUMNS, ...TOTALS_KEY_COLUMNS];
  const update = database.prepare(
    `UPDATE hourly_totals SET ${TOTALS_SUM_COLUMNS.map((sum) => `${sum} = ${sum} + ?`).join(", ")} ` +
      `WHERE ${TOTALS_KEY_COLUMNS.map((word) => `${word} IS ?`).join(" AND ")}`,
  );
  const insert = database.prepare(
    `INSERT INTO hourly_totals (${columns.join(", ")}) VALUES (${placeholders(columns)})`,
  );
  return (totals) => {
    for (const { key, sums } of totals.entries()) {
      const row = [...sumsToRow(sums), ...key];
      if (update.run(...row).changes === 0) insert.run(...row);
    }
  };
}
