import type { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { CHECKPOINT_PAGES } from "./open-database.ts";
import { createLogStateReader } from "./log-state.ts";
import { workerEntry } from "./worker-entry.ts";

/**
 * Keeps the long part of checkpoints off the writer's thread: copying pages and waiting for the disk. A
 * thread of its own does it, since in WAL mode one connection can checkpoint while another one
 * appends. It never quite catches up, and the log starts over only once all of it is copied, so the
 * writer copies the last frames between two commits.
 */
export interface Checkpointer {
  /** To be called after each commit. */
  afterCommit(): void;
  /** Closes the thread's connection and ends the thread. */
  stop(): Promise<void>;
}

export type ToCheckpointer = "checkpoint" | "close";
export type FromCheckpointer = "done";

/**
 * Below `WAL_LIMIT_BYTES`, so that SQLite's automatic checkpoint, in which commits wait, still comes
 * before the log is cut, in which they wait for readers as well. Only where the writer outruns
 * the checkpointer, or a reader holds it up, does the log get as far as this.
 */
const SAFETY_PAGES = 16_000;

/**
 * @param database the writer's connection
 * @param startThread called once, when the first checkpoint is due
 * @param dueFrames after how many frames a checkpoint is due
 */
export function createCheckpointer(
  database: DatabaseSync,
  startThread: () => Worker,
  dueFrames: number = CHECKPOINT_PAGES,
): Checkpointer {
  const logState = createLogStateReader(database);
  let seenFrames = logState().frames;
  // What the log holds already is another process's, which sees to it.
  let dueAtFrames = seenFrames + dueFrames;
  let thread: Worker | null = null;
  let isRunning = false;
  let hasFailed = false;
  setAutomaticPages(SAFETY_PAGES);

  function setAutomaticPages(pages: number): void {
    database.exec(`PRAGMA wal_autocheckpoint = ${pages}`);
  }
  function start(): Worker | null {
    try {
      const worker = startThread();
      worker.on("message", (_: FromCheckpointer) => finish());
      worker.on("error", fallBack);
      worker.on("exit", fallBack);
      worker.unref();
      return worker;
    } catch {
      fallBack();
      return null;
    }
  }
  function finish(): void {
    if (!isRunning) return;
    isRunning = false;
    try {
      database.exec("PRAGMA wal_checkpoint(PASSIVE)");
    } catch {
      // What is committed is committed; the next checkpoint does what this one could not.
    }
  }
  /** From here on commits make their checkpoints themselves, as they do on every other connection. */
  function fallBack(): void {
    thread = null;
    hasFailed = true;
    if (database.isOpen) setAutomaticPages(dueFrames);
  }
  return {
    afterCommit: () => {
      if (hasFailed || isRunning) return;
      const { frames } = logState();
      // Another process is at the log's index.
      if (frames < 0) return;
      // The log has started over.
      if (frames < seenFrames) dueAtFrames = dueFrames;
      seenFrames = frames;
      if (frames < dueAtFrames) return;
      // A reader may keep the log from starting over; then this is worth trying only now and then.
      dueAtFrames = frames + dueFrames;
      thread ??= start();
      isRunning = thread !== null;
      thread?.postMessage("checkpoint" satisfies ToCheckpointer);
    },
    stop: async () => {
      const stopping = thread;
      if (stopping === null) return;
      isRunning = false;
      const ended = new Promise<void>((resolve) => {
        stopping.once("exit", () => resolve());
      });
      stopping.ref();
      stopping.postMessage("close" satisfies ToCheckpointer);
      await ended;
    },
  };
}

export function startCheckpointerThread(path: string): Worker {
  return new Worker(workerEntry(new URL("./checkpointer-worker.ts", import.meta.url)), {
    name: "leadsman-checkpoint",
    workerData: path,
    execArgv: [],
    // The end of the thread must not close its descriptor of the file.
    trackUnmanagedFds: false,
  });
}
