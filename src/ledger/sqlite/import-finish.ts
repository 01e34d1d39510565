import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { createRowReader } from "../records/row-reader.ts";
import { moveChunks, takeLock, watchOtherWriters } from "./import-move.ts";
import type { ImportChunk } from "./import-move.ts";
import { WHOLE } from "./import-stage.ts";
import { openWritable } from "./open-database.ts";

/** Where an import of a ledger is staged. */
export function importStagePath(path: string, importId: string): string {
  return `${path}${STAGE_INFIX}${importId}`;
}

const STAGE_INFIX = "-import-";

/**
 * Brings imports to an end whose process died: what was whole is moved into the ledger, what was not
 * is deleted. Those that are under way, in whichever process, are left alone.
 *
 * @throws LeadsmanError `ledger_open_failed`
 */
export async function finishImports(path: string): Promise<void> {
  const prefix = `${basename(path)}${STAGE_INFIX}`;
  for (const name of readdirSync(dirname(path))) {
    if (name.startsWith(prefix)) await finishImport(path, join(dirname(path), name));
  }
}

async function finishImport(path: string, stagePath: string): Promise<void> {
  const database = openWritable(path);
  try {
    const state = attachStage(database, stagePath);
    if (state === "under_way") return;
    if (state === "whole") await moveOnce(database, path, stagePath);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LeadsmanError(
      "ledger_open_failed",
      `Cannot open ledger ${path}: an import that was killed could not be finished from ` +
        `${stagePath}: ${why}`,
      { cause },
    );
  } finally {
    database.close();
  }
  rmSync(stagePath, { force: true });
}

function attachStage(
  database: DatabaseSync,
  stagePath: string,
): "under_way" | "whole" | "broken_off" {
  // Its process holds the lock of the file as long as it lives.
  database.exec("PRAGMA busy_timeout = 0");
  try {
    database.prepare("ATTACH ? AS stage").run(stagePath);
    const row = database.prepare("PRAGMA stage.user_version").get();
    return row?.["user_version"] === WHOLE ? "whole" : "broken_off";
  } catch (error) {
    // The mark comes after everything else, so what cannot be read has none.
    return isBusy(error) ? "under_way" : "broken_off";
  }
}

/** Only one process does it at a time; the next one finds nothing left to add, or no file. */
async function moveOnce(database: DatabaseSync, path: string, stagePath: string): Promise<void> {
  await takeLock(database, "BEGIN EXCLUSIVE");
  // The lock of the stage outlives the transaction.
  database.exec("PRAGMA stage.locking_mode = EXCLUSIVE; COMMIT");
  if (existsSync(stagePath)) await moveWhole(database, path);
}

async function moveWhole(database: DatabaseSync, path: string): Promise<void> {
  const hasOtherWriters = watchOtherWriters(database);
  for (const row of database.prepare("SELECT * FROM stage.chunks ORDER BY first_item").all()) {
    const read = createRowReader(row);
    const chunk: ImportChunk = {
      firstItem: read.number("first_item"),
      lastItem: read.number("last_item"),
      firstText: read.number("first_text"),
      lastText: read.number("last_text"),
      counts: null,
    };
    await moveChunks(database, path, [chunk], read.number("stored_at_ms"), hasOtherWriters);
  }
}

/** SQLITE_BUSY, as `node:sqlite` tells it. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === BUSY;
}

const BUSY = 5;
