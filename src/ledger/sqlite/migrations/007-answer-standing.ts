import type { Migration } from "./migration.ts";

/**
 * How far an answer of traffic that was drawn for grading is known; null for all other rows of the
 * roll-up, those of candidates among them. The numbers are places in its key. Part of the stored format: only a query that says it
 * in these words is served by the index.
 */
export const ANSWER_STANDING = `CASE
  WHEN json_extract(key, '$[0]') >= 100 THEN NULL
  WHEN json_extract(key, '$[2]') <> 'traffic' OR json_extract(key, '$[12]') IS NOT NULL THEN NULL
  WHEN ifnull(json_extract(key, '$[7]'), 0) <= 0 THEN NULL
  WHEN json_extract(key, '$[14]') IS NOT NULL THEN 'graded'
  WHEN json_extract(key, '$[15]') IS NOT NULL THEN 'graded'
  WHEN json_extract(key, '$[16]') IS NOT NULL THEN 'judged'
  ELSE 'drawn'
END`;

/** Lets a page that is looked at all day sum a year of evidence without reading its keys. */
export const answerStandingSchema: Migration = {
  version: 7,
  sql: `
CREATE INDEX evidence_counts_by_standing
ON evidence_counts (route, ${ANSWER_STANDING}, day_ms, items);
`,
};
