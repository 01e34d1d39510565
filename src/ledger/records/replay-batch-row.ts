import { createRowReader } from "./row-reader.ts";
import type { StoredRow } from "./row-reader.ts";
import type { ReplayBatch } from "./replay-batch.ts";
import type { SqlRow } from "./sql-value.ts";

/** Columns of table `replay_batches`, in the order of `replayBatchToRow`. */
export const REPLAY_BATCH_COLUMNS = [
  "id",
  "route",
  "dataset",
  "tier",
  "provider",
  "upstream_id",
  "state",
  "item_ids",
  "high_nano_usd",
  "propensity",
  "created_at_ms",
] as const;

export function replayBatchToRow(batch: ReplayBatch): SqlRow {
  return [
    batch.id,
    batch.route,
    batch.dataset,
    batch.tier,
    batch.provider,
    batch.upstreamId,
    batch.state,
    JSON.stringify(batch.itemIds),
    batch.highNanoUsd === null ? null : batch.highNanoUsd.toString(),
    batch.propensity,
    batch.createdAtMs,
  ];
}

/** @throws LeadsmanError `ledger_corrupt` */
export function rowToReplayBatch(row: StoredRow): ReplayBatch {
  const read = createRowReader(row);
  return {
    id: read.text("id"),
    route: read.text("route"),
    dataset: read.text("dataset"),
    tier: read.number("tier"),
    provider: read.text("provider"),
    upstreamId: read.textOrNull("upstream_id"),
    state: read.word("state"),
    itemIds: read.list("item_ids", (id) => (typeof id === "string" ? id : undefined)),
    highNanoUsd: read.moneyOrNull("high_nano_usd"),
    propensity: read.number("propensity"),
    createdAtMs: read.number("created_at_ms"),
  };
}
