import type { DatabaseSync } from "node:sqlite";
import type { CountGatherer, CountSums } from "../records/count-gatherer.ts";
import { EVIDENCE_COUNT_COLUMNS } from "../records/evidence-counts.ts";
import type { SqlRow } from "../records/sql-value.ts";
import { placeholders } from "../records/sql-value.ts";
import { TRIAGE_COUNT_COLUMNS } from "../records/triage-counts.ts";

/** A roll-up whose rows are named by day, route and key. */
export interface CountTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** Values of the columns after the key. */
  readonly sumsToRow: (sums: CountSums) => SqlRow;
}

export const EVIDENCE_COUNTS: CountTable = {
  name: "evidence_counts",
  columns: EVIDENCE_COUNT_COLUMNS,
  sumsToRow: (sums) => [
    sums.items,
    sums.pricedItems,
    sums.cheapCostNanoUsd.toString(),
    sums.deepCostNanoUsd.toString(),
  ],
};

export const TRIAGE_COUNTS: CountTable = {
  name: "triage_counts",
  columns: TRIAGE_COUNT_COLUMNS,
  sumsToRow: (sums) => [sums.items, sums.pricedItems, sums.cheapCostNanoUsd.toString()],
};

const KEY_WIDTH = 3;

/** Adds what a batch gathered to a roll-up, inside the batch's transaction. */
export type AddCounts = (counts: CountGatherer) => void;

/** A row that no item is left of goes, so that the roll-up is what a recount would give. */
export function createAddCounts(database: DatabaseSync, table: CountTable): AddCounts {
  const sums = table.columns.slice(KEY_WIDTH);
  const put = database.prepare(
    `INSERT INTO ${table.name} (${table.columns.join(", ")}) ` +
      `VALUES (${placeholders(table.columns)}) ON CONFLICT (day_ms, route, key) DO UPDATE SET ` +
      sums.map((sum) => `${sum} = ${sum} + excluded.${sum}`).join(", "),
  );
  const clear = database.prepare(
    `DELETE FROM ${table.name} WHERE day_ms = ? AND route = ? AND key = ? AND items = 0`,
  );
  return (counts) => {
    for (const { key, sums: added } of counts.entries()) {
      put.run(key.dayMs, key.route, key.text, ...table.sumsToRow(added));
      if (added.items <= 0) clear.run(key.dayMs, key.route, key.text);
    }
  };
}
