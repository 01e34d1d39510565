import type { Page } from "../ledger.ts";
import type { Grade } from "../records/evidence.ts";
import { GRADE_COLUMNS, rowToGrade } from "../records/grade-row.ts";
import type { Queries } from "./queries.ts";
import { readPage } from "./read-page.ts";
import type { PagedTable } from "./read-page.ts";

export const GRADES_TABLE: PagedTable = {
  name: "grades",
  columns: GRADE_COLUMNS,
  timeColumn: "created_at_ms",
  idColumn: "sequence",
  idKind: "number",
  order: "created_at_ms",
};

const GRADES =
  `SELECT ${GRADE_COLUMNS.join(", ")} FROM grades WHERE item_id = ? ` +
  "ORDER BY created_at_ms, sequence";

/** Oldest first. */
export function readGrades(queries: Queries, itemId: string): readonly Grade[] {
  return queries.all(GRADES, [itemId]).map(rowToGrade);
}

/** Newest first. */
export function readGradesBy(
  queries: Queries,
  by: Grade["by"],
  limit: number,
  after: string | undefined,
): Page<Grade> {
  const ofKind = { sql: "graded_by = ?", values: [by] };
  const page = readPage(queries, GRADES_TABLE, {}, limit, after, [ofKind]);
  return { rows: page.rows.map(rowToGrade), next: page.next };
}
