import type { DatabaseSync } from "node:sqlite";
import { assertNever } from "../../support/invariant.ts";
import type { JobEnd } from "../records/job.ts";
import { JOB_COLUMNS } from "../records/job-row.ts";
import { createRowReader } from "../records/row-reader.ts";
import { placeholders } from "../records/sql-value.ts";
import type { SqlRow } from "../records/sql-value.ts";

/** What a worker asks for. */
export interface LeaseRequest {
  /** Names this lease; a request that comes a second time leases nothing more. */
  readonly lease: string;
  readonly kinds: readonly string[];
  readonly limit: number;
  readonly nowMs: number;
  /** Epoch milliseconds from which others may be given the jobs. */
  readonly untilMs: number;
}

/** Writes of background work, inside an open transaction. */
export interface ApplyJobs {
  /** `row` holds the values of `JOB_COLUMNS`. */
  add(row: SqlRow): void;
  /** Nothing happens unless the job is still under the lease that `tries` counts. */
  end(jobId: string, tries: number, end: JobEnd): void;
  /** @returns how many jobs were leased */
  lease(request: LeaseRequest): number;
}

const DUE_AT_MS = JOB_COLUMNS.indexOf("due_at_ms");

export function createApplyJobs(database: DatabaseSync): ApplyJobs {
  const columns = [...JOB_COLUMNS, "available_at_ms"];
  const insert = database.prepare(
    `INSERT INTO jobs (${columns.join(", ")}) VALUES (${placeholders(columns)}) ` +
      "ON CONFLICT (id) DO NOTHING",
  );
  const end = database.prepare(
    "UPDATE jobs SET state = ?, last_error = ?, due_at_ms = ifnull(?, due_at_ms), " +
      "available_at_ms = ifnull(?, available_at_ms), lease = NULL " +
      "WHERE id = ? AND tries = ? AND state = 'waiting'",
  );
  const leased = database.prepare("SELECT 1 FROM jobs WHERE lease = ? LIMIT 1");
  const available = database.prepare(
    "SELECT sequence, available_at_ms FROM jobs " +
      "WHERE state = 'waiting' AND kind = ? AND available_at_ms <= ? " +
      "ORDER BY available_at_ms, sequence LIMIT ?",
  );
  const lease = database.prepare(
    "UPDATE jobs SET lease = ?, available_at_ms = ?, tries = tries + 1 WHERE sequence = ?",
  );
  return {
    add: (row) => {
      insert.run(...row, row[DUE_AT_MS] ?? null);
    },
    end: (jobId, tries, how) => {
      const { error, dueAtMs } = partsOf(how);
      end.run(how.state, error, dueAtMs, dueAtMs, jobId, tries);
    },
    lease: (request) => {
      if (leased.get(request.lease) !== undefined) return 0;
      const found = request.kinds
        .flatMap((kind) => available.all(kind, request.nowMs, request.limit))
        .map((row) => createRowReader(row))
        .map((read) => [read.number("available_at_ms"), read.number("sequence")] as const)
        .toSorted(([oneMs, one], [otherMs, other]) => oneMs - otherMs || one - other)
        .slice(0, request.limit);
      for (const [, sequence] of found) lease.run(request.lease, request.untilMs, sequence);
      return found.length;
    },
  };
}

function partsOf(end: JobEnd): { readonly error: string | null; readonly dueAtMs: number | null } {
  switch (end.state) {
    case "done":
      return { error: null, dueAtMs: null };
    case "given_up":
      return { error: end.error, dueAtMs: null };
    case "waiting":
      return { error: end.error, dueAtMs: end.dueAtMs };
    default:
      return assertNever(end);
  }
}
