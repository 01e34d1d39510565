import { closeSync, existsSync, openSync, rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import type { ImportCount } from "../ledger.ts";
import { createCountGatherer } from "../records/count-gatherer.ts";
import type { CountGatherer } from "../records/count-gatherer.ts";
import { countEvidence } from "../records/evidence-counts.ts";
import { placeholders } from "../records/sql-value.ts";
import { ownTextOf } from "./apply-evidence.ts";
import { encodeBody } from "./encode-body.ts";
import { STAGE_COLUMNS, moveChunks, watchOtherWriters } from "./import-move.ts";
import type { ImportChunk } from "./import-move.ts";
import type { ImportBatch } from "./import-protocol.ts";
import { openWritable } from "./open-database.ts";

/**
 * About what one chunk holds at most, so that moving it keeps others from writing for a fifth of a
 * second. With smaller ones the same pages of indexes are written again more often: with 5,000 items
 * the move takes twice as long.
 */
const CHUNK_ITEMS = 20_000;
const CHUNK_TEXT_BYTES = 32 * 1024 * 1024;
const CHUNK_TEXTS = 60_000;

const STAGE_CACHE_KIB = 64 * 1024;

/**
 * Where an import waits until it is whole: a database beside the ledger, which is then moved into it
 * in chunks, so that others can write in between. As long as its process lives it is locked; what a
 * dead one left is for `finishImports`.
 */
export interface ImportStage {
  add(batch: ImportBatch): void;
  /** Once, at the end. Waits for the write lock without holding up the thread for long. */
  move(): Promise<ImportCount>;
  /** Before it has begun to move, nothing stays of it. */
  close(): void;
}

/**
 * @param stagePath where nothing is yet
 * @param nowMs epoch milliseconds; texts are purged by it
 */
export function openImportStage(path: string, stagePath: string, nowMs: number): ImportStage {
  const database = openWritable(path);
  let isLeftover = false;
  try {
    const stage = createStage(database, stagePath);
    const hasOtherWriters = watchOtherWriters(database);
    return {
      add: stage.add,
      move: async () => {
        const chunks = stage.finish();
        // With one chunk the ledger's own transaction is all or nothing already.
        if (chunks.length > 1) {
          markWhole(database, chunks, nowMs);
          isLeftover = true;
        }
        const added = await moveChunks(database, path, chunks, nowMs, hasOtherWriters);
        isLeftover = false;
        return { added, known: stage.count() - added };
      },
      close: () => {
        database.close();
        if (!isLeftover) rmSync(stagePath, { force: true });
      },
    };
  } catch (error) {
    database.close();
    rmSync(stagePath, { force: true });
    throw error;
  }
}

interface Stage {
  add(batch: ImportBatch): void;
  count(): number;
  /** Commits what was added. */
  finish(): readonly ImportChunk[];
}

function createStage(database: DatabaseSync, stagePath: string): Stage {
  makeStageFile(database, stagePath);
  database.exec("BEGIN");
  const insertItem = database.prepare(
    `INSERT INTO stage.items (sequence, ${STAGE_COLUMNS.join(", ")}) ` +
      `VALUES (?, ${placeholders(STAGE_COLUMNS)})`,
  );
  const insertText = database.prepare("INSERT INTO stage.texts VALUES (?, ?, ?, ?, ?)");
  const chunks = createChunkCutter();
  let count = 0;
  let textCount = 0;
  return {
    count: () => count,
    finish: () => {
      database.exec("COMMIT");
      return chunks.all;
    },
    add: ({ rows, texts, content }) => {
      let next = 0;
      let from = 0;
      for (const [item, row] of rows.entries()) {
        count += 1;
        const counts = chunks.take(count, textCount);
        countEvidence(counts, row, 1);
        insertItem.run(count, ...row, ownTextOf(row));
        for (let text = texts[next]; text?.item === item; text = texts[next]) {
          const body = encodeBody(content.subarray(from, from + text.byteLength));
          textCount += 1;
          insertText.run(textCount, count, text.part, body.encoding, body.content);
          chunks.takeText(body.content.byteLength);
          from += text.byteLength;
          next += 1;
        }
      }
    },
  };
}

/** Makes the file and locks it for as long as the connection lives. */
function makeStageFile(database: DatabaseSync, stagePath: string): void {
  closeSync(openSync(stagePath, "wx", 0o600));
  database.prepare("ATTACH ? AS stage").run(stagePath);
  // Until it is whole nobody needs it after a crash.
  database.exec(
    "PRAGMA stage.locking_mode = EXCLUSIVE; PRAGMA stage.journal_mode = MEMORY; " +
      `PRAGMA stage.synchronous = OFF; PRAGMA stage.cache_size = -${STAGE_CACHE_KIB}`,
  );
  database.exec(
    `CREATE TABLE stage.items (sequence INTEGER PRIMARY KEY, ${STAGE_COLUMNS.join(", ")});` +
      "CREATE TABLE stage.texts " +
      "(sequence INTEGER PRIMARY KEY, item_sequence, part, encoding, content);" +
      "CREATE TABLE stage.chunks (first_item, last_item, first_text, last_text, stored_at_ms)",
  );
  // Between its making and its lock, somebody who cleans up may have taken it for a dead one's.
  if (!existsSync(stagePath)) {
    throw new LeadsmanError("ledger_failed", "the file that was to hold the import was deleted");
  }
}

/**
 * From here on the import is finished, whatever happens to this process. The mark comes after all
 * else is on disk, and is one page of the file, so that it is written or is not.
 */
function markWhole(database: DatabaseSync, chunks: readonly ImportChunk[], nowMs: number): void {
  const insert = database.prepare("INSERT INTO stage.chunks VALUES (?, ?, ?, ?, ?)");
  database.exec("PRAGMA stage.synchronous = FULL");
  database.exec("BEGIN");
  for (const { firstItem, lastItem, firstText, lastText } of chunks) {
    insert.run(firstItem, lastItem, firstText, lastText, nowMs);
  }
  database.exec("COMMIT");
  database.exec(`PRAGMA stage.user_version = ${WHOLE}`);
}

/** `user_version` of a stage that holds all of its import. */
export const WHOLE = 1;

interface ChunkCutter {
  readonly all: readonly ImportChunk[];
  /** @returns where the item, which begins a chunk when the last one is full, is counted */
  take(item: number, textsBefore: number): CountGatherer;
  /** A text of the latest item. */
  takeText(byteLength: number): void;
}

function createChunkCutter(): ChunkCutter {
  const all: (ImportChunk & { counts: CountGatherer; lastItem: number; lastText: number })[] = [];
  let textBytes = 0;
  return {
    all,
    take: (item, textsBefore) => {
      const last = all.at(-1);
      if (last !== undefined && !isFull(last, textBytes)) {
        last.lastItem = item;
        return last.counts;
      }
      const counts = createCountGatherer();
      const [firstItem, firstText] = [item, textsBefore + 1];
      all.push({ firstItem, lastItem: item, firstText, lastText: textsBefore, counts });
      textBytes = 0;
      return counts;
    },
    takeText: (byteLength) => {
      const last = all.at(-1);
      if (last !== undefined) last.lastText += 1;
      textBytes += byteLength;
    },
  };
}

function isFull(chunk: ImportChunk, textBytes: number): boolean {
  return (
    chunk.lastItem - chunk.firstItem + 1 >= CHUNK_ITEMS ||
    chunk.lastText - chunk.firstText + 1 >= CHUNK_TEXTS ||
    textBytes >= CHUNK_TEXT_BYTES
  );
}
