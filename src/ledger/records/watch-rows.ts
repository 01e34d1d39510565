import { isJsonObject } from "../../support/json.ts";
import type { Alert } from "./alert.ts";
import { createRowReader } from "./row-reader.ts";
import type { StoredRow } from "./row-reader.ts";
import { flag } from "./sql-value.ts";
import type { SqlRow } from "./sql-value.ts";
import type { WatchState } from "./watch-state.ts";

/** Columns of table `watch_states`, in the order of `watchStateToRow`. */
export const WATCH_STATE_COLUMNS = ["name", "route", "json", "updated_at_ms"] as const;

export function watchStateToRow(state: WatchState): SqlRow {
  return [state.name, state.route, state.json, state.updatedAtMs];
}

export function rowToWatchState(row: StoredRow): WatchState {
  const read = createRowReader(row);
  return {
    name: read.text("name"),
    route: read.text("route"),
    json: read.text("json"),
    updatedAtMs: read.number("updated_at_ms"),
  };
}

/** Columns of table `alerts`, in the order of `alertToRow`. */
export const ALERT_COLUMNS = [
  "id",
  "rule",
  "route",
  "subject",
  "severity",
  "summary",
  "facts",
  "action",
  "revert",
  "opened_at_ms",
  "resolved_at_ms",
  "acknowledged_at_ms",
  "acknowledged_by",
  "is_exercise",
] as const;

export function alertToRow(alert: Alert): SqlRow {
  return [
    alert.id,
    alert.rule,
    alert.route,
    alert.subject,
    alert.severity,
    alert.summary,
    JSON.stringify(alert.facts),
    alert.action,
    alert.revert,
    alert.openedAtMs,
    alert.resolvedAtMs,
    alert.acknowledgedAtMs,
    alert.acknowledgedBy,
    flag(alert.isExercise),
  ];
}

/** @throws LeadsmanError `ledger_corrupt` */
export function rowToAlert(row: StoredRow): Alert {
  const read = createRowReader(row);
  return {
    id: read.text("id"),
    rule: read.word("rule"),
    route: read.text("route"),
    subject: read.textOrNull("subject"),
    severity: read.word("severity"),
    summary: read.text("summary"),
    facts: read.json("facts", (value) => (isFacts(value) ? value : undefined)),
    action: read.textOrNull("action"),
    revert: read.textOrNull("revert"),
    openedAtMs: read.number("opened_at_ms"),
    resolvedAtMs: read.numberOrNull("resolved_at_ms"),
    acknowledgedAtMs: read.numberOrNull("acknowledged_at_ms"),
    acknowledgedBy: read.textOrNull("acknowledged_by"),
    isExercise: read.flag("is_exercise"),
  };
}

function isFacts(value: unknown): value is Alert["facts"] {
  return (
    isJsonObject(value) &&
    Object.values(value).every((fact) => fact === null || typeof fact !== "object")
  );
}
