import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createManualClock } from "../../support/clock.ts";
import { attemptOf, recordOf } from "../contract/records.fixture.ts";
import { attemptToTuple } from "../records/attempt-row.ts";
import { REQUEST_COLUMNS, requestToRow } from "../records/request-row.ts";
import { placeholders } from "../records/sql-value.ts";
import { TOTALS_KEY_COLUMNS, TOTALS_SUM_COLUMNS } from "../records/totals.ts";
import { firstSchema } from "./migrations/001-first-schema.ts";
import type { Migration } from "./migrations/migration.ts";
import { MIGRATIONS } from "./migrations/migrations.ts";
import { migrate } from "./migrate.ts";
import { openSqliteLedger } from "./open-sqlite-ledger.ts";

const SECOND: Migration = {
  version: 2,
  sql: `ALTER TABLE pairs ADD COLUMN note TEXT; UPDATE pairs SET note = 'old';`,
};
const BROKEN: Migration = { version: 2, sql: "CREATE TABLE half (x); SELECT * FROM nowhere;" };

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leadsman-migrate-"));
  path = join(folder, "ledger.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("versions count up from 1 without gaps", () => {
  expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
});

test("a file of version 1 keeps its rows when it is brought up to date", () => {
  withDatabase((database) => {
    migrate(database, [firstSchema]);
    database.exec(
      "INSERT INTO pairs (request_id, route, route_version, created_at_ms) " +
        "VALUES ('req_1', 'support', 'rv_1', 5)",
    );
  });
  withDatabase((database) => {
    migrate(database, [firstSchema, SECOND]);
    expect(database.prepare("SELECT request_id, note FROM pairs").all()).toEqual([
      { request_id: "req_1", note: "old" },
    ]);
    expect(versionOf(database)).toBe(2);
  });
});

test("the triages of a ledger of version 1 are counted when it is brought up to date", async () => {
  withDatabase((database) => {
    migrate(database, [firstSchema]);
    const insert = database.prepare(
      `INSERT INTO requests (${REQUEST_COLUMNS.join(", ")}) VALUES (${placeholders(REQUEST_COLUMNS)})`,
    );
    for (const id of ["req_1", "req_2"]) {
      const attempts = JSON.stringify([attemptToTuple(attemptOf(0))]);
      insert.run(...requestToRow(recordOf(id)), attempts);
    }
  });
  const ledger = await openSqliteLedger({ path, clock: createManualClock() });
  const counts = await ledger.triageCounts({});
  await ledger.close();
  expect(counts).toMatchObject([
    { route: "support", tier: 0, confidence: 0.93, triages: 2, costNanoUsd: 3_144_000n },
  ]);
});

test("the hours of a ledger of version 5 are summed by the day when it is brought up to date", async () => {
  const hourMs = 3_600_000;
  withDatabase((database) => {
    migrate(database, MIGRATIONS.slice(0, 5));
    const columns = [...TOTALS_KEY_COLUMNS, ...TOTALS_SUM_COLUMNS];
    const insert = database.prepare(
      `INSERT INTO hourly_totals (${columns.join(", ")}) VALUES (${placeholders(columns)})`,
    );
    for (const hour of [0, 1, 23, 24]) {
      const key = [hour * hourMs, "support", null, "live", "shipped", null];
      insert.run(...key, ...TOTALS_SUM_COLUMNS.map((_, index) => index + 1));
    }
  });
  const ledger = await openSqliteLedger({ path, clock: createManualClock() });
  const whole = await ledger.trafficSums({ toMs: 24 * hourMs });
  const both = await ledger.trafficSums({});
  await ledger.close();
  expect(whole).toMatchObject([{ route: "support", task: null, requests: 3, costNanoUsd: 12n }]);
  expect(both).toMatchObject([{ requests: 4, latencyMsSum: 36 }]);
});

test("nothing happens to a file that is up to date", () => {
  withDatabase((database) => {
    migrate(database, [firstSchema, SECOND]);
    database.exec("DELETE FROM pairs");
    migrate(database, [firstSchema, SECOND]);
    expect(versionOf(database)).toBe(2);
  });
});

test("a step that fails leaves no trace", () => {
  withDatabase((database) => {
    expect(() => migrate(database, [firstSchema, BROKEN])).toThrow("no such table: nowhere");
    expect(versionOf(database)).toBe(1);
    expect(database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'half'").get()).toBe(
      undefined,
    );
  });
});

test("a file of a later release is refused and left alone", async () => {
  withDatabase((database) => {
    migrate(database);
    database.exec("PRAGMA user_version = 99");
  });
  await expect(openSqliteLedger({ path, clock: createManualClock() })).rejects.toMatchObject({
    code: "ledger_newer",
    message: expect.stringContaining("written by a newer version"),
  });
  withDatabase((database) => expect(versionOf(database)).toBe(99));
});

test("another program's database is refused and left alone", async () => {
  withDatabase((database) => database.exec("CREATE TABLE theirs (x)"));
  await expect(openSqliteLedger({ path, clock: createManualClock() })).rejects.toMatchObject({
    code: "ledger_foreign",
  });
  withDatabase((database) => {
    expect(database.prepare("SELECT name FROM sqlite_schema").all()).toEqual([{ name: "theirs" }]);
  });
});

test("a file that is no database is refused", async () => {
  writeFileSync(path, "these are plain words, at least a hundred bytes of them ".repeat(4));
  await expect(openSqliteLedger({ path, clock: createManualClock() })).rejects.toMatchObject({
    code: "ledger_open_failed",
    message: expect.stringContaining("not a database"),
  });
});

function withDatabase(run: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(path);
  try {
    run(database);
  } finally {
    database.close();
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
}
