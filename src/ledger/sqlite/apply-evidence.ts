import type { DatabaseSync } from "node:sqlite";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import type { CountGatherer } from "../records/count-gatherer.ts";
import { countEvidence } from "../records/evidence-counts.ts";
import {
  EVIDENCE_COLUMNS,
  FACT_COLUMNS,
  OUTCOME_COLUMNS,
  outcomesToRow,
  readOutcomes,
} from "../records/evidence-row.ts";
import type { ItemOutcomes } from "../records/evidence-row.ts";
import { foldGrades } from "../records/fold-grades.ts";
import type { StandingGrade } from "../records/fold-grades.ts";
import { GRADE_COLUMNS } from "../records/grade-row.ts";
import { createRowReader, isArray } from "../records/row-reader.ts";
import type { StoredRow } from "../records/row-reader.ts";
import { placeholders } from "../records/sql-value.ts";
import type { SqlRow, SqlValue } from "../records/sql-value.ts";

/** Writes of evidence and verdicts, inside an open transaction. */
export interface ApplyEvidence {
  /** Facts of an item; `row` holds the values of `EVIDENCE_COLUMNS`. */
  evidence(row: SqlRow, isOnlyIfMissing: boolean, counts: CountGatherer): void;
  grade(row: SqlRow, counts: CountGatherer): void;
  retraction(gradeId: string, atMs: number, counts: CountGatherer): void;
  /** Says of an item's evidence that the deep answer it was waiting for will not come. */
  expireDeep(itemId: string, counts: CountGatherer): void;
  /** Brings the outcomes of all evidence of an item up to date with its verdicts. */
  refold(itemId: string, counts: CountGatherer): void;
  /**
   * Takes evidence away, if it is of this data set.
   *
   * @returns how many tiers of the item are left; null when there was nothing to take away
   */
  remove(itemId: string, tier: number, dataset: string, counts: CountGatherer): number | null;
}

const FACTS = FACT_COLUMNS.length;
const DEEP_MISSING = EVIDENCE_COLUMNS.indexOf("deep_missing");
const GRADE = {
  itemId: GRADE_COLUMNS.indexOf("item_id"),
  tier: GRADE_COLUMNS.indexOf("tier"),
  by: GRADE_COLUMNS.indexOf("graded_by"),
};

export function createApplyEvidence(database: DatabaseSync): ApplyEvidence {
  const statements = prepareStatements(database);

  const standingGrades = (itemId: SqlValue): readonly StandingGrade[] =>
    statements.standingGrades.all(itemId).map(readStanding);
  const refold = (found: StoredRow, counts: CountGatherer): void => {
    const before = rowOf(found);
    const after = foldInto(before, ownOutcomes(found), standingGrades(before[0] ?? null));
    if (isSame(before, after)) return;
    countEvidence(counts, before, -1);
    countEvidence(counts, after, 1);
    statements.putOutcomes.run(...after.slice(FACTS), ...after.slice(0, 2));
  };
  const refoldItem = (itemId: SqlValue, counts: CountGatherer): void => {
    for (const found of statements.evidenceOf.all(itemId)) refold(found, counts);
  };
  return {
    evidence: (row, isOnlyIfMissing, counts) => {
      const [itemId = null, tier = null] = row;
      const found = statements.evidenceOfTier.get(itemId, tier);
      if (isOnlyIfMissing && found !== undefined) return;
      const own = found === undefined ? outcomesOf(row) : ownOutcomes(found);
      const after = foldInto(row, own, standingGrades(itemId));
      if (found !== undefined) countEvidence(counts, rowOf(found), -1);
      countEvidence(counts, after, 1);
      statements.putEvidence.run(...after, ownText(own));
    },
    grade: (row, counts) => {
      if (statements.insertGrade.run(...row).changes === 0) return;
      const itemId = row[GRADE.itemId] ?? null;
      const tier = row[GRADE.tier] ?? null;
      const isAgreement = row[GRADE.by] === "agreement";
      const found = statements.evidenceOf
        .all(itemId)
        .filter((one) => one["tier"] === tier || (!isAgreement && one["deep_tier"] === tier));
      if (found.length === 0) throw withoutEvidence(itemId, tier);
      for (const one of found) refold(one, counts);
    },
    retraction: (gradeId, atMs, counts) => {
      const found = statements.retract.get(atMs, gradeId);
      if (found !== undefined) refoldItem(createRowReader(found).text("item_id"), counts);
    },
    expireDeep: (itemId, counts) => {
      for (const found of statements.evidenceOf.all(itemId)) {
        if (found["deep_missing"] !== "pending") continue;
        const before = rowOf(found);
        const after = before.with(DEEP_MISSING, "credential_gone");
        countEvidence(counts, before, -1);
        countEvidence(counts, after, 1);
        statements.putEvidence.run(...after, ownText(ownOutcomes(found)));
      }
    },
    refold: refoldItem,
    remove: (itemId, tier, dataset, counts) => {
      const found = statements.evidenceOfTier.get(itemId, tier);
      if (found === undefined || found["dataset"] !== dataset) return null;
      countEvidence(counts, rowOf(found), -1);
      statements.removeEvidence.run(itemId, tier);
      return statements.evidenceOf.all(itemId).length;
    },
  };
}

