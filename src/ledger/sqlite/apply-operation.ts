import type { DatabaseSync, StatementSync } from "node:sqlite";
import { assertNever, invariant } from "../../support/invariant.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { ATTEMPT_MEMBERS } from "../records/attempt-row.ts";
import { shadowJobId } from "../records/job.ts";
import { PAIR_COLUMNS } from "../records/pair-row.ts";
import { REPLAY_BATCH_COLUMNS } from "../records/replay-batch-row.ts";
import { REQUEST_COLUMNS } from "../records/request-row.ts";
import { createRowReader } from "../records/row-reader.ts";
import type { StoredRow } from "../records/row-reader.ts";
import {
  MODE_CHANGE_COLUMNS,
  ROUTE_VERSION_COLUMNS,
  THRESHOLD_VERSION_COLUMNS,
  TUNING_LOOK_COLUMNS,
} from "../records/setting-rows.ts";
import { placeholders } from "../records/sql-value.ts";
import type { SqlRow } from "../records/sql-value.ts";
import { hourOf } from "../records/totals.ts";
import type { RequestState } from "../records/totals.ts";
import { countTriage } from "../records/triage-counts.ts";
import { createApplyEvidence } from "./apply-evidence.ts";
import { createApplyJobs } from "./apply-jobs.ts";
import { createApplyPurge } from "./apply-purge.ts";
import type { BatchSums } from "./batch-sums.ts";
import { encodeBody } from "./encode-body.ts";
import { ALERT_COLUMNS, WATCH_STATE_COLUMNS } from "../records/watch-rows.ts";
import type { WriteOperation } from "./writer-protocol.ts";

/**
 * Columns of alerts that stay once they are written: a watcher ends an alert while a person
 * acknowledges it, and neither knows of the other.
 */
const STAYING: ReadonlySet<string> = new Set([
  "resolved_at_ms",
  "acknowledged_at_ms",
  "acknowledged_by",
]);

const INDEX = ATTEMPT_MEMBERS.indexOf("attempt_index");
const REQUEST = {
  startedAtMs: REQUEST_COLUMNS.indexOf("started_at_ms"),
  route: REQUEST_COLUMNS.indexOf("route"),
  task: REQUEST_COLUMNS.indexOf("task"),
};

/**
 * Executes one write inside an open transaction; what it adds to the roll-ups goes to `sums`.
 * Every write is idempotent by its key: a batch whose acknowledgement was lost may come again, and
 * counts once.
 *
 * @returns how many rows were expired, purged or leased; 0 for all other writes
 */
export type ApplyOperation = (
  operation: WriteOperation,
  bodies: readonly Uint8Array[],
  sums: BatchSums,
) => number;

/** Prepares the statements once; they live as long as the connection. */
export function createApplyOperation(database: DatabaseSync): ApplyOperation {
  const statements = prepareStatements(database);
  const evidence = createApplyEvidence(database);
  const jobs = createApplyJobs(database);
  const purge = createApplyPurge(database, evidence);
  return (operation, bodies, sums) => {
    switch (operation[0]) {
      case "request": {
        const [, request, attempts] = operation;
        const { changes } = statements.insertRequest.run(...request, JSON.stringify(attempts));
        if (changes !== 0) countRequest(sums, request, attempts);
        return 0;
      }
      case "attempt":
        addLateAttempt(statements, operation[1], operation[2], sums);
        return 0;
      case "body":
        putBody(statements.putBody, operation, bodies);
        return 0;
      case "pair":
      case "route_version":
      case "threshold_version":
      case "mode_change":
      case "tuning_look":
      case "replay_batch":
      case "watch_state":
      case "alert":
        statements.rows[operation[0]].run(...operation[1]);
        return 0;
      case "expire_pairs": {
        const expired = statements.expirePairs.all(operation[1]);
        for (const row of expired) {
          evidence.expireDeep(createRowReader(row).text("request_id"), sums.evidence);
        }
        return expired.length;
      }
      case "purge_bodies":
        return purge.bodies(operation[1], operation[2]);
      case "purge_bodies_of":
        return purge.bodiesOf(operation[1], operation[2]);
      case "purge_items":
        return purge.items(operation[1], operation[2], sums.evidence);
      case "purge_jobs":
        return purge.jobs(operation[1], operation[2]);
      case "evidence":
        evidence.evidence(operation[1], operation[2], sums.evidence);
        return 0;
      case "grade":
        evidence.grade(operation[1], sums.evidence);
        return 0;
      case "retraction":
        evidence.retraction(operation[1], operation[2], sums.evidence);
        return 0;
      case "job":
        jobs.add(operation[1]);
        return 0;
      case "job_end":
        jobs.end(operation[1], operation[2], operation[3]);
        return 0;
      case "lease_jobs":
        return jobs.lease(operation[1]);
      default:
        return assertNever(operation);
    }
  };
}

type Statements = ReturnType<typeof prepareStatements>;

