import type { Migration } from "./migration.ts";

/** Looks that may be taken only once, so that a second one is known to be a second one. */
export const tuningLooksSchema: Migration = {
  version: 3,
  sql: `
CREATE TABLE tuning_looks (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  route TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  subject TEXT NOT NULL,
  goal TEXT NOT NULL,
  data_hash TEXT NOT NULL,
  labelled_rows INTEGER NOT NULL,
  failure_probability REAL NOT NULL,
  certified TEXT
) STRICT;
CREATE INDEX tuning_looks_by_route ON tuning_looks (route, created_at_ms);
`,
};
