import type { RequestFilter } from "../ledger.ts";
import type { Job, JobCount } from "../records/job.ts";
import { JOB_COLUMNS, rowToJob, rowToJobCount } from "../records/job-row.ts";
import { whereOf } from "./where-of.ts";
import type { Queries } from "./queries.ts";

const AVAILABLE =
  "SELECT 1 FROM jobs WHERE state = 'waiting' AND kind = ? AND available_at_ms <= ? LIMIT 1";

const LEASED =
  `SELECT ${JOB_COLUMNS.join(", ")} FROM jobs WHERE lease = ? ` +
  "ORDER BY created_at_ms, sequence";

const JOB = `SELECT ${JOB_COLUMNS.join(", ")} FROM jobs WHERE id = ?`;

export function hasAvailableJob(
  queries: Queries,
  kinds: readonly string[],
  nowMs: number,
): boolean {
  return kinds.some((kind) => queries.one(AVAILABLE, [kind, nowMs]) !== null);
}

/** Oldest first. */
export function readLeasedJobs(queries: Queries, lease: string): readonly Job[] {
  return queries.all(LEASED, [lease]).map(rowToJob);
}

export function readJob(queries: Queries, id: string): Job | null {
  const row = queries.one(JOB, [id]);
  return row === null ? null : rowToJob(row);
}

export function readJobCounts(queries: Queries, filter: RequestFilter): readonly JobCount[] {
  const { where, values } = whereOf(filter, "created_at_ms");
  const sql =
    "SELECT kind, route, state, iif(state = 'given_up', last_error, NULL) AS reason, " +
    `count(*) AS jobs FROM jobs ${where}GROUP BY kind, route, state, reason ` +
    "ORDER BY kind, route, state, reason";
  return queries.all(sql, values).map(rowToJobCount);
}
