import { closeSync, openSync, rmSync } from "node:fs";
import { backup } from "node:sqlite";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { openReadOnly } from "./open-database.ts";

/** Pages per step; a step runs on Node's thread pool and lasts about a millisecond. */
const PAGES_PER_STEP = 500;

/**
 * Copies a file that is in use. The copy shows one moment: a read transaction is held open on a
 * connection of its own, so writers go on and the copy never has to start over.
 *
 * @throws LeadsmanError `backup_failed`, also when the target exists
 */
export async function backupDatabase(from: string, to: string): Promise<void> {
  try {
    closeSync(openSync(to, "wx", 0o600));
  } catch (cause) {
    throw backupFailed(to, cause);
  }
  const source = openReadOnly(from);
  try {
    source.exec("BEGIN");
    // A transaction begins to read, and so to hold its moment, with its first query.
    source.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get();
    await backup(source, to, { rate: PAGES_PER_STEP });
  } catch (cause) {
    rmSync(to, { force: true });
    throw backupFailed(to, cause);
  } finally {
    source.close();
  }
}

function backupFailed(path: string, cause: unknown): LeadsmanError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LeadsmanError("backup_failed", `Cannot write backup ${path}: ${why}`, { cause });
}
