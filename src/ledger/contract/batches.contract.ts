import { expect, test } from "vitest";
import type { LedgerEntry } from "../ledger.ts";
import type { ReplayBatch } from "../records/replay-batch.ts";
import { evidenceEntry, evidenceOf } from "./evidence.fixture.ts";
import { withLedger } from "./ledger-place.fixture.ts";
import type { MakePlace } from "./ledger-place.fixture.ts";
import { START_MS } from "./records.fixture.ts";

/** What a replay has asked upstream to answer later. */
export function describeBatches(makePlace: MakePlace): void {
  test("open batches of a data set come back as they were, oldest first, to every process", () =>
    withLedger(makePlace, async (ledger, { open }) => {
      const intended = batchOf("bat_2", { upstreamId: null, createdAtMs: START_MS + 1 });
      const asked = batchOf("bat_1", { highNanoUsd: null, itemIds: ["itm_1", "itm_\u{1F600}"] });
      await ledger.append([
        entry(intended),
        entry(asked),
        entry(batchOf("bat_3", { dataset: "other" })),
        entry(batchOf("bat_4", { route: "search" })),
        entry(batchOf("bat_5", { state: "booked", itemIds: [] })),
      ]);
      const other = await open();
      expect(await other.openBatches("support", "week")).toEqual([asked, intended]);
      await other.close();
    }));

  test("a batch is replaced with what it yields, in one commit, and closed for good", () =>
    withLedger(makePlace, async (ledger) => {
      const batch = batchOf("bat_1", { upstreamId: null });
      await ledger.append([entry(batch)]);
      await ledger.append([entry({ ...batch, upstreamId: "msgbatch_1" })]);
      expect(await ledger.openBatches("support", "week")).toEqual([
        { ...batch, upstreamId: "msgbatch_1" },
      ]);
      const booked = entry({ ...batch, state: "booked", itemIds: [] });
      await ledger.append([evidenceEntry(evidenceOf("itm_1")), booked]);
      expect(await ledger.openBatches("support", "week")).toEqual([]);
      expect(await ledger.evidenceOf("itm_1")).toHaveLength(1);
    }));
}

function batchOf(id: string, changes: Partial<ReplayBatch> = {}): ReplayBatch {
  return {
    ...{ id, route: "support", dataset: "week", tier: 1, provider: "anthropic" },
    ...{ upstreamId: "msgbatch_1", state: "open", itemIds: ["itm_1"] },
    ...{ highNanoUsd: 12_345_678_901_234_567n, propensity: 0.1, createdAtMs: START_MS },
    ...changes,
  };
}

function entry(batch: ReplayBatch): LedgerEntry {
  return { kind: "batch", batch };
}
