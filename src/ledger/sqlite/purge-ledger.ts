import type { LedgerPurges, PurgeCount } from "../ledger-purges.ts";
import { createRowReader } from "../records/row-reader.ts";
import { OF_DATASET } from "./apply-purge.ts";
import type { DatasetItem } from "./apply-purge.ts";
import type { Queries } from "./queries.ts";
import type { WriteOperation } from "./writer-protocol.ts";

/** Rows that one transaction deletes: others get to write in between. */
const STEP_ROWS = 500;

/** @param write commits one operation and resolves with how many rows it changed */
export function createPurges(
  write: (operation: WriteOperation) => Promise<number>,
  queries: Queries,
): LedgerPurges {
  return {
    bodiesOlderThan: async (olderThanMs) =>
      readCount(
        queries,
        "SELECT count(*) AS value FROM bodies WHERE stored_at_ms < ?",
        olderThanMs,
      ),
    datasetSize: async (dataset) => readDatasetSize(queries, dataset),
    purgeBodies: (olderThanMs) => inSteps(() => write(["purge_bodies", olderThanMs, STEP_ROWS])),
    purgeJobs: (endedBeforeMs) => inSteps(() => write(["purge_jobs", endedBeforeMs, STEP_ROWS])),
    purgeDataset: (dataset, onStep) => purgeDataset(write, queries, dataset, onStep),
  };
}

async function inSteps(step: () => Promise<number>): Promise<number> {
  let deleted = 0;
  for (;;) {
    const count = await step();
    deleted += count;
    if (count < STEP_ROWS) return deleted;
  }
}

/** Texts go before their items: an interrupted purge leaves nothing that a second one misses. */
async function purgeDataset(
  write: (operation: WriteOperation) => Promise<number>,
  queries: Queries,
  dataset: string,
  onStep: (deletedItems: number) => void = () => undefined,
): Promise<PurgeCount> {
  let items = 0;
  let bodies = 0;
  for (let after = 0; ;) {
    const found = queries.all(NEXT_ITEMS, [dataset, after, STEP_ROWS]).map((row) => {
      const read = createRowReader(row);
      after = read.number("sequence");
      return [read.text("item_id"), read.number("tier")] satisfies DatasetItem;
    });
    if (found.length === 0) return { items, bodies };
    bodies += await write(["purge_bodies_of", dataset, found.map(([itemId]) => itemId)]);
    items += await write(["purge_items", dataset, found]);
    onStep(items);
  }
}

const NEXT_ITEMS =
  "SELECT sequence, item_id, tier FROM evidence WHERE dataset = ? AND sequence > ? " +
  "ORDER BY sequence LIMIT ?";

function readDatasetSize(queries: Queries, dataset: string): PurgeCount {
  return {
    items: readCount(queries, "SELECT count(*) AS value FROM evidence WHERE dataset = ?", dataset),
    bodies: readCount(
      queries,
      "SELECT count(*) AS value FROM bodies WHERE request_id IN " +
        `(SELECT item_id FROM evidence WHERE dataset = ?) AND ${OF_DATASET}`,
      dataset,
      dataset,
    ),
  };
}

function readCount(queries: Queries, sql: string, ...values: (string | number)[]): number {
  return createRowReader(queries.one(sql, values) ?? {}).number("value");
}
