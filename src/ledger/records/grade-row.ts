import type { Grade } from "./evidence.ts";
import { createRowReader } from "./row-reader.ts";
import type { StoredRow } from "./row-reader.ts";
import { flag } from "./sql-value.ts";
import type { SqlRow } from "./sql-value.ts";

/** Columns of table `grades`, in the order of `gradeToRow`. */
export const GRADE_COLUMNS = [
  "id",
  "item_id",
  "tier",
  "graded_by",
  "outcome",
  "grader",
  "created_at_ms",
  "is_repeat",
  "note",
  "retracted_at_ms",
] as const;

export function gradeToRow(grade: Grade): SqlRow {
  return [
    grade.id,
    grade.itemId,
    grade.tier,
    grade.by,
    grade.outcome,
    grade.grader,
    grade.createdAtMs,
    flag(grade.isRepeat),
    grade.note,
    grade.retractedAtMs,
  ];
}

export function rowToGrade(row: StoredRow): Grade {
  const read = createRowReader(row);
  return {
    id: read.text("id"),
    itemId: read.text("item_id"),
    tier: read.number("tier"),
    by: read.word("graded_by"),
    outcome: read.word("outcome"),
    grader: read.text("grader"),
    createdAtMs: read.number("created_at_ms"),
    isRepeat: read.flag("is_repeat"),
    note: read.textOrNull("note"),
    retractedAtMs: read.numberOrNull("retracted_at_ms"),
  };
}
