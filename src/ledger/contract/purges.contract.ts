import { expect, test } from "vitest";
import type { ImportedItem, Ledger } from "../ledger.ts";
import type { Job } from "../records/job.ts";
import {
  evidenceEntry,
  evidenceOf,
  gradeEntry,
  gradeOf,
  recount,
  rolledUp,
} from "./evidence.fixture.ts";
import { withLedger } from "./ledger-place.fixture.ts";
import type { MakePlace } from "./ledger-place.fixture.ts";
import { recordOf, requestEntry } from "./records.fixture.ts";

/** What is deleted, and what never is. */
export function describePurges(makePlace: MakePlace): void {
  test("a data set goes with its texts and verdicts; everything else stays", () =>
    withLedger(makePlace, async (ledger) => {
      await fill(ledger);
      await importAll(ledger, [...itemsOf("old", 1_200), ...itemsOf("new", 3)]);
      await ledger.append([
        gradeEntry(gradeOf("grade_old", "old_7", { outcome: "wrong" })),
        gradeEntry(gradeOf("grade_new", "new_1", { outcome: "wrong" })),
      ]);
      const totals = await ledger.totals({});
      const kept = await ledger.evidenceOf("new_1");
      expect(await ledger.datasetSize("old")).toEqual({ items: 1_200, bodies: 1_200 });
      const steps: number[] = [];
      expect(await ledger.purgeDataset("old", (items) => steps.push(items))).toEqual({
        items: 1_200,
        bodies: 1_200,
      });
      expect(steps.at(-1)).toBe(1_200);
      expect(await ledger.datasetSize("old")).toEqual({ items: 0, bodies: 0 });
      expect(await ledger.purgeDataset("old")).toEqual({ items: 0, bodies: 0 });
      expect(await ledger.evidenceOf("old_7")).toEqual([]);
      expect(await ledger.grades("old_7")).toEqual([]);
      expect(await ledger.body("old_7", "request")).toBeNull();
      expect(await ledger.evidenceOf("new_1")).toEqual(kept);
      expect(await ledger.grades("new_1")).toHaveLength(1);
      expect(await ledger.body("new_1", "request")).not.toBeNull();
      expect(await ledger.totals({})).toEqual(totals);
      expect(await ledger.request("req_1")).not.toBeNull();
      expect(await ledger.thresholdVersions("support")).toHaveLength(1);
      expect(await rolledUp(ledger)).toEqual(await recount(ledger));
    }));

  test("texts of a request stay, and of an item that another tier or data set has too", () =>
    withLedger(makePlace, async (ledger) => {
      await fill(ledger);
      await importAll(ledger, [
        item("req_1", { dataset: "old", tier: 1, deepTier: 2 }),
        item("shared", { dataset: "old" }),
        item("shared", { dataset: "new", tier: 1, deepTier: 2 }),
      ]);
      await ledger.append([gradeEntry(gradeOf("grade_1", "shared", { tier: 1 }))]);
      expect(await ledger.datasetSize("old")).toEqual({ items: 2, bodies: 0 });
      expect(await ledger.purgeDataset("old")).toEqual({ items: 2, bodies: 0 });
      expect(await ledger.body("req_1", "request")).not.toBeNull();
      expect(await ledger.body("shared", "request")).not.toBeNull();
      expect(await ledger.grades("shared")).toHaveLength(1);
      expect(await ledger.evidenceOf("req_1")).toHaveLength(1);
      expect(await rolledUp(ledger)).toEqual(await recount(ledger));
    }));

  test("a purged data set can be imported again", () =>
    withLedger(makePlace, async (ledger) => {
      await importAll(ledger, itemsOf("set", 5));
      await ledger.purgeDataset("set");
      expect(await importAll(ledger, itemsOf("set", 5))).toEqual({ added: 5, known: 0 });
      expect(await ledger.datasetSize("set")).toEqual({ items: 5, bodies: 5 });
      expect(await rolledUp(ledger)).toEqual(await recount(ledger));
    }));

  test("bodies are counted before they are purged by age", () =>
    withLedger(makePlace, async (ledger, { clock }) => {
      await fill(ledger);
      clock.advance(10);
      expect(await ledger.bodiesOlderThan(clock.nowMs() - 10)).toBe(0);
      expect(await ledger.bodiesOlderThan(clock.nowMs())).toBe(1);
      expect(await ledger.purgeBodies(clock.nowMs())).toBe(1);
      expect(await ledger.bodiesOlderThan(clock.nowMs())).toBe(0);
    }));

  test("finished jobs go once they are old; those that wait or are worked on never", () =>
    withLedger(makePlace, async (ledger, { clock }) => {
      await ledger.append(["done", "given_up", "leased", "waiting"].map((id) => job(id, clock)));
      await ledger.append([
        {
          ...job("later", clock),
          job: { ...job("later", clock).job, dueAtMs: clock.nowMs() + 1e9 },
        },
      ]);
      await ledger.leaseJobs(["judge"], 3, 60_000);
      await ledger.append([
        { kind: "job_end", jobId: "done", tries: 1, end: { state: "done" } },
        {
          ...{ kind: "job_end", jobId: "given_up", tries: 1 },
          end: { state: "given_up", error: "judge_refused" },
        },
      ]);
      expect(await ledger.purgeJobs(clock.nowMs() + 60_000)).toBe(0);
      clock.advance(60_001);
      expect(await ledger.purgeJobs(clock.nowMs())).toBe(2);
      const left = await ledger.jobCounts({});
      expect(left).toEqual([expect.objectContaining({ state: "waiting", jobs: 3 })]);
    }));
}

/** A request with a text, evidence of it, and a threshold in the audit. */
async function fill(ledger: Ledger): Promise<void> {
  await ledger.append([
    requestEntry(recordOf("req_1")),
    evidenceEntry(evidenceOf("req_1")),
    { kind: "body", body: { requestId: "req_1", part: "request", bytes: new Uint8Array([1]) } },
  ]);
  await ledger.addThresholdVersion({
    ...{ id: "tv_1", route: "support", tier: 0, threshold: 0.9, configuredThreshold: 0.8 },
    ...{ createdAtMs: 1, reason: "tune", by: "operator", certificate: null },
  });
}

function itemsOf(dataset: string, count: number): readonly ImportedItem[] {
  return Array.from({ length: count }, (_, index) =>
    item(`${dataset}_${String(index)}`, { dataset }),
  );
}

function item(itemId: string, changes: Parameters<typeof evidenceOf>[1]): ImportedItem {
  const bytes = new TextEncoder().encode(`request of ${itemId}`);
  return {
    evidence: evidenceOf(itemId, { source: "import", decision: "imported", ...changes }),
    bodies: [{ requestId: itemId, part: "request", bytes }],
  };
}

async function importAll(ledger: Ledger, items: readonly ImportedItem[]): Promise<unknown> {
  return ledger.importItems(
    (async function* () {
      yield items;
    })(),
  );
}

function job(id: string, clock: { nowMs(): number }): { readonly kind: "job"; readonly job: Job } {
  const nowMs = clock.nowMs();
  return {
    kind: "job",
    job: {
      ...{ id, kind: "judge", route: "support", itemId: "item_1", payload: "{}" },
      ...{ createdAtMs: nowMs, dueAtMs: nowMs, tries: 0, state: "waiting", lastError: null },
    },
  };
}
