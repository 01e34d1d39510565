import { setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import type { ImportCount, ImportedItem } from "../ledger.ts";
import { evidenceToRow } from "../records/evidence-row.ts";
import type { BatchText, FromImporter, ImportBatch, ToImporter } from "./import-protocol.ts";
import { workerEntry } from "./worker-entry.ts";

/** Batches that may wait for the thread: enough that neither side waits for the other. */
const MAX_WAITING = 8;

/**
 * Imports on a thread of its own, while the next items are read on this one: it stages everything,
 * see `ImportStage`, and moves it into the ledger at the end.
 *
 * @param stagePath file to stage it in, see `importStagePath`; nothing is there yet
 * @param nowMs epoch milliseconds; texts are purged by it
 * @throws LeadsmanError `ledger_failed`; what the source throws is passed on
 */
export async function importItems(
  path: string,
  stagePath: string,
  nowMs: number,
  batches: AsyncIterable<readonly ImportedItem[]>,
): Promise<ImportCount> {
  const importer = startImporter();
  try {
    importer.post({ kind: "open", path, stagePath, nowMs });
    for await (const items of batches) {
      const batch = encodeBatch(items);
      importer.post({ kind: "stage", batch }, [batch.content.buffer]);
      await importer.settled(MAX_WAITING);
      await nextTurn();
    }
    importer.post({ kind: "move" });
    const last = await importer.settled(0);
    if (last?.kind !== "moved") throw importFailed("the thread lost step");
    const { added, known } = last;
    await importer.ended();
    return { added, known };
  } finally {
    await importer.stop();
  }
}

interface Importer {
  post(message: ToImporter, transfer?: readonly ArrayBuffer[]): void;
  /**
   * Waits until at most so many messages have no answer yet.
   *
   * @returns the latest answer
   * @throws LeadsmanError `ledger_failed`
   */
  settled(maxWaiting: number): Promise<FromImporter | null>;
  /** Waits until the thread has closed the file and ended by itself. */
  ended(): Promise<void>;
  stop(): Promise<void>;
}

function startImporter(): Importer {
  // The process's own flags are not for the thread: with some of them it could not even start.
  const worker = new Worker(workerEntry(new URL("./import-worker.ts", import.meta.url)), {
    name: "leadsman-import",
    execArgv: [],
  });
  let waiting = 0;
  let latest: FromImporter | null = null;
  let failure: string | null = null;
  let wake: () => void = () => undefined;
  worker.on("message", (reply: FromImporter) => {
    waiting -= 1;
    latest = reply;
    if (reply.kind === "failed") failure ??= reply.message;
    wake();
  });
  worker.on("error", (error: unknown) => {
    failure ??= error instanceof Error ? error.message : String(error);
  });
  const exit = new Promise<void>((resolve) => {
    worker.on("exit", () => {
      if (waiting > 0) failure ??= "the thread that imports ended";
      wake();
      resolve();
    });
  });
  return {
    post: (message, transfer = []) => {
      waiting += 1;
      worker.postMessage(message, transfer);
    },
    settled: async (maxWaiting) => {
      while (failure === null && waiting > maxWaiting) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (failure !== null) throw importFailed(failure);
      return latest;
    },
    ended: () => exit,
    stop: async () => {
      await worker.terminate();
    },
  };
}

function encodeBatch(items: readonly ImportedItem[]): ImportBatch {
  const texts: BatchText[] = [];
  let size = 0;
  const rows = items.map(({ evidence, bodies }, item) => {
    for (const { part, bytes } of bodies) {
      texts.push({ item, part, byteLength: bytes.byteLength });
      size += bytes.byteLength;
    }
    return evidenceToRow(evidence);
  });
  const content = new Uint8Array(size);
  let from = 0;
  for (const { bodies } of items) {
    for (const { bytes } of bodies) {
      content.set(bytes, from);
      from += bytes.byteLength;
    }
  }
  return { rows, texts, content };
}

function importFailed(why: string): LeadsmanError {
  return new LeadsmanError("ledger_failed", `Cannot import items: ${why}`);
}
