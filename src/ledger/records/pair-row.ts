import type { PairSide, ShadowPair } from "../../cascade/receipt.ts";
import { createRowReader } from "./row-reader.ts";
import type { RowReader, StoredRow } from "./row-reader.ts";
import type { SqlRow } from "./sql-value.ts";

/** Columns of table `pairs`, in the order of `pairToRow`. */
export const PAIR_COLUMNS = [
  "request_id",
  "route",
  "route_version",
  "created_at_ms",
  "cheap_attempt",
  "cheap_missing",
  "cheap_model",
  "cheap_confidence",
  "deep_attempt",
  "deep_missing",
  "deep_model",
  "deep_confidence",
] as const;

export function pairToRow(pair: ShadowPair): SqlRow {
  const { cheap, deep } = pair;
  return [
    pair.requestId,
    pair.route,
    pair.routeVersion,
    pair.createdAtMs,
    cheap.attempt,
    cheap.missing,
    cheap.model,
    cheap.confidence,
    deep.attempt,
    deep.missing,
    deep.model,
    deep.confidence,
  ];
}

export function rowToPair(row: StoredRow): ShadowPair {
  const read = createRowReader(row);
  return {
    requestId: read.text("request_id"),
    route: read.text("route"),
    routeVersion: read.text("route_version"),
    createdAtMs: read.number("created_at_ms"),
    cheap: readSide(read, "cheap"),
    deep: readSide(read, "deep"),
  };
}

function readSide(read: RowReader, side: "cheap" | "deep"): PairSide {
  return {
    attempt: read.numberOrNull(`${side}_attempt`),
    missing: read.wordOrNull(`${side}_missing`),
    model: read.textOrNull(`${side}_model`),
    confidence: read.numberOrNull(`${side}_confidence`),
  };
}
