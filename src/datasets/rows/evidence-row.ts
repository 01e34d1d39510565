import { ESCALATION_REASONS, MISSING_SIDE_REASONS } from "../../cascade/words.ts";
import type { Evidence, Outcome, Outcomes } from "../../ledger/records/evidence.ts";
import { isJsonObject } from "../../support/json.ts";
import type { JsonObject, JsonValue } from "../../support/json.ts";
import { refuse } from "./row-members.ts";

/** An item as `export --evidence` writes it and `import` takes it. */
export interface ExportedEvidence {
  readonly evidence: Evidence;
  /** Texts by their names, see `evidenceParts`; null when they were not asked for. */
  readonly bodies: Readonly<Record<string, ExportedBody>> | null;
}

/** Text as it is; what is no UTF-8 as base64. */
export type ExportedBody = string | { readonly base64: string };

/** The first member of each row: says what follows, and changes when that changes. */
export const EVIDENCE_FORMAT = "leadsman.evidence/1";

/**
 * What the texts of a row are called, wherever it comes from: whose answer one is, is told by the
 * tier, never by the attempt that gave it.
 */
export function evidenceParts({
  tier,
  deepTier,
}: Pick<Evidence, "tier" | "deepTier">): readonly string[] {
  return ["request", `answer:${tier}`, `answer:${deepTier}`, "ideal"];
}

