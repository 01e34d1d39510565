import type { ModeChange, RouteVersion, ThresholdVersion, TuningLook } from "../ledger.ts";
import { createRowReader } from "../records/row-reader.ts";
import {
  MODE_CHANGE_COLUMNS,
  ROUTE_VERSION_COLUMNS,
  THRESHOLD_VERSION_COLUMNS,
  TUNING_LOOK_COLUMNS,
  rowToModeChange,
  rowToRouteVersion,
  rowToThresholdVersion,
  rowToTuningLook,
} from "../records/setting-rows.ts";
import type { Queries } from "./queries.ts";

const ROUTE_VERSION = `SELECT ${ROUTE_VERSION_COLUMNS.join(", ")} FROM route_versions WHERE id = ?`;
const THRESHOLD_VERSIONS = newestFirst("threshold_versions", THRESHOLD_VERSION_COLUMNS);
const MODE_CHANGES = newestFirst("mode_changes", MODE_CHANGE_COLUMNS);

const TUNING_LOOKS =
  `SELECT ${TUNING_LOOK_COLUMNS.join(", ")} FROM tuning_looks WHERE route = ? ` +
  "ORDER BY created_at_ms, sequence";

/** Rows are never deleted from the audits, so both sequences only grow, whoever writes. */
const COUNTER =
  "SELECT ifnull((SELECT max(sequence) FROM threshold_versions), 0) + " +
  "ifnull((SELECT max(sequence) FROM mode_changes), 0) AS counter";

export function readRouteVersion(queries: Queries, id: string): RouteVersion | null {
  const row = queries.one(ROUTE_VERSION, [id]);
  return row === null ? null : rowToRouteVersion(row);
}

export function readThresholdVersions(
  queries: Queries,
  route: string,
): readonly ThresholdVersion[] {
  return queries.all(THRESHOLD_VERSIONS, [route]).map(rowToThresholdVersion);
}

export function readModeChanges(queries: Queries, route: string): readonly ModeChange[] {
  return queries.all(MODE_CHANGES, [route]).map(rowToModeChange);
}

export function readTuningLooks(queries: Queries, route: string): readonly TuningLook[] {
  return queries.all(TUNING_LOOKS, [route]).map(rowToTuningLook);
}

export function readSettingsCounter(queries: Queries): number {
  return createRowReader(queries.one(COUNTER) ?? {}).number("counter");
}

/** By order of writing: what was written last is in force, whatever the clock said. */
function newestFirst(table: string, columns: readonly string[]): string {
  return `SELECT ${columns.join(", ")} FROM ${table} WHERE route = ? ` + "ORDER BY sequence DESC";
}
