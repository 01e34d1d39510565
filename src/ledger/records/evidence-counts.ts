import { dayOf, moneyOf } from "./count-gatherer.ts";
import type { CountGatherer, CountKey } from "./count-gatherer.ts";
import type { EvidenceCount, EvidenceKey } from "./evidence.ts";
import { EVIDENCE_COLUMNS, OUTCOME_COLUMNS, readCountedFacts } from "./evidence-row.ts";
import { gradeLevel } from "./grade-order.ts";
import { createRowReader, isArray } from "./row-reader.ts";
import type { StoredRow } from "./row-reader.ts";
import type { SqlRow } from "./sql-value.ts";

/** Columns of table `evidence_counts`. */
export const EVIDENCE_COUNT_COLUMNS = [
  "day_ms",
  "route",
  "key",
  "items",
  "priced_items",
  "cheap_cost_nano_usd",
  "deep_cost_nano_usd",
] as const;

/**
 * Columns of `evidence` whose values make the text of a key, in their order; then comes whether the
 * item is of a cluster, and its level of grading. The order is the stored format.
 */
const KEY_COLUMNS = [
  "tier",
  "deep_tier",
  "source",
  "dataset",
  "task",
  "input_classes",
  "decision",
  "propensity",
  "cheap_model",
  "deep_model",
  "prompt_hash",
  "confidence",
  "cheap_missing",
  "deep_missing",
  ...OUTCOME_COLUMNS,
] as const;

/** Looked up once: this runs for every item. */
const KEY_POSITIONS = KEY_COLUMNS.map((column) => EVIDENCE_COLUMNS.indexOf(column));
const CREATED_AT_MS = EVIDENCE_COLUMNS.indexOf("created_at_ms");
const ITEM_ID = EVIDENCE_COLUMNS.indexOf("item_id");
const ROUTE = EVIDENCE_COLUMNS.indexOf("route");
const CLUSTER = EVIDENCE_COLUMNS.indexOf("cluster");
const CHEAP_COST = EVIDENCE_COLUMNS.indexOf("cheap_cost_nano_usd");
const DEEP_COST = EVIDENCE_COLUMNS.indexOf("deep_cost_nano_usd");

/**
 * Adds an item to the roll-up of evidence, or takes it away.
 *
 * @param row values of `EVIDENCE_COLUMNS`
 */
export function countEvidence(counts: CountGatherer, row: SqlRow, sign: 1 | -1): void {
  const cheap = moneyOf(row[CHEAP_COST]);
  const deep = moneyOf(row[DEEP_COST]);
  const costs = cheap === null || deep === null ? null : { cheap, deep };
  counts.add(keyOf(row), sign, costs);
}

/**
 * Reads rows of the roll-up. Most keys come again day after day, so each is understood once.
 *
 * @throws LeadsmanError `ledger_corrupt`
 */
export function rowsToEvidenceCounts(rows: readonly StoredRow[]): readonly EvidenceCount[] {
  const known = new Map<unknown, KeyMembers>();
  return rows.map((row) => {
    const read = createRowReader(row);
    let key = known.get(row["key"]);
    if (key === undefined) {
      key = read.json("key", readKey);
      known.set(row["key"], key);
    }
    return {
      key: { ...key, route: read.text("route"), dayMs: read.number("day_ms") },
      items: read.number("items"),
      pricedItems: read.number("priced_items"),
      cheapCostNanoUsd: read.money("cheap_cost_nano_usd"),
      deepCostNanoUsd: read.money("deep_cost_nano_usd"),
    };
  });
}

/** What the text of a key says. */
type KeyMembers = Omit<EvidenceKey, "route" | "dayMs">;

function keyOf(row: SqlRow): CountKey {
  const values = KEY_POSITIONS.map((position) => row[position] ?? null);
  values.push(row[CLUSTER] === null ? 0 : 1, gradeLevel(String(row[ITEM_ID])));
  return {
    dayMs: dayOf(Number(row[CREATED_AT_MS])),
    route: String(row[ROUTE]),
    text: JSON.stringify(values),
  };
}

function readKey(value: unknown): KeyMembers | undefined {
  if (!isArray(value)) return undefined;
  const members = [...KEY_COLUMNS, "is_clustered", "grade_level"].map(
    (column, position) => [column, value[position]] as const,
  );
  const read = createRowReader(Object.fromEntries(members));
  return {
    ...readCountedFacts(read),
    isClustered: read.flag("is_clustered"),
    // Counts of before there were levels are of items that come up with all others.
    gradeLevel: read.numberOrNull("grade_level") ?? 0,
  };
}
