import type { Evidence, EvidenceKey, Outcomes } from "./evidence.ts";
import { createRowReader } from "./row-reader.ts";
import type { RowReader, StoredRow } from "./row-reader.ts";
import { digits, flag, jsonList } from "./sql-value.ts";
import type { SqlRow } from "./sql-value.ts";

/** Columns of table `evidence` that hold facts, in the order of `evidenceToRow`. */
export const FACT_COLUMNS = [
  "item_id",
  "tier",
  "deep_tier",
  "source",
  "dataset",
  "route",
  "task",
  "created_at_ms",
  "cluster",
  "input_classes",
  "decision",
  "propensity",
  "cheap_model",
  "deep_model",
  "prompt_hash",
  "confidence",
  "cheap_missing",
  "deep_missing",
  "cheap_cost_nano_usd",
  "deep_cost_nano_usd",
  "cheap_latency_ms",
  "deep_latency_ms",
] as const;

/** Columns that graders fill, in the order of `outcomesToRow`. */
export const OUTCOME_COLUMNS = [
  "cheap_label",
  "cheap_human",
  "cheap_judge",
  "deep_label",
  "deep_human",
  "deep_judge",
  "differs",
] as const;

/** Columns of table `evidence`, in the order of `evidenceToRow`. */
export const EVIDENCE_COLUMNS: readonly EvidenceColumn[] = [...FACT_COLUMNS, ...OUTCOME_COLUMNS];

type EvidenceColumn = (typeof FACT_COLUMNS)[number] | (typeof OUTCOME_COLUMNS)[number];

/** Everything that graders say of one item. */
export type ItemOutcomes = Pick<Evidence, "cheap" | "deep" | "differs">;

export function evidenceToRow(evidence: Evidence): SqlRow {
  return [
    evidence.itemId,
    evidence.tier,
    evidence.deepTier,
    evidence.source,
    evidence.dataset,
    evidence.route,
    evidence.task,
    evidence.createdAtMs,
    evidence.cluster,
    jsonList(evidence.inputClasses),
    evidence.decision,
    evidence.propensity,
    evidence.cheapModel,
    evidence.deepModel,
    evidence.promptHash,
    evidence.confidence,
    evidence.cheapMissing,
    evidence.deepMissing,
    digits(evidence.cheapCostNanoUsd),
    digits(evidence.deepCostNanoUsd),
    evidence.cheapLatencyMs,
    evidence.deepLatencyMs,
    evidence.cheap.label,
    evidence.cheap.human,
    evidence.cheap.judge,
    evidence.deep.label,
    evidence.deep.human,
    evidence.deep.judge,
    evidence.differs === null ? null : flag(evidence.differs),
  ];
}

/** Values of `OUTCOME_COLUMNS`. */
export function outcomesToRow({ cheap, deep, differs }: ItemOutcomes): SqlRow {
  return [
    cheap.label,
    cheap.human,
    cheap.judge,
    deep.label,
    deep.human,
    deep.judge,
    differs === null ? null : flag(differs),
  ];
}

export function rowToEvidence(row: StoredRow): Evidence {
  const read = createRowReader(row);
  return {
    itemId: read.text("item_id"),
    route: read.text("route"),
    createdAtMs: read.number("created_at_ms"),
    cluster: read.textOrNull("cluster"),
    cheapCostNanoUsd: read.moneyOrNull("cheap_cost_nano_usd"),
    deepCostNanoUsd: read.moneyOrNull("deep_cost_nano_usd"),
    cheapLatencyMs: read.numberOrNull("cheap_latency_ms"),
    deepLatencyMs: read.numberOrNull("deep_latency_ms"),
    ...readCountedFacts(read),
  };
}

/** The facts and outcomes that counts are kept by; the rest is of one item alone. */
export function readCountedFacts(
  read: RowReader,
): Omit<EvidenceKey, "route" | "dayMs" | "isClustered" | "gradeLevel"> {
  return {
    tier: read.number("tier"),
    deepTier: read.number("deep_tier"),
    source: read.word("source"),
    dataset: read.textOrNull("dataset"),
    task: read.textOrNull("task"),
    inputClasses: read.list("input_classes", (item) =>
      typeof item === "string" ? item : undefined,
    ),
    decision: read.word("decision"),
    propensity: read.numberOrNull("propensity"),
    cheapModel: read.textOrNull("cheap_model"),
    deepModel: read.textOrNull("deep_model"),
    promptHash: read.textOrNull("prompt_hash"),
    confidence: read.numberOrNull("confidence"),
    cheapMissing: read.wordOrNull("cheap_missing"),
    deepMissing: read.wordOrNull("deep_missing"),
    ...readOutcomes(read),
  };
}

/** Reads `OUTCOME_COLUMNS`. */
export function readOutcomes(read: RowReader): ItemOutcomes {
  return {
    cheap: readSide(read, "cheap"),
    deep: readSide(read, "deep"),
    differs: read.numberOrNull("differs") === null ? null : read.flag("differs"),
  };
}

function readSide(read: RowReader, side: "cheap" | "deep"): Outcomes {
  return {
    label: read.wordOrNull(`${side}_label`),
    human: read.wordOrNull(`${side}_human`),
    judge: read.wordOrNull(`${side}_judge`),
  };
}