function prepareStatements(database: DatabaseSync) {
  const insertOnce = (table: string, columns: readonly string[]): StatementSync =>
    database.prepare(
      `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${placeholders(columns)}) ` +
        "ON CONFLICT DO NOTHING",
    );
  const put = (
    table: string,
    key: string,
    columns: readonly string[],
    staying: ReadonlySet<string> = new Set(),
  ): StatementSync => {
    const valueOf = (column: string): string =>
      staying.has(column) ? `ifnull(excluded.${column}, ${column})` : `excluded.${column}`;
    return database.prepare(
      `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${placeholders(columns)}) ` +
        `ON CONFLICT (${key}) DO UPDATE SET ` +
        columns.map((column) => `${column} = ${valueOf(column)}`).join(", "),
    );
  };
  return {
    insertRequest: insertOnce("requests", REQUEST_COLUMNS),
    /** Writes that are a row and no more. */
    rows: {
      pair: put("pairs", "request_id", PAIR_COLUMNS),
      route_version: insertOnce("route_versions", ROUTE_VERSION_COLUMNS),
      threshold_version: insertOnce("threshold_versions", THRESHOLD_VERSION_COLUMNS),
      mode_change: insertOnce("mode_changes", MODE_CHANGE_COLUMNS),
      tuning_look: insertOnce("tuning_looks", TUNING_LOOK_COLUMNS),
      replay_batch: put("replay_batches", "id", REPLAY_BATCH_COLUMNS),
      watch_state: put("watch_states", "name", WATCH_STATE_COLUMNS),
      alert: put("alerts", "id", ALERT_COLUMNS, STAYING),
    },
    putBody: database.prepare(
      "INSERT INTO bodies (request_id, part, stored_at_ms, encoding, content) " +
        "VALUES (?, ?, ?, ?, ?) ON CONFLICT (request_id, part) DO UPDATE SET " +
        "stored_at_ms = excluded.stored_at_ms, encoding = excluded.encoding, " +
        "content = excluded.content",
    ),
    requestState: database.prepare(
      "SELECT started_at_ms, route, task, mode, decision, reason, " +
        "all_deep_nano_usd IS NOT NULL AS has_all_deep, attempts FROM requests WHERE id = ?",
    ),
    putAttempts: database.prepare("UPDATE requests SET attempts = ? WHERE id = ?"),
    expirePairs: database.prepare(
      "UPDATE pairs SET " +
        "cheap_missing = iif(cheap_missing = 'pending', 'credential_gone', cheap_missing), " +
        "deep_missing = iif(deep_missing = 'pending', 'credential_gone', deep_missing) " +
        "WHERE (cheap_missing = 'pending' OR deep_missing = 'pending') AND created_at_ms < ? " +
        // What a job is still to fetch is no more lost than before.
        `AND NOT EXISTS (SELECT 1 FROM jobs WHERE id = '${shadowJobId("")}' || request_id ` +
        "AND state = 'waiting') RETURNING request_id",
    ),
  };
}

function countRequest(sums: BatchSums, request: SqlRow, attempts: readonly SqlRow[]): void {
  sums.totals.addRequest(request, attempts);
  const triaged = {
    startedAtMs: Number(request[REQUEST.startedAtMs]),
    route: request[REQUEST.route] ?? null,
    task: request[REQUEST.task] ?? null,
  };
  for (const attempt of attempts) countTriage(sums.triages, triaged, attempt);
}

function addLateAttempt(
  statements: Statements,
  requestId: string,
  attempt: SqlRow,
  sums: BatchSums,
): void {
  const found = statements.requestState.get(requestId);
  if (found === undefined) {
    throw new LeadsmanError(
      "ledger_failed",
      `an attempt needs its request's record, found none of id ${requestId}`,
    );
  }
  const state = readState(found);
  if (state.attempts.some((stored) => stored[INDEX] === attempt[INDEX])) return;
  statements.putAttempts.run(JSON.stringify([...state.attempts, attempt]), requestId);
  sums.totals.addLateAttempt(state, attempt);
  const [startedAtMs, route = null, task = null] = state.key;
  countTriage(sums.triages, { startedAtMs: Number(startedAtMs), route, task }, attempt);
}

function readState(row: StoredRow): RequestState {
  const read = createRowReader(row);
  return {
    key: [
      hourOf(read.number("started_at_ms")),
      read.textOrNull("route"),
      read.textOrNull("task"),
      read.textOrNull("mode"),
      read.text("decision"),
      read.textOrNull("reason"),
    ],
    hasAllDeep: read.flag("has_all_deep"),
    attempts: read.list("attempts", (tuple) => (isTuple(tuple) ? tuple : undefined)),
  };
}

/** Written by this file only, so a glance is enough. */
function isTuple(value: unknown): value is SqlRow {
  return Array.isArray(value);
}

function putBody(
  statement: StatementSync,
  operation: Extract<WriteOperation, readonly ["body", ...unknown[]]>,
  bodies: readonly Uint8Array[],
): void {
  const [, requestId, part, storedAtMs, position] = operation;
  const bytes = bodies[position];
  invariant(bytes !== undefined, "each body operation has its bytes");
  const { encoding, content } = encodeBody(bytes);
  statement.run(requestId, part, storedAtMs, encoding, content);
}
