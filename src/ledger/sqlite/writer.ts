import { statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { invariant } from "../../support/invariant.ts";
import { createApplyOperation } from "./apply-operation.ts";
import { createAddSums, createBatchSums } from "./batch-sums.ts";
import type { BatchSums } from "./batch-sums.ts";
import { createCheckpointer, startCheckpointerThread } from "./checkpointer.ts";
import { WAL_LIMIT_BYTES, openWritable } from "./open-database.ts";
import { createWalLimit } from "./wal-limit.ts";
import type {
  Batch,
  CommitReply,
  RejectedAppend,
  TrySpan,
  WriteOperation,
  WriterFaults,
  WriterOptions,
} from "./writer-protocol.ts";

/** The one connection that writes. Lives on the writer's thread. */
export interface Writer {
  commit(tryNumber: number, batch: Batch): CommitReply;
  close(): Promise<void>;
}

/** SQLite's own limit of pages per file. */
const MOST_PAGES = 4_294_967_294;

/** Result codes of SQLite that are about one statement, not about the file. */
const STATEMENT_ERRORS: ReadonlySet<number> = new Set([1, 18, 19, 20, 25]);

export function openWriter(options: WriterOptions): Writer {
  const database = openWritable(options.path);
  const checkpointer = createCheckpointer(database, () => startCheckpointerThread(options.path));
  const keepWalSmall = createWalLimit(database, options.path, WAL_LIMIT_BYTES);
  const transaction = createTransaction(database, options.faults);
  const isInPlace = watchPlace(options.path);
  return {
    commit: (tryNumber, batch) => {
      if (!isInPlace()) return { kind: "failed", message: NOT_IN_PLACE };
      const appends = readAppends(batch);
      try {
        const reply = transaction.runAll(tryNumber, appends);
        checkpointer.afterCommit();
        keepWalSmall();
        return reply;
      } catch (error) {
        return { kind: "failed", message: messageOf(error) };
      }
    },
    close: async () => {
      await checkpointer.stop();
      database.close();
    },
  };
}

const NOT_IN_PLACE = "the ledger's file was moved, replaced or deleted while it was open";

/**
 * An open file can be written after it was deleted, and all of that is gone with the process. Says
 * whether the path still leads to the file that was opened.
 */
function watchPlace(path: string): () => boolean {
  const opened = statSync(path, { bigint: true });
  return () => {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    return found !== undefined && found.ino === opened.ino && found.dev === opened.dev;
  };
}

interface Append {
  readonly position: number;
  readonly operations: readonly WriteOperation[];
  readonly bodies: readonly Uint8Array[];
}

interface Transaction {
  /** Throws when the file cannot be written at present. */
  runAll(tryNumber: number, appends: readonly Append[]): CommitReply;
}

function createTransaction(database: DatabaseSync, faults: WriterFaults): Transaction {
  const apply = createApplyOperation(database);
  const addSums = createAddSums(database);
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");

  const run = (tryNumber: number, appends: readonly Append[]): Map<number, number> => {
    const counts = new Map<number, number>();
    const sums = createBatchSums();
    begin.run();
    try {
      for (const append of appends) {
        const count = applyAppend(append, sums);
        if (count > 0) counts.set(append.position, count);
      }
      addSums(sums);
      if (isWithin(tryNumber, faults.diskFull)) failAsOnFullDisk(database);
      commit.run();
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
    return counts;
  };
  const applyAppend = (append: Append, sums: BatchSums): number => {
    let count = 0;
    for (const operation of append.operations) count += apply(operation, append.bodies, sums);
    return count;
  };
  return {
    runAll: (tryNumber, appends) => {
      try {
        return { kind: "committed", rejected: [], counts: run(tryNumber, appends) };
      } catch (error) {
        if (!isAboutStatement(error)) throw error;
        return runOneByOne(appends, (append) => run(tryNumber, [append]));
      }
    },
  };
}

/** Finds the appends that can never be stored, so that they do not hold up all others. */
function runOneByOne(
  appends: readonly Append[],
  run: (append: Append) => ReadonlyMap<number, number>,
): CommitReply {
  const rejected: RejectedAppend[] = [];
  const counts = new Map<number, number>();
  for (const append of appends) {
    try {
      for (const [position, count] of run(append)) counts.set(position, count);
    } catch (error) {
      if (!isAboutStatement(error)) throw error;
      rejected.push({ position: append.position, message: messageOf(error) });
    }
  }
  return { kind: "committed", rejected, counts };
}

function readAppends(batch: Batch): readonly Append[] {
  const appends: unknown = JSON.parse(batch.appends);
  invariant(isAppends(appends), "a batch is a list of appends");
  return appends.map((operations, position) => ({
    position,
    operations,
    bodies: batch.bodies.get(position) ?? [],
  }));
}

/** Written by `encodeEntries` on the other thread of the same process, so a glance is enough. */
function isAppends(value: unknown): value is readonly (readonly WriteOperation[])[] {
  return Array.isArray(value) && value.every(Array.isArray);
}

/** Errors of SQLite carry its code; all others come from our own values. */
function isAboutStatement(error: unknown): boolean {
  if (!(error instanceof Error) || !("errcode" in error)) return true;
  // The low byte is the code, the rest says more of it (https://www.sqlite.org/rescode.html).
  return STATEMENT_ERRORS.has(Number(error.errcode) & 0xff);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isWithin(tryNumber: number, span: TrySpan | undefined): boolean {
  return span !== undefined && tryNumber >= span.firstTry && tryNumber <= span.lastTry;
}

/** Lets the file not grow, then makes it grow, inside the open transaction. */
function failAsOnFullDisk(database: DatabaseSync): void {
  database.exec("PRAGMA max_page_count = 1");
  try {
    database.exec("CREATE TABLE needs_a_page (x); INSERT INTO needs_a_page VALUES (zeroblob(1e6))");
  } finally {
    database.exec(`PRAGMA max_page_count = ${MOST_PAGES}`);
  }
}
