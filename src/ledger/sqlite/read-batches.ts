import type { ReplayBatch } from "../records/replay-batch.ts";
import { REPLAY_BATCH_COLUMNS, rowToReplayBatch } from "../records/replay-batch-row.ts";
import type { Queries } from "./queries.ts";

const OPEN =
  `SELECT ${REPLAY_BATCH_COLUMNS.join(", ")} FROM replay_batches ` +
  "WHERE state = 'open' AND route = ? AND dataset = ? ORDER BY created_at_ms, id";

export function readOpenBatches(
  queries: Queries,
  route: string,
  dataset: string,
): readonly ReplayBatch[] {
  return queries.all(OPEN, [route, dataset]).map(rowToReplayBatch);
}
