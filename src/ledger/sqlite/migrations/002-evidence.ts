import type { DatabaseSync } from "node:sqlite";
import { createCountGatherer } from "../../records/count-gatherer.ts";
import { createRowReader } from "../../records/row-reader.ts";
import type { SqlRow } from "../../records/sql-value.ts";
import { countTriage } from "../../records/triage-counts.ts";
import { TRIAGE_COUNTS, createAddCounts } from "../add-counts.ts";
import type { Migration } from "./migration.ts";

/**
 * Evidence, what graders say, background work, and the two roll-ups that reports read.
 *
 * `own_outcomes` is what came with the evidence itself, as JSON; the outcome columns are that and
 * the standing grades together. Rows are told apart by `sequence`, which indexes carry for nothing.
 * Each index serves one read: pages by time, of a route by time and by confidence, of clusters; verdicts of
 * an item and of a kind; jobs to hand out and those handed out.
 *
 * Triages of the records that are there are counted once, here. Their pairs do not become evidence:
 * with which propensity they were drawn was not always kept.
 */
export const evidenceSchema: Migration = {
  version: 2,
  sql: `
-- Requests that no route concerns are most of some ledgers, and nobody asks for them by route.
DROP INDEX requests_by_route;
CREATE INDEX requests_by_route ON requests (route, started_at_ms, id) WHERE route IS NOT NULL;

CREATE TABLE evidence (
  sequence INTEGER PRIMARY KEY,
  item_id TEXT NOT NULL,
  tier INTEGER NOT NULL,
  deep_tier INTEGER NOT NULL,
  source TEXT NOT NULL,
  dataset TEXT,
  route TEXT NOT NULL,
  task TEXT,
  created_at_ms INTEGER NOT NULL,
  cluster TEXT,
  input_classes TEXT,
  decision TEXT NOT NULL,
  propensity REAL,
  cheap_model TEXT,
  deep_model TEXT,
  prompt_hash TEXT,
  confidence REAL,
  cheap_missing TEXT,
  deep_missing TEXT,
  cheap_cost_nano_usd INTEGER,
  deep_cost_nano_usd INTEGER,
  cheap_latency_ms REAL,
  deep_latency_ms REAL,
  cheap_label TEXT,
  cheap_human TEXT,
  cheap_judge TEXT,
  deep_label TEXT,
  deep_human TEXT,
  deep_judge TEXT,
  differs INTEGER,
  own_outcomes TEXT,
  UNIQUE (item_id, tier)
) STRICT;
CREATE INDEX evidence_by_time ON evidence (created_at_ms);
CREATE INDEX evidence_by_route ON evidence (route, created_at_ms);
CREATE INDEX evidence_by_confidence ON evidence (route, ifnull(confidence, -1));
CREATE INDEX evidence_clustered ON evidence (route, created_at_ms) WHERE cluster IS NOT NULL;

CREATE TABLE grades (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  item_id TEXT NOT NULL,
  tier INTEGER NOT NULL,
  graded_by TEXT NOT NULL,
  outcome TEXT NOT NULL,
  grader TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  is_repeat INTEGER NOT NULL,
  note TEXT,
  retracted_at_ms INTEGER
) STRICT;
CREATE INDEX grades_by_item ON grades (item_id, tier, graded_by);
CREATE INDEX grades_by_kind ON grades (graded_by, created_at_ms);

CREATE TABLE jobs (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  route TEXT NOT NULL,
  item_id TEXT NOT NULL,
  payload TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  due_at_ms INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  state TEXT NOT NULL,
  last_error TEXT,
  -- When it is due, or when the present lease ends.
  available_at_ms INTEGER NOT NULL,
  lease TEXT
) STRICT;
CREATE INDEX jobs_waiting ON jobs (kind, available_at_ms) WHERE state = 'waiting';
CREATE INDEX jobs_leased ON jobs (lease) WHERE lease IS NOT NULL;

CREATE TABLE evidence_counts (
  day_ms INTEGER NOT NULL,
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  items INTEGER NOT NULL,
  priced_items INTEGER NOT NULL,
  cheap_cost_nano_usd INTEGER NOT NULL,
  deep_cost_nano_usd INTEGER NOT NULL,
  PRIMARY KEY (day_ms, route, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE triage_counts (
  day_ms INTEGER NOT NULL,
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  items INTEGER NOT NULL,
  priced_items INTEGER NOT NULL,
  cheap_cost_nano_usd INTEGER NOT NULL,
  PRIMARY KEY (day_ms, route, key)
) STRICT, WITHOUT ROWID;
`,
  fill: countTriagesOfRecords,
};

function countTriagesOfRecords(database: DatabaseSync): void {
  const counts = createCountGatherer();
  const records = database.prepare(
    "SELECT started_at_ms, route, task, attempts FROM requests WHERE route IS NOT NULL",
  );
  for (const row of records.iterate()) {
    const read = createRowReader(row);
    const request = {
      startedAtMs: read.number("started_at_ms"),
      route: read.text("route"),
      task: read.textOrNull("task"),
    };
    const attempts = read.list("attempts", (tuple) => (isTuple(tuple) ? tuple : undefined));
    for (const attempt of attempts) countTriage(counts, request, attempt);
  }
  createAddCounts(database, TRIAGE_COUNTS)(counts);
}

/** Written by this room only, so a glance is enough. */
function isTuple(value: unknown): value is SqlRow {
  return Array.isArray(value);
}
