import type { Migration } from "./migration.ts";

/** What judges cost, apart from other background calls: they have a daily cap of their own. */
export const judgeSpendSchema: Migration = {
  version: 4,
  sql: `
ALTER TABLE hourly_totals ADD COLUMN judge_cost_nano_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hourly_totals ADD COLUMN judge_unpriced_attempts INTEGER NOT NULL DEFAULT 0;
`,
};
