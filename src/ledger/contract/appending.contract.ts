import fc from "fast-check";
import { expect, test } from "vitest";
import type { LedgerEntry } from "../ledger.ts";
import { withLedger } from "./ledger-place.fixture.ts";
import type { MakePlace } from "./ledger-place.fixture.ts";
import { HOSTILE_TEXTS, anyRecord, attemptOf, recordOf, requestEntry } from "./records.fixture.ts";

/** What an append promises. */
export function describeAppending(makePlace: MakePlace): void {
  test("a committed record is there to be read", () =>
    withLedger(makePlace, async (ledger) => {
      const record = recordOf("req_1");
      await ledger.append([requestEntry(record)]);
      expect(await ledger.request("req_1")).toEqual(record);
      expect((await ledger.requests({}, 10)).rows).toEqual([record]);
      expect(await ledger.request("req_2")).toBeNull();
    }));

  test("an append of nothing is committed at once", () =>
    withLedger(makePlace, async (ledger) => {
      await ledger.append([]);
      expect(ledger.health().committedEntries).toBe(0);
    }));

  test("every field of every record comes back as it was", () =>
    withLedger(makePlace, async (ledger) => {
      let count = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(anyRecord, { minLength: 1, maxLength: 8 }), async (drawn) => {
          const records = drawn.map((record) => ({ ...record, id: `${record.id}${count++}` }));
          await ledger.append(records.map(requestEntry));
          for (const record of records) expect(await ledger.request(record.id)).toEqual(record);
        }),
        { numRuns: 60 },
      );
    }));

  test.each(HOSTILE_TEXTS)("hostile text stays text: %j", (text) =>
    withLedger(makePlace, async (ledger) => {
      const record = recordOf(`id ${text}`, {
        route: `route ${text}`,
        task: text,
        path: text,
        requestedModel: text,
        inputClasses: [text],
        attempts: [attemptOf(0, { model: text, failureCode: text })],
      });
      await ledger.append([requestEntry(record), requestEntry(recordOf("other"))]);
      expect(await ledger.request(record.id)).toEqual(record);
      expect((await ledger.requests({ route: `route ${text}` }, 10)).rows).toEqual([record]);
      expect(await ledger.totals({ route: `route ${text}` })).toMatchObject([{ task: text }]);
      expect((await ledger.requests({}, 10)).rows).toHaveLength(2);
    }),
  );

  test("entries of one append are committed together or not at all", () =>
    withLedger(makePlace, async (ledger) => {
      const stray: LedgerEntry = { kind: "attempt", requestId: "nobody", attempt: attemptOf(1) };
      const appends = [
        ledger.append([requestEntry(recordOf("req_before"))]),
        ledger.append([requestEntry(recordOf("req_torn")), stray]),
        ledger.append([requestEntry(recordOf("req_after"))]),
      ];
      const outcomes = await Promise.allSettled(appends);
      expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      expect(outcomes[1]).toMatchObject({ reason: { code: "ledger_failed" } });
      expect(await ledger.request("req_torn")).toBeNull();
      expect(await ledger.request("req_after")).not.toBeNull();
      expect(await ledger.totals({})).toMatchObject([{ requests: 2 }]);
      expect(ledger.health()).toMatchObject({ isWritable: true, queuedEntries: 0 });
    }));

  test("a record that cannot be stored is refused without holding up others", () =>
    withLedger(makePlace, async (ledger) => {
      const broken = recordOf("req_broken", { latencyMs: Number.NaN });
      await expect(ledger.append([requestEntry(broken)])).rejects.toMatchObject({
        code: "ledger_failed",
      });
      await ledger.append([requestEntry(recordOf("req_fine"))]);
      expect(await ledger.request("req_broken")).toBeNull();
      expect(await ledger.request("req_fine")).not.toBeNull();
    }));

  test("the same record twice counts once, and the first stays", () =>
    withLedger(makePlace, async (ledger) => {
      await ledger.append([requestEntry(recordOf("req_1"))]);
      await ledger.append([requestEntry(recordOf("req_1", { status: 500 }))]);
      expect(await ledger.request("req_1")).toMatchObject({ status: 200 });
      expect(await ledger.totals({})).toMatchObject([{ requests: 1, costNanoUsd: 1_572_000n }]);
    }));

  test("attempts that end later join their request in order, each once", () =>
    withLedger(makePlace, async (ledger) => {
      const late = [attemptOf(2, { role: "shadow_answer" }), attemptOf(1), attemptOf(2)];
      await ledger.append([requestEntry(recordOf("req_1"))]);
      for (const attempt of late) {
        await ledger.append([{ kind: "attempt", requestId: "req_1", attempt }]);
      }
      const record = await ledger.request("req_1");
      expect(record?.attempts).toEqual([attemptOf(0), late[1], late[0]]);
    }));

  test("an attempt may come in the same append as its request", () =>
    withLedger(makePlace, async (ledger) => {
      const attempt = attemptOf(1, { role: "shadow_triage" });
      await ledger.append([
        requestEntry(recordOf("req_1")),
        { kind: "attempt", requestId: "req_1", attempt },
      ]);
      expect((await ledger.request("req_1"))?.attempts).toHaveLength(2);
      expect(await ledger.totals({})).toMatchObject([{ costNanoUsd: 2n * 1_572_000n }]);
    }));

  test("closing commits what waits, and takes nothing more", () =>
    withLedger(makePlace, async (ledger, place) => {
      const ids = Array.from({ length: 1_200 }, (_, index) => `req_${String(index)}`);
      const appends = ids.map((id) => ledger.append([requestEntry(recordOf(id))]));
      await ledger.close();
      await Promise.all(appends);
      await expect(ledger.append([requestEntry(recordOf("late"))])).rejects.toMatchObject({
        code: "ledger_closed",
      });
      const reopened = await place.open();
      expect(await reopened.totals({})).toMatchObject([{ requests: ids.length }]);
      expect(await reopened.request("req_1199")).not.toBeNull();
      await reopened.close();
    }));

  test("closing twice is closing once", () =>
    withLedger(makePlace, async (ledger) => {
      await Promise.all([ledger.close(), ledger.close()]);
    }));
}