/** A row as JSON on one line; the members always in the same order. */
export function evidenceLine({ evidence, bodies }: ExportedEvidence): string {
  const row: Record<string, unknown> = { format: EVIDENCE_FORMAT };
  for (const name of EVIDENCE_MEMBERS) row[name] = evidence[name];
  if (bodies !== null) row["bodies"] = bodies;
  return JSON.stringify(row, (_name, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}

/** In the order of the columns and members. */
export const EVIDENCE_MEMBERS = [
  "itemId",
  "tier",
  "deepTier",
  "source",
  "dataset",
  "route",
  "task",
  "createdAtMs",
  "cluster",
  "inputClasses",
  "decision",
  "propensity",
  "cheapModel",
  "deepModel",
  "promptHash",
  "confidence",
  "cheapMissing",
  "deepMissing",
  "cheapCostNanoUsd",
  "deepCostNanoUsd",
  "cheapLatencyMs",
  "deepLatencyMs",
  "cheap",
  "deep",
  "differs",
] as const;

/** The row that `evidenceLine` wrote. @throws RowRefusal */
export function readEvidenceRow(row: JsonObject): ExportedEvidence {
  const tier = wholeOf(row, "tier");
  const deepTier = wholeOf(row, "deepTier");
  if (tier >= deepTier) refuse("invalid_member", '"tier" is not below "deepTier"');
  const evidence: Evidence = {
    itemId: textOf(row, "itemId") ?? wanted("itemId", "a text"),
    tier,
    deepTier,
    source: wordOf(row, "source", SOURCES),
    dataset: textOf(row, "dataset"),
    route: textOf(row, "route") ?? wanted("route", "a text"),
    task: textOf(row, "task"),
    createdAtMs: wholeOf(row, "createdAtMs"),
    cluster: textOf(row, "cluster"),
    inputClasses: textsOf(row, "inputClasses"),
    decision: wordOf(row, "decision", DECISIONS),
    propensity: shareOf(row, "propensity"),
    cheapModel: textOf(row, "cheapModel"),
    deepModel: textOf(row, "deepModel"),
    promptHash: textOf(row, "promptHash"),
    confidence: shareOf(row, "confidence"),
    cheapMissing: optionalWord(row, "cheapMissing", CHEAP_MISSING),
    deepMissing: optionalWord(row, "deepMissing", MISSING_SIDE_REASONS),
    cheapCostNanoUsd: moneyOf(row, "cheapCostNanoUsd"),
    deepCostNanoUsd: moneyOf(row, "deepCostNanoUsd"),
    cheapLatencyMs: durationOf(row, "cheapLatencyMs"),
    deepLatencyMs: durationOf(row, "deepLatencyMs"),
    cheap: outcomesOf(row, "cheap"),
    deep: outcomesOf(row, "deep"),
    differs: booleanOf(row, "differs"),
  };
  return { evidence, bodies: bodiesOf(row["bodies"], evidenceParts(evidence)) };
}

const SOURCES = ["traffic", "import"] as const;
const DECISIONS = ["shipped", "escalated", "shadowed", "control", "imported"] as const;
const OUTCOMES = [
  "right",
  "wrong",
  "disputed",
  "cannot_tell",
] as const satisfies readonly Outcome[];
const CHEAP_MISSING = [...MISSING_SIDE_REASONS, ...ESCALATION_REASONS] as const;

function wanted(name: string, what: string): never {
  return refuse("invalid_member", `"${name}" is not ${what}`);
}

function textOf(row: JsonObject, name: string): string | null {
  const value = row[name] ?? null;
  return value === null || typeof value === "string" ? value : wanted(name, "a text");
}

function textsOf(row: JsonObject, name: string): readonly string[] {
  const value = row[name];
  const texts: string[] = [];
  if (!Array.isArray(value)) return wanted(name, "a list of texts");
  for (const text of value as readonly JsonValue[]) {
    if (typeof text !== "string") return wanted(name, "a list of texts");
    texts.push(text);
  }
  return texts;
}

function wholeOf(row: JsonObject, name: string): number {
  const value = row[name];
  const isWhole = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
  return isWhole ? value : wanted(name, "a whole number of at least 0");
}

function shareOf(row: JsonObject, name: string): number | null {
  const value = row[name] ?? null;
  if (value === null) return null;
  const isShare = typeof value === "number" && value >= 0 && value <= 1;
  return isShare ? value : wanted(name, "a number from 0 to 1");
}

function durationOf(row: JsonObject, name: string): number | null {
  const value = row[name] ?? null;
  if (value === null) return null;
  return typeof value === "number" && value >= 0 ? value : wanted(name, "a number of at least 0");
}

function moneyOf(row: JsonObject, name: string): bigint | null {
  const text = textOf(row, name);
  if (text === null) return null;
  return /^\d{1,18}$/.test(text) ? BigInt(text) : wanted(name, "a text of digits");
}

function booleanOf(row: JsonObject, name: string): boolean | null {
  const value = row[name] ?? null;
  return value === null || typeof value === "boolean" ? value : wanted(name, "true or false");
}

function wordOf<Word extends string>(row: JsonObject, name: string, words: readonly Word[]): Word {
  return optionalWord(row, name, words) ?? wanted(name, `one of ${words.join(", ")}`);
}

function optionalWord<Word extends string>(
  row: JsonObject,
  name: string,
  words: readonly Word[],
): Word | null {
  const value = row[name] ?? null;
  if (value === null) return null;
  return words.find((word) => word === value) ?? wanted(name, `one of ${words.join(", ")}`);
}

function outcomesOf(row: JsonObject, name: string): Outcomes {
  const value = row[name];
  if (!isJsonObject(value)) return wanted(name, "an object of outcomes");
  return {
    label: optionalWord(value, "label", OUTCOMES),
    human: optionalWord(value, "human", OUTCOMES),
    judge: optionalWord(value, "judge", OUTCOMES),
  };
}

/** A text of no side would be kept and never be read: it is refused. */
function bodiesOf(
  value: JsonValue | undefined,
  parts: readonly string[],
): ExportedEvidence["bodies"] {
  if (value === undefined || value === null) return null;
  if (!isJsonObject(value)) return wanted("bodies", "an object of texts");
  const bodies: Record<string, ExportedBody> = {};
  for (const [part, body] of Object.entries(value)) {
    if (!parts.includes(part)) wanted("bodies", `an object of ${parts.join(", ")}`);
    if (typeof body === "string") bodies[part] = body;
    else if (isJsonObject(body) && typeof body["base64"] === "string") {
      bodies[part] = { base64: body["base64"] };
    } else wanted("bodies", "an object of texts");
  }
  return bodies;
}
