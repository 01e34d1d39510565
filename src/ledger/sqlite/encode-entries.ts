import { assertNever } from "../../support/invariant.ts";
import type { LedgerEntry } from "../ledger.ts";
import { attemptToTuple } from "../records/attempt-row.ts";
import { evidenceToRow } from "../records/evidence-row.ts";
import { gradeToRow } from "../records/grade-row.ts";
import { jobToRow } from "../records/job-row.ts";
import { pairToRow } from "../records/pair-row.ts";
import { replayBatchToRow } from "../records/replay-batch-row.ts";
import { requestToRow } from "../records/request-row.ts";
import { thresholdVersionToRow } from "../records/setting-rows.ts";
import { alertToRow, watchStateToRow } from "../records/watch-rows.ts";
import type { WriteOperation } from "./writer-protocol.ts";

/** One append, ready to travel. */
export interface EncodedAppend {
  /** JSON: an array of `WriteOperation`. */
  readonly operations: string;
  readonly bodies: readonly Uint8Array[];
  readonly entryCount: number;
  /** What it takes up in the queue, about. */
  readonly byteCount: number;
}

/** @param nowMs epoch milliseconds; bodies are purged by it */
export function encodeEntries(entries: readonly LedgerEntry[], nowMs: number): EncodedAppend {
  const bodies: Uint8Array[] = [];
  const operations = entries.map((entry) => encodeEntry(entry, nowMs, bodies));
  return encodeOperations(operations, bodies);
}

export function encodeOperations(
  operations: readonly WriteOperation[],
  bodies: readonly Uint8Array[] = [],
): EncodedAppend {
  const text = JSON.stringify(operations);
  let byteCount = text.length;
  for (const body of bodies) byteCount += body.byteLength;
  return { operations: text, bodies, entryCount: operations.length, byteCount };
}

function encodeEntry(entry: LedgerEntry, nowMs: number, bodies: Uint8Array[]): WriteOperation {
  switch (entry.kind) {
    case "request": {
      const { record } = entry;
      return ["request", requestToRow(record), record.attempts.map(attemptToTuple)];
    }
    case "attempt":
      return ["attempt", entry.requestId, attemptToTuple(entry.attempt)];
    case "pair":
      return ["pair", pairToRow(entry.pair)];
    case "body": {
      const { requestId, part, bytes } = entry.body;
      // A view would take the whole memory behind it along to the other thread.
      bodies.push(new Uint8Array(bytes));
      return ["body", requestId, part, nowMs, bodies.length - 1];
    }
    case "evidence":
      return ["evidence", evidenceToRow(entry.evidence), entry.onlyIfMissing ?? false];
    case "grade":
      return ["grade", gradeToRow(entry.grade)];
    case "retraction":
      return ["retraction", entry.gradeId, entry.atMs];
    case "job":
      return ["job", jobToRow(entry.job)];
    case "job_end":
      return ["job_end", entry.jobId, entry.tries, entry.end];
    case "batch":
      return ["replay_batch", replayBatchToRow(entry.batch)];
    case "watch_state":
      return ["watch_state", watchStateToRow(entry.state)];
    case "alert":
      return ["alert", alertToRow(entry.alert)];
    case "threshold_version":
      return ["threshold_version", thresholdVersionToRow(entry.version)];
    default:
      return assertNever(entry);
  }
}
