import type { GradedAnswer } from "../records/graded-answer.ts";
import type { Alert, AlertFilter } from "../records/alert.ts";
import { FIRST_CANDIDATE_TIER } from "../records/candidate-tier.ts";
import { EVIDENCE_COLUMNS, rowToEvidence } from "../records/evidence-row.ts";
import { GRADE_COLUMNS, rowToGrade } from "../records/grade-row.ts";
import { createRowReader } from "../records/row-reader.ts";
import type { WatchState } from "../records/watch-state.ts";
import {
  ALERT_COLUMNS,
  rowToAlert,
  rowToWatchState,
  WATCH_STATE_COLUMNS,
} from "../records/watch-rows.ts";
import type { Queries } from "./queries.ts";

const STATES =
  `SELECT ${WATCH_STATE_COLUMNS.join(", ")} FROM watch_states ` + "WHERE route = ? ORDER BY name";

const ALERT = `SELECT ${ALERT_COLUMNS.join(", ")} FROM alerts`;

/** Names of the columns of verdicts, where evidence has some of the same. */
const OF_GRADE = "grade_";

/** The plus keeps SQLite from walking evidence of the route: verdicts since then are few. */
const GRADED_SINCE =
  "SELECT g.sequence AS grade_sequence, " +
  `${GRADE_COLUMNS.map((column) => `g.${column} AS ${OF_GRADE}${column}`).join(", ")}, ` +
  `${EVIDENCE_COLUMNS.map((column) => `e.${column} AS ${column}`).join(", ")} ` +
  "FROM grades g CROSS JOIN evidence e ON e.item_id = g.item_id AND e.tier = g.tier " +
  `WHERE g.sequence > ? AND +e.route = ? AND g.tier < ${FIRST_CANDIDATE_TIER} ` +
  "AND g.is_repeat = 0 AND g.retracted_at_ms IS NULL ORDER BY g.sequence LIMIT ?";

export function readWatchStates(queries: Queries, route: string): readonly WatchState[] {
  return queries.all(STATES, [route]).map(rowToWatchState);
}

export function readGradedSince(
  queries: Queries,
  route: string,
  afterSequence: number,
  limit: number,
): readonly GradedAnswer[] {
  return queries.all(GRADED_SINCE, [afterSequence, route, limit]).map((row) => {
    const ofGrade = Object.fromEntries(
      GRADE_COLUMNS.map((column) => [column, row[`${OF_GRADE}${column}`]]),
    );
    return {
      sequence: createRowReader(row).number("grade_sequence"),
      grade: rowToGrade(ofGrade),
      evidence: rowToEvidence(row),
    };
  });
}

/** Newest first. */
export function readAlerts(
  queries: Queries,
  { route, isOpen }: AlertFilter,
  limit: number,
): readonly Alert[] {
  const conditions: string[] = [];
  if (route !== undefined) conditions.push("route = ?");
  if (isOpen !== undefined) conditions.push(`resolved_at_ms IS ${isOpen ? "" : "NOT "}NULL`);
  const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
  const values = route === undefined ? [limit] : [route, limit];
  const sql = `${ALERT}${where} ORDER BY opened_at_ms DESC, id DESC LIMIT ?`;
  return queries.all(sql, values).map(rowToAlert);
}

export function readAlert(queries: Queries, id: string): Alert | null {
  const row = queries.one(`${ALERT} WHERE id = ?`, [id]);
  return row === null ? null : rowToAlert(row);
}
