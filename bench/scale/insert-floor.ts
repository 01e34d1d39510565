import {
  EVIDENCE_COLUMNS,
  rowToEvidence,
  evidenceToRow,
} from "../../src/ledger/records/evidence-row.ts";
import type { SqlRow } from "../../src/ledger/records/sql-value.ts";
import { placeholders } from "../../src/ledger/records/sql-value.ts";
import {
  openReadOnly,
  ensureLedgerFile,
  openWritable,
} from "../../src/ledger/sqlite/open-database.ts";
import { migrate } from "../../src/ledger/sqlite/migrate.ts";

/** What the writer of an import has, so that the floor has no less. */
const CACHE_KIB = 256 * 1024;

/**
 * The bare floor of an import: the rows that one made, held in memory, put into an empty ledger with
 * all its indexes, by a prepared statement in one transaction. Nothing is read, parsed or counted.
 *
 * @param from a ledger that the rows were imported into
 * @returns rows a second
 */
export function insertFloor(from: string, to: string): number {
  const source = openReadOnly(from);
  const rows = source
    .prepare("SELECT * FROM evidence ORDER BY sequence")
    .all()
    .map((row): SqlRow => evidenceToRow(rowToEvidence(row)));
  source.close();
  ensureLedgerFile(to);
  const database = openWritable(to);
  migrate(database);
  database.exec(`PRAGMA cache_size = -${String(CACHE_KIB)}`);
  const insert = database.prepare(
    `INSERT INTO evidence (${EVIDENCE_COLUMNS.join(", ")}) VALUES (${placeholders(EVIDENCE_COLUMNS)})`,
  );
  const startedMs = performance.now();
  database.exec("BEGIN IMMEDIATE");
  for (const row of rows) insert.run(...row);
  database.exec("COMMIT");
  const seconds = (performance.now() - startedMs) / 1_000;
  database.close();
  return rows.length / seconds;
}
