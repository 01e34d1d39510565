import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { LeadsmanError } from "../../support/leadsman-error.ts";

/**
 * Below this, two connections that checkpoint at once can corrupt a file in WAL mode
 * (https://www.sqlite.org/wal.html, "the WAL-reset bug").
 */
const SQLITE_FLOOR = [3, 51, 3] as const;

/** How long the writer waits for another process before it reports that it is locked out. */
const WRITER_BUSY_MS = 500;

/** Short, since readers wait on the main thread; in WAL mode they hardly ever have to. */
const READER_BUSY_MS = 100;

/** From here on the log beside the file is cut, see `createWalLimit`. */
export const WAL_LIMIT_BYTES: number = 64 * 1024 * 1024;

/**
 * 16 MiB: at SQLite's own 4 MiB a tenth of the writer's time went into checkpoints. In commits of the
 * ledger's writer there are none, see `createCheckpointer`.
 */
export const CHECKPOINT_PAGES = 4_000;

const WRITER_CACHE_KIB = 16 * 1024;

/** As SQLite tells the setting. */
const INCREMENTAL = 2;

/**
 * Makes the file if there is none, readable by its owner only, and its folder likewise. A file that is
 * there is not even opened: closing it again would drop the locks of every connection that this process
 * has to it (https://www.sqlite.org/howtocorrupt.html, 2.2).
 *
 * @throws LeadsmanError `ledger_open_failed`
 */
export function ensureLedgerFile(path: string): void {
  if (path === "" || path === ":memory:") {
    const found = JSON.stringify(path);
    throw new LeadsmanError(
      "ledger_open_failed",
      `Cannot open ledger: wanted a file, got ${found}.`,
    );
  }
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (!existsSync(path)) makeFile(path);
  } catch (error) {
    throw openFailed(path, error);
  }
}

function makeFile(path: string): void {
  try {
    closeSync(openSync(path, "ax", 0o600));
  } catch (error) {
    // Another process was faster.
    if (!existsSync(path)) throw error;
  }
}

/**
 * Opens a connection that writes. What is committed survives a killed process at once, since it is
 * with the operating system; a power cut may lose the commits since the last checkpoint, but never
 * damages the file (`synchronous = NORMAL`).
 */
export function openWritable(path: string): DatabaseSync {
  const database = open(path, { timeout: WRITER_BUSY_MS });
  try {
    // Takes effect only before the first table; lets purged bodies give their space back. Setting it
    // again would wait for whoever writes.
    const row = database.prepare("PRAGMA auto_vacuum").get();
    if (row?.["auto_vacuum"] !== INCREMENTAL) database.exec("PRAGMA auto_vacuum = INCREMENTAL");
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = NORMAL");
    database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    database.exec(`PRAGMA cache_size = -${WRITER_CACHE_KIB}`);
    database.exec(`PRAGMA journal_size_limit = ${WAL_LIMIT_BYTES}`);
    return database;
  } catch (error) {
    database.close();
    throw openFailed(path, error);
  }
}

/** Opens a connection that cannot write. The file must exist. */
export function openReadOnly(path: string): DatabaseSync {
  return open(path, { timeout: READER_BUSY_MS, readOnly: true });
}

/** @throws LeadsmanError `sqlite_too_old` */
export function requireSqliteVersion(version: string): void {
  const parts = version.split(".").map(Number);
  for (const [position, wanted] of SQLITE_FLOOR.entries()) {
    const found = parts[position] ?? 0;
    if (found > wanted) return;
    if (found === wanted) continue;
    throw new LeadsmanError(
      "sqlite_too_old",
      `Cannot open ledger: SQLite ${SQLITE_FLOOR.join(".")} or newer is needed ` +
        `(older ones can corrupt a shared file), this Node.js has ${version}.`,
    );
  }
}

function open(path: string, options: { timeout: number; readOnly?: boolean }): DatabaseSync {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, options);
    const row = database.prepare("SELECT sqlite_version() AS version").get();
    requireSqliteVersion(String(row?.["version"]));
    return database;
  } catch (error) {
    database?.close();
    throw error instanceof LeadsmanError ? error : openFailed(path, error);
  }
}

/** What is thrown when a file cannot be used as a ledger. */
export function openFailed(path: string, cause: unknown): LeadsmanError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LeadsmanError("ledger_open_failed", `Cannot open ledger ${path}: ${why}`, { cause });
}
