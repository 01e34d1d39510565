import { fsyncSync, openSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { invariant } from "../../support/invariant.ts";
import type { FromCheckpointer, ToCheckpointer } from "./checkpointer.ts";
import { openWritable } from "./open-database.ts";
import { createLogStateReader } from "./log-state.ts";

// Entry of the checkpointer's thread; `createCheckpointer` is its other end.
const port = parentPort;
const path: unknown = workerData;
invariant(port !== null, "the checkpointer runs on a thread of its own");
invariant(typeof path === "string", "the checkpointer is told its file");

/** What the writer may be left with: about as much as it has for some ten commits. */
const FEW_FRAMES = 100;

/** The writer goes on meanwhile, so a pass leaves what came during it, and the next one less. */
const MOST_PASSES = 4;

const database = openWritable(path);
const logState = createLogStateReader(database);

/**
 * SQLite flushes the file only in a pass that catches up with the writer, so that all of it would be
 * left for the writer's own pass. Never closed: on POSIX systems that would drop the locks that
 * SQLite holds for all of the process (https://www.sqlite.org/howtocorrupt.html, 2.2).
 */
const file = openSync(path, "r+");

port.on("message", (message: ToCheckpointer) => {
  if (message === "checkpoint") {
    checkpoint();
    port.postMessage("done" satisfies FromCheckpointer);
  } else {
    database.close();
    port.close();
  }
});

function checkpoint(): void {
  try {
    for (let pass = 0; pass < MOST_PASSES; pass += 1) {
      database.exec("PRAGMA wal_checkpoint(PASSIVE)");
      fsyncSync(file);
      const { frames, copiedFrames } = logState();
      if (frames - copiedFrames <= FEW_FRAMES) return;
    }
  } catch {
    // A full disk, say. The writer's own pass does what is left, or fails as well and loses nothing.
  }
}
