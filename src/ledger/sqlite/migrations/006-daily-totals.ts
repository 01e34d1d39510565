import type { Migration } from "./migration.ts";

/** Sums of whole UTC days, so that reports over a long time need not add up its hours. */
export const dailyTotalsSchema: Migration = {
  version: 6,
  sql: `
CREATE TABLE daily_totals (
  day_ms INTEGER NOT NULL,
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
  background_unpriced_attempts INTEGER NOT NULL,
  judge_cost_nano_usd INTEGER NOT NULL,
  judge_unpriced_attempts INTEGER NOT NULL
) STRICT;
CREATE INDEX daily_totals_by_day ON daily_totals (day_ms, route, task);

INSERT INTO daily_totals
SELECT hour_ms - hour_ms % 86400000 AS day_ms, route, task, mode, decision, reason,
  sum(requests), sum(unpriced_requests), sum(estimated_requests), sum(cost_nano_usd),
  sum(all_deep_nano_usd), sum(all_deep_requests), sum(comparable_cost_nano_usd),
  sum(measured_all_deep_requests), sum(latency_ms_sum), sum(background_cost_nano_usd),
  sum(background_unpriced_attempts), sum(judge_cost_nano_usd), sum(judge_unpriced_attempts)
FROM hourly_totals
GROUP BY day_ms, route, task, mode, decision, reason;
`,
};
