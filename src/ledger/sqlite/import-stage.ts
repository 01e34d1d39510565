import type { DatabaseSync } from "node:sqlite";
import { sleep } from "../../support/sleep.ts";
import type { ImportCount } from "../ledger.ts";
import { createCountGatherer } from "../records/count-gatherer.ts";
import type { CountGatherer } from "../records/count-gatherer.ts";
import { countEvidence } from "../records/evidence-counts.ts";
import { EVIDENCE_COLUMNS } from "../records/evidence-row.ts";
import { createRowReader } from "../records/row-reader.ts";
import { placeholders } from "../records/sql-value.ts";
import { EVIDENCE_COUNTS, createAddCounts } from "./add-counts.ts";
import { createApplyEvidence, ownTextOf, rowOf } from "./apply-evidence.ts";
import { encodeBody } from "./encode-body.ts";
import type { ImportBatch } from "./import-protocol.ts";
import { WAL_LIMIT_BYTES, openWritable } from "./open-database.ts";
import { createWalLimit } from "./wal-limit.ts";

/** Tries to get the write lock; between two of them others commit. */
const LOCK_TRIES = 60;
const LOCK_RETRY_MS = 100;

/** The move touches most pages of the indexes: with less, they are written and read many times. */
const CACHE_KIB = 256 * 1024;
const STAGE_CACHE_KIB = 64 * 1024;

const COLUMNS = [...EVIDENCE_COLUMNS, "own_outcomes"] as const;

/**
 * Where an import waits until it is whole: a temporary database of SQLite's own, which no one else
 * sees and which is gone with the connection, whichever way the process ends. Then one transaction
 * moves everything into the ledger.
 */
export interface ImportStage {
  add(batch: ImportBatch): void;
  /** Once, at the end. Waits for the write lock without holding up the thread for long. */
  move(): Promise<ImportCount>;
  close(): void;
}

/** @param nowMs epoch milliseconds; texts are purged by it */
export function openImportStage(path: string, nowMs: number): ImportStage {
  const database = openWritable(path);
  try {
    const stage = createStage(database);
    return {
      add: stage.add,
      move: async () => {
        // Checkpoints keep no one from writing, so they come after the lock is given back.
        database.exec("PRAGMA wal_autocheckpoint = 0");
        await takeLock(database);
        const added = moveStage(database, stage, nowMs);
        database.exec("PRAGMA wal_checkpoint(PASSIVE)");
        createWalLimit(database, path, WAL_LIMIT_BYTES)();
        return { added, known: stage.count() - added };
      },
      close: () => {
        database.close();
      },
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

interface Stage {
  add(batch: ImportBatch): void;
  count(): number;
  /** What all staged items would add to the roll-up. */
  readonly counts: CountGatherer;
}

function createStage(database: DatabaseSync): Stage {
  database.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
  database.exec("ATTACH '' AS stage");
  // Nobody ever needs an earlier state of it.
  database.exec("PRAGMA stage.journal_mode = OFF");
  database.exec(`PRAGMA stage.cache_size = -${STAGE_CACHE_KIB}`);
  database.exec(
    `CREATE TABLE stage.items (sequence INTEGER PRIMARY KEY, ${COLUMNS.join(", ")});` +
      "CREATE TABLE stage.texts (item_sequence INTEGER, part, encoding, content)",
  );
  const insertItem = database.prepare(
    `INSERT INTO stage.items (sequence, ${COLUMNS.join(", ")}) ` +
      `VALUES (?, ${placeholders(COLUMNS)})`,
  );
  const insertText = database.prepare("INSERT INTO stage.texts VALUES (?, ?, ?, ?)");
  const counts = createCountGatherer();
  let count = 0;
  return {
    counts,
    count: () => count,
    add: ({ rows, texts, content }) => {
      database.exec("BEGIN");
      const before = count;
      for (const row of rows) {
        count += 1;
        countEvidence(counts, row, 1);
        insertItem.run(count, ...row, ownTextOf(row));
      }
      let from = 0;
      for (const { item, part, byteLength } of texts) {
        const body = encodeBody(content.subarray(from, from + byteLength));
        insertText.run(before + item + 1, part, body.encoding, body.content);
        from += byteLength;
      }
      database.exec("COMMIT");
    },
  };
}

/** Waits without holding up this thread for long. */
async function takeLock(database: DatabaseSync): Promise<void> {
  for (let left = LOCK_TRIES; ; left -= 1) {
    try {
      database.exec("BEGIN IMMEDIATE");
      return;
    } catch (error) {
      if (left === 0) throw error;
      await sleep(LOCK_RETRY_MS);
    }
  }
}

/** Inside an open transaction, which it ends. @returns how many items were added */
function moveStage(database: DatabaseSync, stage: Stage, nowMs: number): number {
  try {
    const base = readNumber(database, "SELECT ifnull(max(sequence), 0) AS value FROM evidence");
    const moved = database
      .prepare(
        `INSERT INTO evidence (sequence, ${COLUMNS.join(", ")}) ` +
          `SELECT sequence + ?, ${COLUMNS.join(", ")} FROM stage.items WHERE true ` +
          "ORDER BY sequence ON CONFLICT (item_id, tier) DO NOTHING",
      )
      .run(base);
    const added = Number(moved.changes);
    if (added > 0) {
      moveTexts(database, base, nowMs);
      if (added < stage.count()) forgetKnown(database, stage.counts, base);
      createAddCounts(database, EVIDENCE_COUNTS)(stage.counts);
      foldEarlierGrades(database, base);
    }
    database.exec("COMMIT");
    return added;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function moveTexts(database: DatabaseSync, base: number, nowMs: number): void {
  database
    .prepare(
      "INSERT INTO bodies (request_id, part, stored_at_ms, encoding, content) " +
        "SELECT item_id, part, ?, encoding, content FROM stage.texts " +
        "JOIN evidence ON evidence.sequence = item_sequence + ? WHERE true " +
        "ON CONFLICT (request_id, part) DO NOTHING",
    )
    .run(nowMs, base);
}

/** Items that were there already, or came twice, add nothing to the roll-up. */
function forgetKnown(database: DatabaseSync, counts: CountGatherer, base: number): void {
  const known = database.prepare(
    `SELECT ${EVIDENCE_COLUMNS.join(", ")} FROM stage.items WHERE NOT EXISTS ` +
      "(SELECT 1 FROM evidence WHERE evidence.sequence = items.sequence + ?)",
  );
  for (const row of known.iterate(base)) countEvidence(counts, rowOf(row), -1);
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