function prepareStatements(database: DatabaseSync) {
  const columns = [...EVIDENCE_COLUMNS, "own_outcomes"];
  // Money may be wider than what this connection reads as a number.
  const selected = columns
    .map((column) => (column.endsWith("_usd") ? `CAST(${column} AS TEXT) AS ${column}` : column))
    .join(", ");
  return {
    evidenceOf: database.prepare(`SELECT ${selected} FROM evidence WHERE item_id = ?`),
    evidenceOfTier: database.prepare(
      `SELECT ${selected} FROM evidence WHERE item_id = ? AND tier = ?`,
    ),
    putEvidence: database.prepare(
      `INSERT INTO evidence (${columns.join(", ")}) VALUES (${placeholders(columns)}) ` +
        "ON CONFLICT (item_id, tier) DO UPDATE SET " +
        EVIDENCE_COLUMNS.map((column) => `${column} = excluded.${column}`).join(", "),
    ),
    putOutcomes: database.prepare(
      `UPDATE evidence SET ${OUTCOME_COLUMNS.map((column) => `${column} = ?`).join(", ")} ` +
        "WHERE item_id = ? AND tier = ?",
    ),
    removeEvidence: database.prepare("DELETE FROM evidence WHERE item_id = ? AND tier = ?"),
    insertGrade: database.prepare(
      `INSERT INTO grades (${GRADE_COLUMNS.join(", ")}) VALUES (${placeholders(GRADE_COLUMNS)}) ` +
        "ON CONFLICT (id) DO NOTHING",
    ),
    retract: database.prepare(
      "UPDATE grades SET retracted_at_ms = ? WHERE id = ? AND retracted_at_ms IS NULL " +
        "RETURNING item_id",
    ),
    standingGrades: database.prepare(
      "SELECT tier, graded_by, outcome FROM grades WHERE item_id = ? " +
        "AND retracted_at_ms IS NULL AND is_repeat = 0 ORDER BY created_at_ms, id",
    ),
  };
}

function readStanding(row: StoredRow): StandingGrade {
  const read = createRowReader(row);
  return {
    tier: read.number("tier"),
    by: read.word("graded_by"),
    outcome: read.word("outcome"),
  };
}

/** The row with its outcomes as they are once these verdicts are counted. */
function foldInto(row: SqlRow, own: ItemOutcomes, grades: readonly StandingGrade[]): SqlRow {
  const [, tier, deepTier] = row;
  const tiers = { tier: Number(tier), deepTier: Number(deepTier) };
  return [...row.slice(0, FACTS), ...outcomesToRow(foldGrades(own, tiers, grades))];
}

/** Values of `EVIDENCE_COLUMNS` of a row that was read. */
export function rowOf(found: StoredRow): SqlRow {
  return EVIDENCE_COLUMNS.map((column) => {
    const value = found[column];
    return typeof value === "string" || typeof value === "number" ? value : null;
  });
}

function ownOutcomes(found: StoredRow): ItemOutcomes {
  const text = found["own_outcomes"];
  const values: unknown = typeof text === "string" ? JSON.parse(text) : [];
  return readOutcomes(outcomeReader(isArray(values) ? values : []));
}

function outcomesOf(row: SqlRow): ItemOutcomes {
  return readOutcomes(outcomeReader(row.slice(FACTS)));
}

function outcomeReader(values: readonly unknown[]): ReturnType<typeof createRowReader> {
  const members = OUTCOME_COLUMNS.map((column, position) => [column, values[position]] as const);
  return createRowReader(Object.fromEntries(members));
}

function ownText(own: ItemOutcomes): string | null {
  return outcomesText(outcomesToRow(own));
}

/** `own_outcomes` of new evidence, from the values of `EVIDENCE_COLUMNS`. */
export function ownTextOf(row: SqlRow): string | null {
  return outcomesText(row.slice(FACTS));
}

/** Null where nothing came with the evidence, which is the rule. */
function outcomesText(values: SqlRow): string | null {
  return values.every((value) => value === null) ? null : JSON.stringify(values);
}

function isSame(one: SqlRow, other: SqlRow): boolean {
  return one.every((value, position) => value === other[position]);
}

function withoutEvidence(itemId: SqlValue, tier: SqlValue): LeadsmanError {
  return new LeadsmanError(
    "ledger_failed",
    `a grade needs its item's evidence, found none of item ${String(itemId)} ` +
      `that an answer of tier ${String(tier)} is part of`,
  );
}
