import { expect, test } from "vitest";
import { withLedger } from "./ledger-place.fixture.ts";
import type { MakePlace } from "./ledger-place.fixture.ts";
import { recordOf, requestEntry } from "./records.fixture.ts";

/** Backups, several handles, and what a ledger says of itself. */
export function describeUpkeep(makePlace: MakePlace): void {
  test("what one handle commits the other reads", () =>
    withLedger(makePlace, async (ledger, place) => {
      const other = await place.open();
      await Promise.all(
        Array.from({ length: 40 }, async (_, index) => {
          const writer = index % 2 === 0 ? ledger : other;
          await writer.append([requestEntry(recordOf(`req_${String(index)}`))]);
        }),
      );
      for (const handle of [ledger, other]) {
        expect((await handle.requests({}, 100)).rows).toHaveLength(40);
        expect(await handle.totals({})).toMatchObject([{ requests: 40 }]);
      }
      await other.close();
    }));

  test("a backup is a consistent copy, made while records come in", () =>
    withLedger(makePlace, async (ledger, place) => {
      let written = 0;
      const write = async (): Promise<void> => {
        await ledger.append([requestEntry(recordOf(`req_${String(written)}`))]);
        written += 1;
      };
      for (let i = 0; i < 200; i += 1) await write();
      let isDone = false;
      const backup = ledger.backup(place.copyPath).finally(() => {
        isDone = true;
      });
      while (!isDone) await write();
      await backup;
      const copy = await place.openCopy();
      const [totals] = await copy.totals({});
      const { rows } = await copy.requests({}, 1_000);
      expect(totals?.requests).toBeGreaterThanOrEqual(200);
      expect(totals?.requests).toBeLessThanOrEqual(written);
      expect(rows).toHaveLength(totals?.requests ?? 0);
      await copy.append([requestEntry(recordOf("only in the copy"))]);
      expect(await ledger.request("only in the copy")).toBeNull();
      await copy.close();
    }));

  test("a backup never overwrites", () =>
    withLedger(makePlace, async (ledger, place) => {
      await ledger.backup(place.copyPath);
      await expect(ledger.backup(place.copyPath)).rejects.toMatchObject({ code: "backup_failed" });
      const copy = await place.openCopy();
      expect(await copy.totals({})).toEqual([]);
      await copy.close();
    }));

  test("health counts what waits and what is committed", () =>
    withLedger(makePlace, async (ledger) => {
      const healthy = { isWritable: true, lostEntries: 0, lastError: null };
      const idle = { ...healthy, queuedEntries: 0, queuedBytes: 0 };
      expect(ledger.health()).toEqual({ ...idle, committedEntries: 0 });
      const appends = [
        ledger.append([requestEntry(recordOf("req_1")), requestEntry(recordOf("req_2"))]),
        ledger.append([requestEntry(recordOf("req_3"))]),
      ];
      expect(ledger.health()).toMatchObject({ queuedEntries: 3, committedEntries: 0 });
      expect(ledger.health().queuedBytes).toBeGreaterThan(500);
      await Promise.all(appends);
      expect(ledger.health()).toEqual({ ...idle, committedEntries: 3 });
    }));
}
