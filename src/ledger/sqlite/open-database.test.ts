import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ensureLedgerFile, openReadOnly, openWritable } from "./open-database.ts";
import { requireSqliteVersion } from "./open-database.ts";

/** Linux lists there who has locked which part of which file. */
const LOCKS = "/proc/locks";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leadsman-open-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the floor of SQLite", () => {
  test.each(["3.51.3", "3.51.10", "3.53.4", "4.0.0", "3.52"])("%s is new enough", (version) => {
    expect(() => requireSqliteVersion(version)).not.toThrow();
  });

  test.each(["3.51.2", "3.50.9", "3.7.0", "2.99.99", "3.51", ""])("%s is too old", (version) => {
    expect(() => requireSqliteVersion(version)).toThrow(
      expect.objectContaining({ code: "sqlite_too_old" }),
    );
  });
});

describe("the file", () => {
  test("is made with its folders, for its owner's eyes only", () => {
    const path = join(folder, "a", "b", "ledger.db");
    ensureLedgerFile(path);
    const database = openWritable(path);
    database.exec("CREATE TABLE t (x)");
    expect(modeOf(path)).toBe(0o600);
    expect(modeOf(`${path}-wal`)).toBe(0o600);
    expect(modeOf(join(folder, "a", "b"))).toBe(0o700);
    expect(modeOf(join(folder, "a"))).toBe(0o700);
    database.close();
  });

  test("that is there already keeps its rights and content", () => {
    const path = join(folder, "ledger.db");
    ensureLedgerFile(path);
    openWritable(path).close();
    const { size } = statSync(path);
    ensureLedgerFile(path);
    expect(statSync(path).size).toBe(size);
  });

  test.skipIf(!existsSync(LOCKS))(
    `that is open keeps its lock when it is opened once more (where ${LOCKS} tells)`,
    () => {
      const path = join(folder, "ledger.db");
      ensureLedgerFile(path);
      const first = openWritable(path);
      first.exec("CREATE TABLE t (x)");
      expect(locksOn(path)).toBeGreaterThan(0);
      ensureLedgerFile(path);
      openWritable(path).close();
      expect(locksOn(path)).toBeGreaterThan(0);
      first.close();
    },
  );

  test.each(["", ":memory:"])("%j is none", (path) => {
    expect(() => ensureLedgerFile(path)).toThrow(
      expect.objectContaining({ code: "ledger_open_failed" }),
    );
  });

  test("a folder that cannot be made is named in the error", () => {
    ensureLedgerFile(join(folder, "file"));
    expect(() => ensureLedgerFile(join(folder, "file", "ledger.db"))).toThrow("ledger.db");
  });
});

test("a writable connection logs ahead, and can give space back", () => {
  const path = join(folder, "ledger.db");
  const database = openWritable(path);
  expect(database.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
  expect(database.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 1 });
  expect(database.prepare("PRAGMA auto_vacuum").get()).toEqual({ auto_vacuum: 2 });
  database.close();
});

test("a file is opened while another connection writes", () => {
  const path = join(folder, "ledger.db");
  const writer = openWritable(path);
  writer.exec("CREATE TABLE t (x)");
  writer.exec("BEGIN IMMEDIATE");
  openWritable(path).close();
  writer.close();
});

test("a read-only connection cannot write", () => {
  const path = join(folder, "ledger.db");
  const writer = openWritable(path);
  writer.exec("CREATE TABLE t (x)");
  const reader = openReadOnly(path);
  expect(() => reader.exec("INSERT INTO t VALUES (1)")).toThrow("readonly");
  reader.close();
  writer.close();
});

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

function locksOn(path: string): number {
  const inode = `:${String(statSync(path).ino)} `;
  return readFileSync(LOCKS, "utf8")
    .split("\n")
    .filter((line) => line.includes(inode)).length;
}
