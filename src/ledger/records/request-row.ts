import type { Attempt, Draw, RequestRecord } from "../../cascade/receipt.ts";
import { tupleToAttempt } from "./attempt-row.ts";
import { createRowReader, isArray } from "./row-reader.ts";
import type { StoredRow } from "./row-reader.ts";
import { digits, flag, jsonList } from "./sql-value.ts";
import type { SqlRow, SqlValue } from "./sql-value.ts";

/** Columns of table `requests`, in the order of `requestToRow`. */
export const REQUEST_COLUMNS = [
  "id",
  "started_at_ms",
  "kind",
  "path",
  "route",
  "route_version",
  "mode",
  "task",
  "requested_model",
  "decision",
  "reason",
  "tier",
  "model",
  "confidence",
  "threshold",
  "threshold_version",
  "is_streaming",
  "status",
  "stop_reason",
  "first_byte_ms",
  "latency_ms",
  "request_bytes",
  "response_bytes",
  "body_hash",
  "input_classes",
  "draws",
  "all_deep_nano_usd",
  "all_deep_basis",
  "attempts",
] as const;

/** The row of a record but for its last column, the attempts, which the writer adds as JSON. */
export function requestToRow(record: RequestRecord): SqlRow {
  return [
    record.id,
    record.startedAtMs,
    record.kind,
    record.path,
    record.route,
    record.routeVersion,
    record.mode,
    record.task,
    record.requestedModel,
    record.decision,
    record.reason,
    record.tier,
    record.model,
    record.confidence,
    record.threshold,
    record.thresholdVersion,
    flag(record.isStreaming),
    record.status,
    record.stopReason,
    record.firstByteMs,
    record.latencyMs,
    record.requestBytes,
    record.responseBytes,
    record.bodyHash,
    jsonList(record.inputClasses),
    jsonList(record.draws.map(drawToTuple)),
    digits(record.allDeepNanoUsd),
    record.allDeepBasis,
  ];
}

export function rowToRequest(row: StoredRow): RequestRecord {
  const read = createRowReader(row);
  return {
    id: read.text("id"),
    startedAtMs: read.number("started_at_ms"),
    kind: read.word("kind"),
    path: read.text("path"),
    route: read.textOrNull("route"),
    routeVersion: read.textOrNull("route_version"),
    mode: read.wordOrNull("mode"),
    task: read.textOrNull("task"),
    requestedModel: read.textOrNull("requested_model"),
    decision: read.word("decision"),
    reason: read.wordOrNull("reason"),
    tier: read.numberOrNull("tier"),
    model: read.textOrNull("model"),
    confidence: read.numberOrNull("confidence"),
    threshold: read.numberOrNull("threshold"),
    thresholdVersion: read.textOrNull("threshold_version"),
    isStreaming: read.flag("is_streaming"),
    status: read.number("status"),
    stopReason: read.textOrNull("stop_reason"),
    firstByteMs: read.numberOrNull("first_byte_ms"),
    latencyMs: read.number("latency_ms"),
    requestBytes: read.number("request_bytes"),
    responseBytes: read.number("response_bytes"),
    bodyHash: read.textOrNull("body_hash"),
    inputClasses: read.list("input_classes", (item) =>
      typeof item === "string" ? item : undefined,
    ),
    draws: read.list("draws", tupleToDraw),
    attempts: read.list("attempts", tupleToAttempt).toSorted(byIndex),
    allDeepNanoUsd: read.moneyOrNull("all_deep_nano_usd"),
    allDeepBasis: read.wordOrNull("all_deep_basis"),
  };
}

/** Background attempts are added in the order in which they end. */
function byIndex(one: Attempt, other: Attempt): number {
  return one.index - other.index;
}

/** Draws are most of a typical row's text, so their member names are not repeated in each. */
function drawToTuple({ purpose, propensity, isChosen, unit, least }: Draw): readonly SqlValue[] {
  const tuple: SqlValue[] = [purpose, propensity, flag(isChosen)];
  if (least !== undefined) tuple.push(least);
  if (unit !== undefined) tuple.push(unit);
  return tuple;
}

function tupleToDraw(item: unknown): Draw | undefined {
  if (!isArray(item)) return undefined;
  const [purpose, propensity, isChosen, ...rest] = item;
  if (typeof purpose !== "string" || typeof propensity !== "number") return undefined;
  // Their kinds tell the two apart.
  const least = rest.find((value) => typeof value === "number");
  const unit = rest.find((value) => typeof value === "string");
  return {
    purpose: purpose as Draw["purpose"],
    propensity,
    isChosen: isChosen === 1,
    ...(least === undefined ? {} : { least }),
    ...(unit === undefined ? {} : { unit }),
  };
}
