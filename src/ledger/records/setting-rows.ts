import type { Route, RouteMode } from "../../cascade/route.ts";
import { isJsonObject } from "../../support/json.ts";
import type { ModeChange, RouteVersion, ThresholdVersion, TuningLook } from "../ledger.ts";
import { createRowReader } from "./row-reader.ts";
import type { StoredRow } from "./row-reader.ts";
import type { SqlRow } from "./sql-value.ts";

/** Columns of table `route_versions`, in the order of `routeVersionToRow`. */
export const ROUTE_VERSION_COLUMNS = ["id", "created_at_ms", "route"] as const;

export function routeVersionToRow(version: RouteVersion): SqlRow {
  return [version.id, version.createdAtMs, JSON.stringify(version.route)];
}

export function rowToRouteVersion(row: StoredRow): RouteVersion {
  const read = createRowReader(row);
  return {
    id: read.text("id"),
    createdAtMs: read.number("created_at_ms"),
    route: read.json("route", (value) => (isRoute(value) ? value : undefined)),
  };
}

/** Columns of table `threshold_versions`, in the order of `thresholdVersionToRow`. */
export const THRESHOLD_VERSION_COLUMNS = [
  "id",
  "route",
  "tier",
  "threshold",
  "configured_threshold",
  "created_at_ms",
  "reason",
  "changed_by",
  "certificate",
] as const;

export function thresholdVersionToRow(version: ThresholdVersion): SqlRow {
  return [
    version.id,
    version.route,
    version.tier,
    version.threshold,
    version.configuredThreshold,
    version.createdAtMs,
    version.reason,
    version.by,
    version.certificate,
  ];
}

export function rowToThresholdVersion(row: StoredRow): ThresholdVersion {
  const read = createRowReader(row);
  return {
    id: read.text("id"),
    route: read.text("route"),
    tier: read.number("tier"),
    threshold: read.number("threshold"),
    configuredThreshold: read.number("configured_threshold"),
    createdAtMs: read.number("created_at_ms"),
    reason: read.text("reason"),
    by: read.text("changed_by"),
    certificate: read.textOrNull("certificate"),
  };
}

/** Columns of table `mode_changes`, in the order of `modeChangeToRow`. */
export const MODE_CHANGE_COLUMNS = [
  "id",
  "route",
  "mode",
  "configured_mode",
  "created_at_ms",
  "reason",
  "changed_by",
] as const;

export function modeChangeToRow(change: ModeChange): SqlRow {
  return [
    change.id,
    change.route,
    JSON.stringify(change.mode),
    JSON.stringify(change.configuredMode),
    change.createdAtMs,
    change.reason,
    change.by,
  ];
}

export function rowToModeChange(row: StoredRow): ModeChange {
  const read = createRowReader(row);
  return {
    id: read.text("id"),
    route: read.text("route"),
    mode: read.json("mode", readMode),
    configuredMode: read.json("configured_mode", readMode),
    createdAtMs: read.number("created_at_ms"),
    reason: read.text("reason"),
    by: read.text("changed_by"),
  };
}

/** Columns of table `tuning_looks`, in the order of `tuningLookToRow`. */
export const TUNING_LOOK_COLUMNS = [
  "id",
  "route",
  "created_at_ms",
  "subject",
  "goal",
  "data_hash",
  "labelled_rows",
  "failure_probability",
  "certified",
] as const;

export function tuningLookToRow(look: TuningLook): SqlRow {
  return [
    look.id,
    look.route,
    look.createdAtMs,
    look.subject,
    look.goal,
    look.dataHash,
    look.labelledRows,
    look.failureProbability,
    look.certified,
  ];
}

export function rowToTuningLook(row: StoredRow): TuningLook {
  const read = createRowReader(row);
  return {
    id: read.text("id"),
    route: read.text("route"),
    createdAtMs: read.number("created_at_ms"),
    subject: read.text("subject"),
    goal: read.text("goal"),
    dataHash: read.text("data_hash"),
    labelledRows: read.number("labelled_rows"),
    failureProbability: read.number("failure_probability"),
    certified: read.textOrNull("certified"),
  };
}

/**
 * Route content is written by `routeVersionToRow` only; this finds a damaged row, it does not check
 * each member, so that a route of an earlier release can still be read.
 */
function isRoute(value: unknown): value is Route {
  return isJsonObject(value) && typeof value["name"] === "string" && Array.isArray(value["tiers"]);
}

function readMode(value: unknown): RouteMode | undefined {
  if (value === "off" || value === "shadow" || value === "live") return value;
  if (!isJsonObject(value) || typeof value["canary"] !== "number") return undefined;
  return { canary: value["canary"] };
}
