import type { Migration } from "./migration.ts";

/**
 * One row per request, without bodies, in the order of arrival; its attempts are in it as JSON.
 *
 * Each index serves one read: `requests_by_time` and `requests_by_route` the pages, `pairs_pending`
 * the clean-up after a restart, `bodies_by_time` the purge. `hourly_totals` is looked up by hour.
 */
export const firstSchema: Migration = {
  version: 1,
  sql: `
CREATE TABLE requests (
  id TEXT NOT NULL UNIQUE,
  started_at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  path TEXT NOT NULL,
  route TEXT,
  route_version TEXT,
  mode TEXT,
  task TEXT,
  requested_model TEXT,
  decision TEXT NOT NULL,
  reason TEXT,
  tier INTEGER,
  model TEXT,
  confidence REAL,
  threshold REAL,
  threshold_version TEXT,
  is_streaming INTEGER NOT NULL,
  status INTEGER NOT NULL,
  stop_reason TEXT,
  first_byte_ms REAL,
  latency_ms REAL NOT NULL,
  request_bytes INTEGER NOT NULL,
  response_bytes INTEGER NOT NULL,
  body_hash TEXT,
  input_classes TEXT,
  draws TEXT,
  all_deep_nano_usd INTEGER,
  all_deep_basis TEXT,
  attempts TEXT NOT NULL
) STRICT;
CREATE INDEX requests_by_time ON requests (started_at_ms, id);
CREATE INDEX requests_by_route ON requests (route, started_at_ms, id);

CREATE TABLE pairs (
  request_id TEXT NOT NULL UNIQUE,
  route TEXT NOT NULL,
  route_version TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  cheap_attempt INTEGER,
  cheap_missing TEXT,
  cheap_model TEXT,
  cheap_confidence REAL,
  deep_attempt INTEGER,
  deep_missing TEXT,
  deep_model TEXT,
  deep_confidence REAL
) STRICT;
CREATE INDEX pairs_by_time ON pairs (created_at_ms, request_id);
CREATE INDEX pairs_by_route ON pairs (route, created_at_ms, request_id);
CREATE INDEX pairs_pending ON pairs (created_at_ms)
  WHERE cheap_missing = 'pending' OR deep_missing = 'pending';

CREATE TABLE bodies (
  request_id TEXT NOT NULL,
  part TEXT NOT NULL,
  stored_at_ms INTEGER NOT NULL,
  encoding TEXT NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (request_id, part)
) STRICT;
CREATE INDEX bodies_by_time ON bodies (stored_at_ms);

CREATE TABLE hourly_totals (
  hour_ms INTEGER NOT NULL,
  route TEXT,
  task TEXT,
  mode TEXT,
  decision TEXT NOT NULL,
  reason TEXT,
  requests INTEGER NOT NULL,
  unpriced_requests INTEGER NOT NULL,
  estimated_requests INTEGER NOT NULL,
  cost_nano_usd INTEGER NOT NULL,
  all_deep_nano_usd INTEGER NOT NULL,
  all_deep_requests INTEGER NOT NULL,
  comparable_cost_nano_usd INTEGER NOT NULL,
  measured_all_deep_requests INTEGER NOT NULL,
  latency_ms_sum REAL NOT NULL,
  background_cost_nano_usd INTEGER NOT NULL,
  background_unpriced_attempts INTEGER NOT NULL
) STRICT;
CREATE INDEX hourly_totals_by_hour ON hourly_totals (hour_ms, route, task);

CREATE TABLE route_versions (
  id TEXT NOT NULL PRIMARY KEY,
  created_at_ms INTEGER NOT NULL,
  route TEXT NOT NULL
) STRICT;

-- Nothing is ever deleted from the two audits, so their highest row ids only grow.
CREATE TABLE threshold_versions (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  route TEXT NOT NULL,
  tier INTEGER NOT NULL,
  threshold REAL NOT NULL,
  configured_threshold REAL NOT NULL,
  created_at_ms INTEGER NOT NULL,
  reason TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  certificate TEXT
) STRICT;
CREATE INDEX threshold_versions_by_route ON threshold_versions (route, created_at_ms);

CREATE TABLE mode_changes (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  route TEXT NOT NULL,
  mode TEXT NOT NULL,
  configured_mode TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  reason TEXT NOT NULL,
  changed_by TEXT NOT NULL
) STRICT;
CREATE INDEX mode_changes_by_route ON mode_changes (route, created_at_ms);
`,
};
