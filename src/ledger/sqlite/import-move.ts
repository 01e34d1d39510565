import { statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { sleep } from "../../support/sleep.ts";
import { createCountGatherer } from "../records/count-gatherer.ts";
import type { CountGatherer } from "../records/count-gatherer.ts";
import { countEvidence } from "../records/evidence-counts.ts";
import { EVIDENCE_COLUMNS } from "../records/evidence-row.ts";
import { createRowReader } from "../records/row-reader.ts";
import { EVIDENCE_COUNTS, createAddCounts } from "./add-counts.ts";
import { createApplyEvidence, rowOf } from "./apply-evidence.ts";
import { WAL_LIMIT_BYTES } from "./open-database.ts";
import { createWalLimit } from "./wal-limit.ts";

/** Columns of table `items` of a stage; their values are what table `evidence` gets. */
export const STAGE_COLUMNS: readonly string[] = [...EVIDENCE_COLUMNS, "own_outcomes"];

/** Tries to get the write lock; between two of them others commit. */
const LOCK_TRIES = 60;
const LOCK_RETRY_MS = 100;

/** The move touches most pages of the indexes: with less, they are written and read many times. */
const CACHE_KIB = 256 * 1024;

/**
 * Between two chunks where others write: SQLite lets who waits for the lock look again after at most
 * 25 ms, for the first eighth of a second that they wait.
 */
const PAUSE_MS = 30;

/** Staged items that are moved in one transaction. */
export interface ImportChunk {
  readonly firstItem: number;
  readonly lastItem: number;
  readonly firstText: number;
  /** Before the first where the items have no texts. */
  readonly lastText: number;
  /** What its items would add to the roll-up; null = to be counted. */
  readonly counts: CountGatherer | null;
}

/**
 * Moves the chunks of the attached database `stage` into the ledger, each in a transaction with what
 * it adds to the roll-up. Those that were moved before are found to be there and add nothing.
 *
 * @param nowMs epoch milliseconds; texts are purged by it
 * @param hasOtherWriters whether to make room for them
 * @returns how many items were added
 */
export async function moveChunks(
  database: DatabaseSync,
  path: string,
  chunks: readonly ImportChunk[],
  nowMs: number,
  hasOtherWriters: () => boolean,
): Promise<number> {
  database.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
  database.exec("PRAGMA wal_autocheckpoint = 0");
  const limitWal = createWalLimit(database, path, WAL_LIMIT_BYTES);
  const walBytes = (): number => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  let added = 0;
  for (const chunk of chunks) {
    await takeLock(database, "BEGIN IMMEDIATE");
    added += moveChunk(database, chunk, nowMs);
    const isLast = chunk === chunks.at(-1);
    if (isLast || walBytes() > WAL_LIMIT_BYTES) {
      // This one keeps no one from writing, and leaves little to do for one that does.
      database.exec("PRAGMA wal_checkpoint(PASSIVE)");
      limitWal();
    }
    if (!isLast && hasOtherWriters()) await sleep(PAUSE_MS);
  }
  return added;
}

/** @returns tells whether another connection has written since this was called */
export function watchOtherWriters(database: DatabaseSync): () => boolean {
  const versionNow = (): unknown => database.prepare("PRAGMA data_version").get()?.["data_version"];
  const version = versionNow();
  return () => versionNow() !== version;
}

/** Begins a transaction that writes. Waits without holding up this thread for long. */
export async function takeLock(
  database: DatabaseSync,
  begin: "BEGIN IMMEDIATE" | "BEGIN EXCLUSIVE",
): Promise<void> {
  for (let left = LOCK_TRIES; ; left -= 1) {
    try {
      database.exec(begin);
      return;
    } catch (error) {
      if (left === 0) throw error;
      await sleep(LOCK_RETRY_MS);
    }
  }
}

/** Inside an open transaction, which it ends. @returns how many items were added */
function moveChunk(database: DatabaseSync, chunk: ImportChunk, nowMs: number): number {
  const { firstItem, lastItem } = chunk;
  try {
    const base = readNumber(database, "SELECT ifnull(max(sequence), 0) AS value FROM evidence");
    // What is added to a staged item's number to get that of its evidence.
    const shift = base - firstItem + 1;
    const moved = database
      .prepare(
        `INSERT INTO evidence (sequence, ${STAGE_COLUMNS.join(", ")}) ` +
          `SELECT sequence + ?, ${STAGE_COLUMNS.join(", ")} FROM stage.items ` +
          "WHERE sequence BETWEEN ? AND ? ORDER BY sequence " +
          "ON CONFLICT (item_id, tier) DO NOTHING",
      )
      .run(shift, firstItem, lastItem);
    const added = Number(moved.changes);
    if (added > 0) {
      moveTexts(database, chunk, shift, nowMs);
      createAddCounts(database, EVIDENCE_COUNTS)(countsOf(database, chunk, shift, added));
      foldEarlierGrades(database, base);
    }
    database.exec("COMMIT");
    return added;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function moveTexts(
  database: DatabaseSync,
  { firstText, lastText }: ImportChunk,
  shift: number,
  nowMs: number,
): void {
  database
    .prepare(
      "INSERT INTO bodies (request_id, part, stored_at_ms, encoding, content) " +
        "SELECT item_id, part, ?, encoding, content FROM stage.texts " +
        "JOIN evidence ON evidence.sequence = item_sequence + ? " +
        "WHERE texts.sequence BETWEEN ? AND ? ON CONFLICT (request_id, part) DO NOTHING",
    )
    .run(nowMs, shift, firstText, lastText);
}

/** Items that were there already, or came twice, add nothing to the roll-up. */
function countsOf(
  database: DatabaseSync,
  chunk: ImportChunk,
  shift: number,
  added: number,
): CountGatherer {
  const { firstItem, lastItem } = chunk;
  const isCounted = chunk.counts !== null;
  const counts = chunk.counts ?? createCountGatherer();
  if (isCounted && added === lastItem - firstItem + 1) return counts;
  const rows = database.prepare(
    `SELECT ${EVIDENCE_COLUMNS.join(", ")} FROM stage.items WHERE sequence BETWEEN ? AND ? AND ` +
      `${isCounted ? "NOT " : ""}EXISTS ` +
      "(SELECT 1 FROM evidence WHERE evidence.sequence = items.sequence + ?)",
  );
  for (const row of rows.iterate(firstItem, lastItem, shift)) {
    countEvidence(counts, rowOf(row), isCounted ? -1 : 1);
  }
  return counts;
}

/** Another tier of an item may have been graded, and with it the deep answer of both. */
function foldEarlierGrades(database: DatabaseSync, base: number): void {
  const counts = createCountGatherer();
  const evidence = createApplyEvidence(database);
  if (readNumber(database, "SELECT count(*) AS value FROM (SELECT 1 FROM grades LIMIT 1)") === 0) {
    return;
  }
  const graded = database.prepare(
    "SELECT DISTINCT item_id FROM evidence WHERE sequence > ? AND EXISTS " +
      "(SELECT 1 FROM grades WHERE grades.item_id = evidence.item_id)",
  );
  for (const row of graded.all(base)) {
    evidence.refold(createRowReader(row).text("item_id"), counts);
  }
  createAddCounts(database, EVIDENCE_COUNTS)(counts);
}

function readNumber(database: DatabaseSync, sql: string): number {
  return createRowReader(database.prepare(sql).get() ?? {}).number("value");
}
