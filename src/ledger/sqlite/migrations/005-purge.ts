import type { Migration } from "./migration.ts";

/** Finished background work is found by its age, so that it can go. */
export const purgeSchema: Migration = {
  version: 5,
  sql: `
CREATE INDEX jobs_ended ON jobs (available_at_ms) WHERE state <> 'waiting';
`,
};
