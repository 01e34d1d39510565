import type {
  EvidenceCountFilter,
  EvidenceFilter,
  EvidenceOf,
  Page,
  RequestFilter,
} from "../ledger.ts";
import { FIRST_CANDIDATE_TIER, isCandidateTier } from "../records/candidate-tier.ts";
import { dayOf } from "../records/count-gatherer.ts";
import type { AnswerCounts } from "../records/answer-counts.ts";
import type { Evidence, EvidenceCount, TriageCount } from "../records/evidence.ts";
import { EVIDENCE_COUNT_COLUMNS, rowsToEvidenceCounts } from "../records/evidence-counts.ts";
import { EVIDENCE_COLUMNS, rowToEvidence } from "../records/evidence-row.ts";
import type { SqlValue } from "../records/sql-value.ts";
import { TRIAGE_COUNT_COLUMNS, rowToTriageCount } from "../records/triage-counts.ts";
import { ANSWER_STANDING } from "./migrations/007-answer-standing.ts";
import type { Queries } from "./queries.ts";
import { readPage } from "./read-page.ts";
import type { Condition, PagedTable } from "./read-page.ts";
import { whereOf } from "./where-of.ts";

const NEWEST_FIRST: PagedTable = {
  name: "evidence",
  columns: EVIDENCE_COLUMNS,
  timeColumn: "created_at_ms",
  idColumn: "sequence",
  idKind: "number",
  order: "created_at_ms",
};

/** Items without a confidence come last. */
const MOST_CONFIDENT_FIRST: PagedTable = { ...NEWEST_FIRST, order: "ifnull(confidence, -1)" };

/** Whose evidence a row is. */
const WHOSE: Readonly<Record<EvidenceOf, string>> = {
  tiers: `tier < ${FIRST_CANDIDATE_TIER}`,
  candidates: `tier >= ${FIRST_CANDIDATE_TIER}`,
};

const EVIDENCE_OF = `SELECT ${EVIDENCE_COLUMNS.join(", ")} FROM evidence WHERE item_id = ? AND `;

/** What `bestOutcome` says of the cheap answer. */
const BEST_OUTCOME = "coalesce(cheap_label, cheap_human, cheap_judge)";

const WHERE: Readonly<Record<NonNullable<EvidenceFilter["where"]>, string>> = {
  wrong: `${BEST_OUTCOME} = 'wrong'`,
  differs: "differs = 1",
  disputed: `${BEST_OUTCOME} = 'disputed'`,
};

const LACKS: Readonly<Record<NonNullable<EvidenceFilter["lacks"]>, string>> = {
  label: "cheap_label IS NULL",
  human: "cheap_human IS NULL",
  judge: "cheap_judge IS NULL",
  agreement: "differs IS NULL",
};

/** A verdict that could not tell leaves no outcome, but it stands, and is not asked for again. */
const NO_STANDING_GRADE =
  "NOT EXISTS (SELECT 1 FROM grades WHERE grades.item_id = evidence.item_id " +
  "AND grades.tier = evidence.tier AND graded_by = ? AND retracted_at_ms IS NULL " +
  "AND is_repeat = 0)";

export function readEvidenceOf(
  queries: Queries,
  itemId: string,
  of: EvidenceOf = "tiers",
): readonly Evidence[] {
  return queries.all(`${EVIDENCE_OF}${WHOSE[of]} ORDER BY tier`, [itemId]).map(rowToEvidence);
}

export function readEvidence(
  queries: Queries,
  filter: EvidenceFilter,
  limit: number,
  after: string | undefined,
): Page<Evidence> {
  const page = readPage(queries, evidenceTable(filter), filter, limit, after, conditionsOf(filter));
  return { rows: page.rows.map(rowToEvidence), next: page.next };
}

export function evidenceTable(filter: EvidenceFilter): PagedTable {
  // The plus keeps SQLite from walking an index by time or confidence to find a handful of items.
  if (filter.itemIdPrefix !== undefined) return { ...NEWEST_FIRST, order: "+created_at_ms" };
  return filter.order === "confidence" ? MOST_CONFIDENT_FIRST : NEWEST_FIRST;
}

/** What `EvidenceFilter` adds to the filter of every page. */
export function conditionsOf(filter: EvidenceFilter): readonly Condition[] {
  const conditions: Condition[] = [];
  const where = (sql: string, ...values: readonly SqlValue[]): void => {
    conditions.push({ sql, values });
  };
  where(WHOSE[filter.of ?? "tiers"]);
  if (filter.task !== undefined) where("task = ?", filter.task);
  if (filter.dataset !== undefined) where("dataset = ?", filter.dataset);
  if (filter.itemIdPrefix !== undefined) {
    where("item_id >= ? AND item_id < ?", filter.itemIdPrefix, `${filter.itemIdPrefix}\u{10FFFF}`);
  }
  if (filter.isClustered !== undefined) {
    where(filter.isClustered ? "cluster IS NOT NULL" : "cluster IS NULL");
  }
  if (filter.fromConfidence !== undefined) {
    where("ifnull(confidence, -1) >= ?", filter.fromConfidence);
  }
  if (filter.inputClass !== undefined) {
    where(
      "EXISTS (SELECT 1 FROM json_each(input_classes) WHERE json_each.value = ?)",
      filter.inputClass,
    );
  }
  if (filter.where !== undefined) where(WHERE[filter.where]);
  if (filter.lacks !== undefined) {
    where(LACKS[filter.lacks]);
    where(NO_STANDING_GRADE, filter.lacks);
  }
  return conditions;
}

/** Oldest day first. */
export function readEvidenceCounts(
  queries: Queries,
  filter: EvidenceCountFilter,
): readonly EvidenceCount[] {
  const { where, values } = whereOf(filter, "day_ms", dayOf);
  const columns = EVIDENCE_COUNT_COLUMNS.join(", ");
  const sql = `SELECT ${columns} FROM evidence_counts ${where}ORDER BY day_ms, route, key`;
  const isOfCandidates = filter.of === "candidates";
  return rowsToEvidenceCounts(queries.all(sql, values)).filter(
    ({ key }) => isCandidateTier(key.tier) === isOfCandidates,
  );
}

/** Walks a part of an index for each word. */
export function readAnswerCounts(queries: Queries, filter: Required<RequestFilter>): AnswerCounts {
  const { sql, values } = answersOfStanding(filter);
  const itemsOf = (standing: string): number =>
    Number(queries.one(sql, [...values, standing])?.["items"] ?? 0);
  const [graded, judged] = [itemsOf("graded"), itemsOf("judged")];
  return { drawn: itemsOf("drawn") + graded + judged, graded, judged };
}

/** The last value, one of the words of `ANSWER_STANDING`, is still to be given. */
export function answersOfStanding(filter: Required<RequestFilter>): {
  readonly sql: string;
  readonly values: readonly (string | number)[];
} {
  const { where, values } = whereOf(filter, "day_ms", dayOf);
  return {
    sql: `SELECT sum(items) AS items FROM evidence_counts ${where}AND ${ANSWER_STANDING} = ?`,
    values,
  };
}

/** Oldest day first. */
export function readTriageCounts(queries: Queries, filter: RequestFilter): readonly TriageCount[] {
  const { where, values } = whereOf(filter, "day_ms", dayOf);
  const columns = TRIAGE_COUNT_COLUMNS.join(", ");
  return queries
    .all(`SELECT ${columns} FROM triage_counts ${where}ORDER BY day_ms, route, key`, values)
    .map(rowToTriageCount);
}
