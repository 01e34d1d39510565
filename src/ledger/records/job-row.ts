import type { Job, JobCount } from "./job.ts";
import { createRowReader } from "./row-reader.ts";
import type { StoredRow } from "./row-reader.ts";
import type { SqlRow } from "./sql-value.ts";

/** Columns of table `jobs`, in the order of `jobToRow`. */
export const JOB_COLUMNS = [
  "id",
  "kind",
  "route",
  "item_id",
  "payload",
  "created_at_ms",
  "due_at_ms",
  "tries",
  "state",
  "last_error",
] as const;

export function jobToRow(job: Job): SqlRow {
  return [
    job.id,
    job.kind,
    job.route,
    job.itemId,
    job.payload,
    job.createdAtMs,
    job.dueAtMs,
    job.tries,
    job.state,
    job.lastError,
  ];
}

export function rowToJob(row: StoredRow): Job {
  const read = createRowReader(row);
  return {
    id: read.text("id"),
    kind: read.text("kind"),
    route: read.text("route"),
    itemId: read.text("item_id"),
    payload: read.text("payload"),
    createdAtMs: read.number("created_at_ms"),
    dueAtMs: read.number("due_at_ms"),
    tries: read.number("tries"),
    state: read.word("state"),
    lastError: read.textOrNull("last_error"),
  };
}

export function rowToJobCount(row: StoredRow): JobCount {
  const read = createRowReader(row);
  return {
    kind: read.text("kind"),
    route: read.text("route"),
    state: read.word("state"),
    reason: read.textOrNull("reason"),
    jobs: read.number("jobs"),
  };
}
