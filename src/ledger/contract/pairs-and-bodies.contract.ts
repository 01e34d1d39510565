import fc from "fast-check";
import { expect, test } from "vitest";
import type { Ledger } from "../ledger.ts";
import { SHADOW_KIND, shadowJobId, type Job } from "../records/job.ts";
import { evidenceOf, gradeOf } from "./evidence.fixture.ts";
import { withLedger } from "./ledger-place.fixture.ts";
import type { MakePlace } from "./ledger-place.fixture.ts";
import { START_MS, anyPair, pairOf, recordOf, requestEntry } from "./records.fixture.ts";

const PENDING = { attempt: null, missing: "pending", model: null, confidence: null } as const;

/** Shadow pairs, and texts that are kept apart from the records. */
export function describePairsAndBodies(makePlace: MakePlace): void {
  test("every field of every pair comes back as it was", () =>
    withLedger(makePlace, async (ledger) => {
      let count = 0;
      await fc.assert(
        fc.asyncProperty(anyPair, async (drawn) => {
          const pair = { ...drawn, requestId: `${drawn.requestId}${String(count++)}` };
          await ledger.append([{ kind: "pair", pair }]);
          expect(await ledger.pair(pair.requestId)).toEqual(pair);
        }),
        { numRuns: 60 },
      );
    }));

  test("a pair is replaced by the next one of its request", () =>
    withLedger(makePlace, async (ledger) => {
      const whole = pairOf("req_1", { createdAtMs: START_MS + 5, routeVersion: "rv_2" });
      await ledger.append([{ kind: "pair", pair: pairOf("req_1", { cheap: PENDING }) }]);
      await ledger.append([{ kind: "pair", pair: whole }]);
      expect(await ledger.pair("req_1")).toEqual(whole);
      expect((await ledger.pairs({}, 10)).rows).toEqual([whole]);
      expect(await ledger.pair("req_2")).toBeNull();
    }));

  test("sides left pending by an earlier process are given up, and no others", () =>
    withLedger(makePlace, async (ledger) => {
      const startedMs = START_MS + 1_000;
      const pairs = [
        pairOf("old_cheap", { cheap: PENDING }),
        pairOf("old_deep", { deep: PENDING }),
        pairOf("old_both", { cheap: PENDING, deep: PENDING }),
        pairOf("old_whole"),
        pairOf("old_failed", { cheap: { ...PENDING, missing: "http_error" } }),
        pairOf("new", { cheap: PENDING, createdAtMs: startedMs }),
      ];
      await ledger.append(pairs.map((pair) => ({ kind: "pair", pair })));
      expect(await ledger.expirePendingPairs(startedMs)).toBe(3);
      expect(await ledger.expirePendingPairs(startedMs)).toBe(0);
      const missing = async (id: string): Promise<unknown> => {
        const pair = await ledger.pair(id);
        return [pair?.cheap.missing, pair?.deep.missing];
      };
      expect(await missing("old_cheap")).toEqual(["credential_gone", null]);
      expect(await missing("old_deep")).toEqual([null, "credential_gone"]);
      expect(await missing("old_both")).toEqual(["credential_gone", "credential_gone"]);
      expect(await missing("old_whole")).toEqual([null, null]);
      expect(await missing("old_failed")).toEqual(["http_error", null]);
      expect(await missing("new")).toEqual(["pending", null]);
    }));

  test("a side that a job waits to fetch is not given up, whatever became of other jobs", () =>
    withLedger(makePlace, async (ledger) => {
      const jobs = [
        sideJobOf("waiting"),
        { ...sideJobOf("over"), state: "given_up" as const, lastError: "failed" },
        { ...sideJobOf("other"), id: "compare:other" },
      ];
      await ledger.append(jobs.map((job) => ({ kind: "job", job })));
      for (const id of ["waiting", "over", "other"]) {
        await ledger.append([{ kind: "pair", pair: pairOf(id, { cheap: PENDING }) }]);
      }
      expect(await ledger.expirePendingPairs(START_MS + 1_000)).toBe(2);
      expect((await ledger.pair("waiting"))?.cheap.missing).toBe("pending");
      expect((await ledger.pair("over"))?.cheap.missing).toBe("credential_gone");
    }));

  test("evidence that waits for a deep answer is told that it will not come", () =>
    withLedger(makePlace, async (ledger) => {
      await ledger.append([
        { kind: "pair", pair: pairOf("req_1", { deep: PENDING }) },
        { kind: "evidence", evidence: evidenceOf("req_1", { deepMissing: "pending" }) },
        { kind: "grade", grade: gradeOf("grade_1", "req_1") },
        { kind: "evidence", evidence: evidenceOf("req_2", { deepMissing: "pending" }) },
      ]);
      await ledger.expirePendingPairs(START_MS + 1_000);
      expect(await ledger.evidenceOf("req_1")).toMatchObject([
        { deepMissing: "credential_gone", cheap: { human: "right" } },
      ]);
      const counts = await ledger.evidenceCounts({});
      const missing = counts.map(({ key, items }) => [key.deepMissing, key.cheap.human, items]);
      expect(missing.toSorted()).toEqual([
        ["credential_gone", "right", 1],
        ["pending", null, 1],
      ]);
    }));

  test("a body comes back byte for byte, whatever it is", () =>
    withLedger(makePlace, async (ledger) => {
      const bodies = fc.uint8Array({ maxLength: 4_000, size: "max" });
      await fc.assert(
        fc.asyncProperty(bodies, async (bytes) => {
          await putBody(ledger, "req_1", "answer:0", bytes);
          expect(await ledger.body("req_1", "answer:0")).toEqual(bytes);
        }),
        { numRuns: 30 },
      );
      const long = new TextEncoder().encode("the same words again ".repeat(20_000));
      await putBody(ledger, "req_1", "request", long);
      expect(await ledger.body("req_1", "request")).toEqual(long);
      expect(await ledger.body("req_1", "answer:1")).toBeNull();
    }));

  test("a body is what it was when it was appended, even of a piece of a shared buffer", () =>
    withLedger(makePlace, async (ledger) => {
      const shared = Buffer.from("before the body after");
      const written = putBody(ledger, "req_1", "request", shared.subarray(7, 15));
      shared.fill(0);
      await written;
      expect(await ledger.body("req_1", "request")).toEqual(new TextEncoder().encode("the body"));
    }));

  test("bodies are purged by age without touching a record", () =>
    withLedger(makePlace, async (ledger, { clock }) => {
      const record = recordOf("req_1");
      const bytes = new TextEncoder().encode("words ".repeat(400));
      await ledger.append([
        requestEntry(record),
        { kind: "body", body: { requestId: "req_1", part: "request", bytes } },
        { kind: "body", body: { requestId: "req_1", part: "answer:0", bytes } },
      ]);
      clock.advance(1_000);
      await putBody(ledger, "req_1", "answer:0", bytes);
      expect(await ledger.purgeBodies(clock.nowMs())).toBe(1);
      expect(await ledger.body("req_1", "request")).toBeNull();
      expect(await ledger.body("req_1", "answer:0")).toEqual(bytes);
      expect(await ledger.purgeBodies(clock.nowMs() + 1)).toBe(1);
      expect(await ledger.body("req_1", "answer:0")).toBeNull();
      expect(await ledger.request("req_1")).toEqual(record);
      expect(await ledger.totals({})).toMatchObject([{ requests: 1 }]);
    }));

  test("a purge of many bodies counts them all", () =>
    withLedger(makePlace, async (ledger, { clock }) => {
      const bytes = new TextEncoder().encode("words");
      const ids = Array.from({ length: 1_300 }, (_, index) => `req_${String(index)}`);
      await Promise.all(ids.map((id) => putBody(ledger, id, "request", bytes)));
      expect(await ledger.purgeBodies(clock.nowMs() + 1)).toBe(ids.length);
      expect(await ledger.body("req_7", "request")).toBeNull();
    }));
}

function putBody(
  ledger: Ledger,
  requestId: string,
  part: string,
  bytes: Uint8Array,
): Promise<void> {
  return ledger.append([{ kind: "body", body: { requestId, part, bytes } }]);
}

function sideJobOf(itemId: string): Job {
  return {
    id: shadowJobId(itemId),
    kind: SHADOW_KIND,
    route: "support",
    itemId,
    payload: "{}",
    createdAtMs: START_MS,
    dueAtMs: START_MS,
    tries: 0,
    state: "waiting",
    lastError: null,
  };
}
