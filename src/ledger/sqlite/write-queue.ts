import { setImmediate as nextTurn } from "node:timers/promises";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { sleep } from "../../support/sleep.ts";
import type { LedgerHealth } from "../ledger.ts";
import type { EncodedAppend } from "./encode-entries.ts";
import type { Batch, CommitReply } from "./writer-protocol.ts";
import type { WriterThread } from "./writer-thread.ts";

/**
 * Group commit: while a batch is with the writer, appends gather; when it is back, all of them go as
 * the next batch. An idle queue sends at the end of the current turn of the event loop.
 */
export interface WriteQueue {
  /** Resolves with the count of rows that the writer reports, once committed. */
  push(append: EncodedAppend): Promise<number>;
  health(): LedgerHealth;
  /** Commits what is queued, as long as the time allows; what is left then is rejected. */
  close(): Promise<void>;
}

export interface WriteQueueOptions {
  readonly thread: WriterThread;
  readonly spillBytes: number;
  readonly closeTimeoutMs: number;
}

/**
 * A commit costs as much as three or four rows do, and wakes two threads besides, so a busy queue lets
 * more of them gather for some time. Busy is what batches hold on average: one burst does not make
 * those wait that come after it. Once gathering, it takes more to stay busy, so that a middling load
 * is not made to wait for batches that its waiting alone makes large.
 */
const BUSY_APPENDS = 5;
const STAY_BUSY_APPENDS = 16;
const GATHER_MS = 2;

/** About so many batches are in the average. */
const REMEMBERED_BATCHES = 8;

const BATCH_ENTRIES = 500;
const BATCH_BYTES = 8 * 1024 * 1024;

/** Waits between tries: doubling from the first to the longest, in milliseconds. */
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 1_000;
/** While closing, time is short. */
const CLOSING_RETRY_MS = 100;

interface QueuedAppend {
  readonly append: EncodedAppend;
  readonly resolve: (count: number) => void;
  readonly reject: (error: LeadsmanError) => void;
}

export function createWriteQueue(options: WriteQueueOptions): WriteQueue {
  const { thread, spillBytes, closeTimeoutMs } = options;
  const books = createBooks();
  const closing = new AbortController();
  const waiting: QueuedAppend[] = [];
  let inFlight: readonly QueuedAppend[] = [];
  let draining: Promise<void> | null = null;
  let meanAppends = 0;
  let isBusy = false;

  const push = (append: EncodedAppend): Promise<number> => {
    if (closing.signal.aborted) return Promise.reject(closed());
    if (books.queuedBytes + append.byteCount > spillBytes) {
      books.lostEntries += append.entryCount;
      return Promise.reject(spillFull(append, books.queuedBytes, spillBytes));
    }
    books.queuedEntries += append.entryCount;
    books.queuedBytes += append.byteCount;
    return new Promise((resolve, reject) => {
      waiting.push({ append, resolve, reject });
      draining ??= drain();
    });
  };
  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      await nextTurn();
      inFlight = takeBatch(waiting);
      meanAppends += (inFlight.length - meanAppends) / REMEMBERED_BATCHES;
      isBusy = meanAppends >= (isBusy ? STAY_BUSY_APPENDS : BUSY_APPENDS);
      await commitInFlight();
      inFlight = [];
      if (isBusy) await sleep(GATHER_MS, closing.signal);
    }
    draining = null;
  };
  const commitInFlight = async (): Promise<void> => {
    const batch = toBatch(inFlight);
    let waitMs = FIRST_RETRY_MS;
    while (inFlight.length > 0) {
      const reply = await thread.commit(batch);
      if (reply.kind === "committed") {
        settle(inFlight, reply, books);
        return;
      }
      books.isWritable = false;
      books.lastError = reply.message;
      if (closing.signal.aborted) await sleep(CLOSING_RETRY_MS);
      else await sleep(waitMs, closing.signal);
      waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS);
    }
  };
  const giveUp = (): void => {
    const rest = [...inFlight, ...waiting.splice(0)];
    inFlight = [];
    for (const queued of rest) {
      removeFromQueue(queued, books);
      books.lostEntries += queued.append.entryCount;
      queued.reject(failed("the ledger was closed while it could not be written", books.lastError));
    }
  };
  return {
    push,
    health: () => ({ ...books }),
    close: async () => {
      closing.abort();
      if (draining === null) return;
      if (!(await finishesWithin(draining, closeTimeoutMs))) giveUp();
    },
  };
}

/** The numbers of `LedgerHealth`, kept up to date. */
type Books = { -readonly [Name in keyof LedgerHealth]: LedgerHealth[Name] };

function createBooks(): Books {
  return {
    isWritable: true,
    queuedEntries: 0,
    queuedBytes: 0,
    committedEntries: 0,
    lostEntries: 0,
    lastError: null,
  };
}

/** At least one append, then as many as fit the limits. */
function takeBatch(waiting: QueuedAppend[]): readonly QueuedAppend[] {
  let entries = 0;
  let bytes = 0;
  let count = 0;
  for (const { append } of waiting) {
    entries += append.entryCount;
    bytes += append.byteCount;
    if (count > 0 && (entries > BATCH_ENTRIES || bytes > BATCH_BYTES)) break;
    count += 1;
  }
  return waiting.splice(0, count);
}

function toBatch(appends: readonly QueuedAppend[]): Batch {
  const bodies = new Map<number, readonly Uint8Array[]>();
  for (const [position, { append }] of appends.entries()) {
    if (append.bodies.length > 0) bodies.set(position, append.bodies);
  }
  return { appends: `[${appends.map(({ append }) => append.operations).join(",")}]`, bodies };
}

function settle(
  appends: readonly QueuedAppend[],
  reply: Extract<CommitReply, { kind: "committed" }>,
  books: Books,
): void {
  books.isWritable = true;
  const rejections = new Map(reply.rejected.map(({ position, message }) => [position, message]));
  for (const [position, queued] of appends.entries()) {
    removeFromQueue(queued, books);
    const message = rejections.get(position);
    if (message === undefined) {
      books.committedEntries += queued.append.entryCount;
      queued.resolve(reply.counts.get(position) ?? 0);
    } else {
      books.lastError = message;
      books.lostEntries += queued.append.entryCount;
      queued.reject(failed("it was refused", message));
    }
  }
}

function removeFromQueue({ append }: QueuedAppend, books: Books): void {
  books.queuedEntries -= append.entryCount;
  books.queuedBytes -= append.byteCount;
}

async function finishesWithin(work: Promise<void>, ms: number): Promise<boolean> {
  const isDone = new AbortController();
  const timedOut = sleep(ms, isDone.signal).then(() => false);
  const finished = work.then(() => true);
  const isFinished = await Promise.race([finished, timedOut]);
  isDone.abort();
  return isFinished;
}

function failed(what: string, why: string | null): LeadsmanError {
  return new LeadsmanError(
    "ledger_failed",
    `Cannot store ledger entries: ${what} (${why ?? "no error was reported"}).`,
  );
}

function closed(): LeadsmanError {
  return new LeadsmanError("ledger_closed", "Cannot store ledger entries: the ledger is closed.");
}

function spillFull(append: EncodedAppend, queuedBytes: number, spillBytes: number): LeadsmanError {
  return new LeadsmanError(
    "ledger_spill_full",
    `Cannot store ledger entries: ${append.byteCount} bytes come on top of ` +
      `${queuedBytes} that wait, the limit is ${spillBytes}.`,
  );
}
