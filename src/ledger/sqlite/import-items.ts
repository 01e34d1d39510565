import type { DatabaseSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { sleep } from "../../support/sleep.ts";
import type { ImportCount, ImportedItem } from "../ledger.ts";
import { createCountGatherer } from "../records/count-gatherer.ts";
import type { CountGatherer } from "../records/count-gatherer.ts";
import { countEvidence } from "../records/evidence-counts.ts";
import { EVIDENCE_COLUMNS, evidenceToRow } from "../records/evidence-row.ts";
import { createRowReader } from "../records/row-reader.ts";
import { placeholders } from "../records/sql-value.ts";
import { EVIDENCE_COUNTS, createAddCounts } from "./add-counts.ts";
import { createApplyEvidence, ownText, rowOf } from "./apply-evidence.ts";
import { encodeBody } from "./encode-body.ts";
import { WAL_LIMIT_BYTES, openWritable } from "./open-database.ts";
import { createWalLimit } from "./wal-limit.ts";

/** Tries to get the write lock; between two of them others commit. */
const LOCK_TRIES = 60;
const LOCK_RETRY_MS = 100;

/** The move touches most pages of the indexes: with less, they are written and read many times. */
const CACHE_KIB = 256 * 1024;

const COLUMNS = [...EVIDENCE_COLUMNS, "own_outcomes"] as const;

/**
 * Imports in two steps. Everything is first staged in a temporary database of SQLite's own, which
 * no one else sees and which is gone with the connection, whichever way the process ends. Then one
 * transaction moves it into the ledger. Both happen on the calling thread.
 *
 * @param nowMs epoch milliseconds; texts are purged by it
 * @throws LeadsmanError `ledger_failed`; what the source throws is passed on
 */
export async function importItems(
  path: string,
  nowMs: number,
  batches: AsyncIterable<readonly ImportedItem[]>,
): Promise<ImportCount> {
  const database = openWritable(path);
  try {
    const stage = guarded(() => createStage(database));
    for await (const items of batches) {
      guarded(() => {
        stage.add(items);
      });
      await nextTurn();
    }
    await takeLock(database);
    const added = guarded(() => moveStage(database, stage, nowMs));
    createWalLimit(database, path, WAL_LIMIT_BYTES)();
    return { added, known: stage.count() - added };
  } finally {
    database.close();
  }
}

interface Stage {
  add(items: readonly ImportedItem[]): void;
  count(): number;
  /** What all staged items would add to the roll-up. */
  readonly counts: CountGatherer;
}

function createStage(database: DatabaseSync): Stage {
  database.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
  database.exec("ATTACH '' AS stage");
  // Nobody ever needs an earlier state of it.
  database.exec("PRAGMA stage.journal_mode = OFF");
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
    add: (items) => {
      database.exec("BEGIN");
      for (const { evidence, bodies } of items) {
        count += 1;
        const row = evidenceToRow(evidence);
        countEvidence(counts, row, 1);
        insertItem.run(count, ...row, ownText(evidence));
        for (const { part, bytes } of bodies) {
          const { encoding, content } = encodeBody(bytes);
          insertText.run(count, part, encoding, content);
        }
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
      if (left === 0) throw importFailed(error);
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

function guarded<Value>(run: () => Value): Value {
  try {
    return run();
  } catch (error) {
    throw importFailed(error);
  }
}

function importFailed(cause: unknown): LeadsmanError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LeadsmanError("ledger_failed", `Cannot import items: ${why}`, { cause });
}
