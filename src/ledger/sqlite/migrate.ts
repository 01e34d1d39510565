import type { DatabaseSync } from "node:sqlite";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import type { Migration } from "./migrations/migration.ts";
import { MIGRATIONS } from "./migrations/migrations.ts";

/** Marks the file as ours; the letters `LEAD`. */
const APPLICATION_ID = 0x4c454144;

/**
 * Brings the schema of an open file up to date, each step in a transaction of its own. Two processes
 * may do this at once: the second waits for the first and finds nothing left to do.
 *
 * @throws LeadsmanError `ledger_newer` when a later release wrote the file, `ledger_foreign` when
 * the file is some other program's database
 */
export function migrate(
  database: DatabaseSync,
  migrations: readonly Migration[] = MIGRATIONS,
): void {
  const known = migrations.length;
  const found = pragma(database, "user_version");
  if (pragma(database, "application_id") !== APPLICATION_ID && !isEmpty(database)) {
    throw new LeadsmanError(
      "ledger_foreign",
      "Cannot open ledger: wanted a file made by Leadsman, found another program's database.",
    );
  }
  if (found > known) {
    throw new LeadsmanError(
      "ledger_newer",
      `Cannot open ledger: it was written by a newer version of Leadsman ` +
        `(schema ${found}, this version knows up to ${known}).`,
    );
  }
  for (const migration of migrations) {
    if (migration.version > found) applyStep(database, migration);
  }
}

function applyStep(database: DatabaseSync, migration: Migration): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    // Asked again under the lock: another process may have done this step meanwhile.
    if (pragma(database, "user_version") < migration.version) {
      database.exec(migration.sql);
      migration.fill?.(database);
      database.exec(`PRAGMA user_version = ${migration.version}`);
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    }
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function isEmpty(database: DatabaseSync): boolean {
  return database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined;
}

function pragma(database: DatabaseSync, name: "user_version" | "application_id"): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
