import type { Migration } from "./migration.ts";

/** What a replay has asked upstream to answer later. */
export const replayBatchesSchema: Migration = {
  version: 8,
  sql: `
CREATE TABLE replay_batches (
  id TEXT PRIMARY KEY,
  route TEXT NOT NULL,
  dataset TEXT NOT NULL,
  tier INTEGER NOT NULL,
  provider TEXT NOT NULL,
  upstream_id TEXT,
  state TEXT NOT NULL,
  item_ids TEXT NOT NULL,
  high_nano_usd INTEGER,
  propensity REAL NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX replay_batches_open ON replay_batches (route, dataset) WHERE state = 'open';
`,
};
