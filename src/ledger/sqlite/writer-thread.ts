import { Worker } from "node:worker_threads";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { sleep } from "../../support/sleep.ts";
import type { Batch, CommitReply, FromWriter, ToWriter, WriterOptions } from "./writer-protocol.ts";
import { workerEntry } from "./worker-entry.ts";

/** A thread that does not close its file within this many milliseconds is ended by force. */
const STOP_MS = 2_000;

/** The writer's thread as the main thread sees it. */
export interface WriterThread {
  /**
   * One batch at a time. Never rejects: a thread that died is a failed try, and the next try starts
   * a new one.
   */
  commit(batch: Batch): Promise<CommitReply>;
  stop(): Promise<void>;
}

/** @throws LeadsmanError `ledger_open_failed` when the thread cannot open the file */
export async function startWriterThread(options: WriterOptions): Promise<WriterThread> {
  const first = launch(options);
  const opened = await first.nextReply();
  if (opened.kind !== "ready") {
    const why = opened.kind === "failed" ? opened.message : opened.kind;
    throw new LeadsmanError("ledger_open_failed", `Cannot open ledger ${options.path}: ${why}`);
  }
  let current = first;
  let tryNumber = 0;
  return {
    commit: async (batch) => {
      tryNumber += 1;
      if (!current.isAlive()) {
        try {
          current = launch(options);
        } catch (error) {
          return { kind: "failed", message: String(error) };
        }
        const reopened = await current.nextReply();
        if (reopened.kind === "failed") return reopened;
      }
      current.post({ kind: "commit", tryNumber, batch });
      const reply = await current.nextReply();
      return reply.kind === "ready" ? { kind: "failed", message: "out of step" } : reply;
    },
    stop: () => current.stop(),
  };
}

interface RunningThread {
  isAlive(): boolean;
  post(message: ToWriter): void;
  /** The next message, or a failure when the thread ends without one. Keeps the process alive. */
  nextReply(): Promise<FromWriter>;
  stop(): Promise<void>;
}

function launch(options: WriterOptions): RunningThread {
  // The process's own flags are not for the thread: with some of them, such as those of
  // `node --input-type=module --eval`, it could not even start.
  const worker = new Worker(workerEntry(new URL("./writer-worker.ts", import.meta.url)), {
    name: "leadsman-ledger",
    execArgv: [],
    // Is handed down to the checkpointer, whose descriptor of the file has to outlive its thread.
    trackUnmanagedFds: false,
  });
  worker.postMessage({ kind: "open", options } satisfies ToWriter);
  let isAlive = true;
  let lastError = "the writer's thread ended";
  let deliver: ((message: FromWriter) => void) | null = null;

  const settle = (message: FromWriter): void => {
    const waiting = deliver;
    deliver = null;
    worker.unref();
    waiting?.(message);
  };
  worker.on("message", settle);
  worker.on("error", (error: unknown) => {
    lastError = error instanceof Error ? error.message : String(error);
  });
  worker.on("exit", () => {
    isAlive = false;
    settle({ kind: "failed", message: lastError });
  });
  return {
    isAlive: () => isAlive,
    post: (message) => {
      worker.postMessage(message);
    },
    nextReply: () => {
      if (!isAlive) return Promise.resolve({ kind: "failed", message: lastError });
      worker.ref();
      return new Promise((resolve) => {
        deliver = resolve;
      });
    },
    stop: async () => {
      if (!isAlive) return;
      const ended = new Promise<void>((resolve) => {
        worker.once("exit", resolve);
      });
      worker.ref();
      worker.postMessage({ kind: "close" } satisfies ToWriter);
      const hasEnded = new AbortController();
      await Promise.race([ended, sleep(STOP_MS, hasEnded.signal)]);
      // A timer that goes on would keep a process alive that has nothing left to do.
      hasEnded.abort();
      await worker.terminate();
    },
  };
}
