import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { openReadOnly, openWritable } from "./open-database.ts";
import { createWalLimit } from "./wal-limit.ts";

const LIMIT_BYTES = 200_000;

test("the log is cut once it is over its limit", () =>
  withFile((database, path, walBytes) => {
    const keepSmall = createWalLimit(database, path, LIMIT_BYTES);
    fill(database, 100_000);
    keepSmall();
    expect(walBytes()).toBeGreaterThan(100_000);
    fill(database, 200_000);
    keepSmall();
    expect(walBytes()).toBe(0);
  }));

test("a reader that stays costs one pause per further stretch of log, and is waited out", () =>
  withFile((database, path, walBytes) => {
    database.exec("PRAGMA busy_timeout = 1");
    const keepSmall = createWalLimit(database, path, LIMIT_BYTES);
    const reader = openReadOnly(path);
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM t").get();
    fill(database, 300_000);
    keepSmall();
    const afterFirst = walBytes();
    expect(afterFirst).toBeGreaterThan(LIMIT_BYTES);
    reader.close();
    keepSmall();
    expect(walBytes()).toBe(afterFirst);
    fill(database, 300_000);
    keepSmall();
    expect(walBytes()).toBe(0);
  }));

function fill(database: DatabaseSync, bytes: number): void {
  database.prepare("INSERT INTO t VALUES (randomblob(?))").run(bytes);
}

function withFile(
  run: (database: DatabaseSync, path: string, walBytes: () => number) => void,
): void {
  const folder = mkdtempSync(join(tmpdir(), "leadsman-wal-"));
  const path = join(folder, "ledger.db");
  const database = openWritable(path);
  try {
    database.exec("CREATE TABLE t (x)");
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    database.exec("PRAGMA wal_autocheckpoint = 0");
    run(database, path, () => statSync(`${path}-wal`).size);
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
