import type { Migration } from "./migration.ts";

/** What detectors remember, and what they have told. */
export const watchSchema: Migration = {
  version: 9,
  sql: `
CREATE TABLE watch_states (
  name TEXT PRIMARY KEY,
  route TEXT NOT NULL,
  json TEXT NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX watch_states_by_route ON watch_states (route);

CREATE TABLE alerts (
  id TEXT PRIMARY KEY,
  rule TEXT NOT NULL,
  route TEXT NOT NULL,
  subject TEXT,
  severity TEXT NOT NULL,
  summary TEXT NOT NULL,
  facts TEXT NOT NULL,
  action TEXT,
  revert TEXT,
  opened_at_ms INTEGER NOT NULL,
  resolved_at_ms INTEGER,
  acknowledged_at_ms INTEGER,
  acknowledged_by TEXT,
  is_exercise INTEGER NOT NULL
) STRICT;
CREATE INDEX alerts_by_time ON alerts (opened_at_ms, id);
CREATE INDEX alerts_open ON alerts (route) WHERE resolved_at_ms IS NULL;
`,
};
