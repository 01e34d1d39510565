import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import type { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { sleep } from "../../support/sleep.ts";
import { createCheckpointer, startCheckpointerThread } from "./checkpointer.ts";
import type { Checkpointer } from "./checkpointer.ts";
import { openReadOnly, openWritable } from "./open-database.ts";
import { createLogStateReader } from "./log-state.ts";
import { createWalLimit } from "./wal-limit.ts";

const DUE_FRAMES = 100;

/** Some ten frames and a few for what keeps account of free pages. */
const ROW_BYTES = 40_000;

/** Appends random bodies, so that checkpoints are under way, closes, and has nothing left to do. */
const APPENDER = `
import { randomBytes } from "node:crypto";
import { openSqliteLedger } from ${JSON.stringify(new URL("./open-sqlite-ledger.ts", import.meta.url).href)};
import { systemClock } from ${JSON.stringify(new URL("../../support/clock.ts", import.meta.url).href)};
const ledger = await openSqliteLedger({ path: process.argv.at(-1), clock: systemClock });
for (let i = 0; i < 30; i += 1) {
  const bytes = randomBytes(800_000);
  await ledger.append([{ kind: "body", body: { requestId: "req_" + i, part: "request", bytes } }]);
}
await ledger.close();
`;

describe("while commits go on", () => {
  test("the log starts over again and again, and never gets as far as an automatic checkpoint", () =>
    withFile(async ({ database, path, commit }) => {
      let mostFrames = 0;
      let commits = 0;
      while (restartsOf(path) < 3) {
        mostFrames = Math.max(mostFrames, await commit());
        commits += 1;
      }
      expect(automaticPages(database)).toBe(16_000);
      expect(mostFrames).toBeLessThan(16_000);
      expect(rowsOf(database)).toBe(commits);
    }));

  test("a log that few commits fill starts no thread", () =>
    withFile(async ({ commit, started }) => {
      for (let i = 0; i < 5; i += 1) await commit();
      expect(started).toHaveLength(0);
      while (started.length === 0) await commit();
      for (let i = 0; i < 100; i += 1) await commit();
      expect(started).toHaveLength(1);
    }));

  test("a log that another process has filled starts no thread either", () =>
    withFile(async ({ database, started, path }) => {
      for (let i = 0; i < 20; i += 1) insert(database);
      const late = createCheckpointer(database, starter(path, started), DUE_FRAMES);
      insert(database);
      late.afterCommit();
      expect(started).toHaveLength(0);
    }));

  test("a reader that stays lets the log grow, and once it is gone the log is small again", () =>
    withFile(async ({ database, path, commit, started }) => {
      database.exec("PRAGMA busy_timeout = 1");
      const keepWalSmall = createWalLimit(database, path, 2_000_000);
      const reader = openReadOnly(path);
      reader.exec("BEGIN");
      reader.prepare("SELECT count(*) FROM t").get();
      while ((await commit()) < 1_000) keepWalSmall();
      expect(started).toHaveLength(1);
      reader.close();
      while ((await commit()) > DUE_FRAMES) keepWalSmall();
    }));
});

describe("without the thread", () => {
  test("that died, commits go on and make their checkpoints themselves", () =>
    withFile(async ({ database, path, commit, started }) => {
      while (started.length === 0) await commit();
      await started[0]?.terminate();
      const restarts = restartsOf(path);
      while (restartsOf(path) < restarts + 3) await commit();
      expect(automaticPages(database)).toBe(DUE_FRAMES);
      expect(started).toHaveLength(1);
    }));

  test.each([
    ["has no room", () => expect.unreachable("as ordered")],
    ["cannot open the file", () => startCheckpointerThread(join(tmpdir(), "nowhere", "ledger.db"))],
  ])("that %s, they do so as well", (_, startThread) =>
    withFile(async ({ database, path, commit }) => {
      while (restartsOf(path) < 3) await commit();
      expect(automaticPages(database)).toBe(DUE_FRAMES);
    }, startThread),
  );
});

describe("closing", () => {
  test("ends the thread, in the middle of a checkpoint too", () =>
    withFile(async ({ checkpointer, commit, started }) => {
      while (started.length === 0) await commit();
      const startedMs = performance.now();
      await checkpointer.stop();
      expect(performance.now() - startedMs).toBeLessThan(2_000);
      expect(started[0]?.threadId).toBe(-1);
      await checkpointer.stop();
    }));

  test("leaves one file and nothing that keeps the process alive", async () => {
    const folder = mkdtempSync(join(tmpdir(), "leadsman-checkpoint-"));
    try {
      const parameters = ["--input-type=module", "-e", APPENDER, join(folder, "ledger.db")];
      await promisify(execFile)(process.execPath, parameters, { timeout: 20_000 });
      expect(readdirSync(folder)).toEqual(["ledger.db"]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 30_000);
});

interface CheckpointedFile {
  readonly database: DatabaseSync;
  readonly path: string;
  readonly checkpointer: Checkpointer;
  readonly started: Worker[];
  /** One row, and a turn of the event loop. @returns the frames in the log */
  readonly commit: () => Promise<number>;
}

async function withFile(
  run: (file: CheckpointedFile) => Promise<void>,
  startThread?: () => Worker,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "leadsman-checkpoint-"));
  const path = join(folder, "ledger.db");
  const database = openWritable(path);
  const started: Worker[] = [];
  database.exec("CREATE TABLE t (x)");
  const checkpointer = createCheckpointer(
    database,
    startThread ?? starter(path, started),
    DUE_FRAMES,
  );
  const logState = createLogStateReader(database);
  const commit = async (): Promise<number> => {
    insert(database);
    checkpointer.afterCommit();
    await sleep(1);
    return logState().frames;
  };
  try {
    await run({ database, path, checkpointer, started, commit });
  } finally {
    await checkpointer.stop();
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function starter(path: string, started: Worker[]): () => Worker {
  return () => {
    const worker = startCheckpointerThread(path);
    started.push(worker);
    return worker;
  };
}

function insert(database: DatabaseSync): void {
  database.prepare("INSERT INTO t VALUES (randomblob(?))").run(ROW_BYTES);
}

function rowsOf(database: DatabaseSync): unknown {
  return database.prepare("SELECT count(*) AS rows FROM t").get()?.["rows"];
}

function automaticPages(database: DatabaseSync): unknown {
  return database.prepare("PRAGMA wal_autocheckpoint").get()?.["wal_autocheckpoint"];
}

/** How often the log has started over, as its header counts (https://www.sqlite.org/fileformat2.html, 4.1). */
function restartsOf(path: string): number {
  return readFileSync(`${path}-wal`).readUInt32BE(12);
}
