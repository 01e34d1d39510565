import { rename, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { sleep } from "../../support/sleep.ts";
import { recordOf, requestEntry } from "../contract/records.fixture.ts";
import type { Ledger } from "../ledger.ts";
import type { SqliteLedgerOptions } from "./open-sqlite-ledger.ts";
import { openWritable } from "./open-database.ts";
import { makeSqlitePlace } from "./sqlite-place.fixture.ts";
import type { SqlitePlace } from "./sqlite-place.fixture.ts";

const ALL_TRIES = { firstTry: 1, lastTry: Number.MAX_SAFE_INTEGER };

describe("while the file cannot be written", () => {
  test("appends wait, health says why, and they commit once there is room again", () =>
    withFaults({ faults: { diskFull: { firstTry: 1, lastTry: 3 } } }, async (ledger) => {
      const append = ledger.append([requestEntry(recordOf("req_1"))]);
      await until(() => !ledger.health().isWritable);
      expect(ledger.health()).toMatchObject({
        queuedEntries: 1,
        committedEntries: 0,
        lostEntries: 0,
        lastError: "database or disk is full",
      });
      await append;
      expect(ledger.health()).toMatchObject({ isWritable: true, queuedEntries: 0 });
      expect(await ledger.request("req_1")).not.toBeNull();
      expect(await ledger.totals({})).toMatchObject([{ requests: 1 }]);
    }));

  test("what was committed before can still be read", () =>
    withFaults({ faults: { diskFull: { ...ALL_TRIES, firstTry: 2 } } }, async (ledger) => {
      await ledger.append([requestEntry(recordOf("req_1"))]);
      const stuck = expectRejected(ledger.append([requestEntry(recordOf("req_2"))]));
      await until(() => !ledger.health().isWritable);
      expect(await ledger.request("req_1")).toEqual(recordOf("req_1"));
      await ledger.close();
      await stuck;
    }));

  test("the spill is bounded: what does not fit is refused at once and counted", () =>
    withFaults({ faults: { diskFull: ALL_TRIES }, spillBytes: 5_000 }, async (ledger) => {
      const outcomes = Array.from({ length: 20 }, (_, i) =>
        ledger.append([requestEntry(recordOf(`req_${String(i)}`))]).then(
          () => "committed",
          (error: unknown) => (error instanceof Error && "code" in error ? error.code : "?"),
        ),
      );
      const { queuedEntries, queuedBytes, lostEntries } = ledger.health();
      expect(queuedBytes).toBeLessThanOrEqual(5_000);
      expect(queuedEntries + lostEntries).toBe(20);
      expect(lostEntries).toBeGreaterThan(10);
      await ledger.close();
      const codes = await Promise.all(outcomes);
      expect(codes.slice(0, queuedEntries)).toEqual(Array(queuedEntries).fill("ledger_failed"));
      expect(codes.slice(queuedEntries)).toEqual(Array(lostEntries).fill("ledger_spill_full"));
      expect(ledger.health()).toMatchObject({ lostEntries: 20, queuedEntries: 0, queuedBytes: 0 });
    }));

  test("closing tries for a bounded time, then says what was not written", () =>
    withFaults({ faults: { diskFull: ALL_TRIES }, closeTimeoutMs: 300 }, async (ledger) => {
      const append = expectRejected(ledger.append([requestEntry(recordOf("req_1"))]));
      const startedMs = performance.now();
      await ledger.close();
      expect(performance.now() - startedMs).toBeLessThan(3_000);
      expect(await append).toMatchObject({
        code: "ledger_failed",
        message: expect.stringContaining("database or disk is full"),
      });
      expect(ledger.health().lostEntries).toBe(1);
    }));

  test("closing waits no longer than it takes to commit", () =>
    withFaults({ faults: { diskFull: { firstTry: 1, lastTry: 4 } } }, async (ledger) => {
      const append = ledger.append([requestEntry(recordOf("req_1"))]);
      await until(() => !ledger.health().isWritable);
      await ledger.close();
      await append;
      expect(ledger.health()).toMatchObject({ committedEntries: 1, lostEntries: 0 });
    }));
});

describe("when the file is no longer where it was opened", () => {
  test("nothing counts as committed until it is back", () =>
    withFaults({}, async (ledger, { path }) => {
      await ledger.append([requestEntry(recordOf("req_1"))]);
      await rename(path, `${path}.away`);
      const append = ledger.append([requestEntry(recordOf("req_2"))]);
      await until(() => !ledger.health().isWritable);
      expect(ledger.health()).toMatchObject({
        queuedEntries: 1,
        lastError: expect.stringContaining("moved, replaced or deleted"),
      });
      await writeFile(path, "");
      await sleep(50);
      expect(ledger.health().isWritable).toBe(false);
      await rename(`${path}.away`, path);
      await append;
      expect(ledger.health()).toMatchObject({ isWritable: true, committedEntries: 2 });
    }));
});

describe("when the writer's thread dies", () => {
  test.each([
    ["before it commits", { crashBeforeCommitOfTry: 2 }],
    ["after the commit, before it can say so", { crashAfterCommitOfTry: 2 }],
  ])("%s, a new one takes over and everything counts once", (_, faults) =>
    withFaults({ faults }, async (ledger) => {
      await ledger.append([requestEntry(recordOf("req_0"))]);
      const crashed = ledger.append([requestEntry(recordOf("req_1"))]);
      const waiting = ledger.append([requestEntry(recordOf("req_2"))]);
      await Promise.all([crashed, waiting]);
      await ledger.append([requestEntry(recordOf("req_3"))]);
      expect(await ledger.totals({})).toMatchObject([{ requests: 4, costNanoUsd: 6_288_000n }]);
      expect(ledger.health()).toMatchObject({
        isWritable: true,
        committedEntries: 4,
        lastError: "the writer's thread crashed as ordered",
      });
    }),
  );
});

describe("when another connection holds the file", () => {
  test("appends wait for it to let go", () =>
    withFaults({}, async (ledger, { path }) => {
      const other = openWritable(path);
      other.exec("BEGIN IMMEDIATE");
      const append = ledger.append([requestEntry(recordOf("req_1"))]);
      await until(() => !ledger.health().isWritable);
      expect(ledger.health().lastError).toBe("database is locked");
      other.exec("COMMIT");
      other.close();
      await append;
      expect(ledger.health()).toMatchObject({ isWritable: true, committedEntries: 1 });
    }));
});

async function withFaults(
  options: Partial<SqliteLedgerOptions>,
  run: (ledger: Ledger, place: SqlitePlace) => Promise<void>,
): Promise<void> {
  const place = await makeSqlitePlace({ closeTimeoutMs: 1_000, ...options });
  try {
    const ledger = await place.open();
    try {
      await run(ledger, place);
    } finally {
      await ledger.close();
    }
  } finally {
    await place.remove();
  }
}

/** The rejection, as a value; listens at once, so that it is never unhandled. */
function expectRejected(promise: Promise<void>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable("should have been rejected"),
    (error: unknown) => error,
  );
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}
