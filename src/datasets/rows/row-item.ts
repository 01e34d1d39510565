import { hash } from "node:crypto";
import { inputClasses } from "../../cascade/input-class.ts";
import { MISSING_SIDE_REASONS, type MissingSideReason } from "../../cascade/words.ts";
import type { ImportedItem, StoredBody } from "../../ledger/ledger.ts";
import type { Evidence, Outcomes } from "../../ledger/records/evidence.ts";
import { promptTextBytes } from "../../messages/request-text.ts";
import type { DatasetRow, RowPrompt, RowSide } from "./dataset-row.ts";
import { refuse } from "./row-members.ts";
import { promptRequest } from "./row-prompt.ts";

/** What the rows of one import have in common. */
export interface RowContext {
  /** For rows that name none. */
  readonly route: string;
  readonly task: string | null;
  readonly dataset: string;
  /** Position of the last tier, for rows of a route that is not configured. */
  readonly deepTier: number;
  /** The same of each configured route. */
  readonly deepTiers: ReadonlyMap<string, number>;
  readonly nowMs: number;
  readonly withBodies: boolean;
}

/**
 * A row with answers as an item of the ledger. Its id is a hash of the route and of what was asked
 * and answered, without what is known of its truth: a row whose label was mended is the same item.
 * Where the row has an id, the first half is a hash of the route and that id alone.
 *
 * @throws RowRefusal `no_identity` for a row that nothing tells from others; for one of the future
 */
export function rowItem(row: DatasetRow, context: RowContext): ImportedItem {
  const { prompt, cheap, deep } = row;
  const route = row.route ?? context.route;
  const itemId = itemIdOf(row, route);
  const evidence: Evidence = {
    itemId,
    tier: 0,
    deepTier: context.deepTiers.get(route) ?? context.deepTier,
    source: "import",
    dataset: context.dataset,
    route,
    task: row.task ?? context.task,
    createdAtMs: createdAtOf(row, context),
    cluster: row.cluster,
    inputClasses: prompt === null ? [] : classesOf(prompt),
    decision: "imported",
    propensity: 1,
    cheapModel: cheap?.model ?? null,
    deepModel: deep?.model ?? null,
    promptHash: cheap?.promptHash ?? null,
    confidence: cheap?.confidence ?? null,
    cheapMissing: cheapMissing(cheap),
    deepMissing: deepMissing(deep),
    cheapCostNanoUsd: cheap?.costNanoUsd ?? null,
    deepCostNanoUsd: deep?.costNanoUsd ?? null,
    cheapLatencyMs: cheap?.latencyMs ?? null,
    deepLatencyMs: deep?.latencyMs ?? null,
    cheap: outcomesOf(cheap),
    deep: outcomesOf(deep),
    differs: null,
  };
  return { evidence, bodies: context.withBodies ? bodiesOf(row, evidence) : [] };
}

/** Clocks differ by less. */
const MOST_AHEAD_MS = 86_400_000;

/** The newest models are those that are measured: a row of the future would stay the newest. */
function createdAtOf({ createdAtMs }: DatasetRow, { nowMs }: RowContext): number {
  if (createdAtMs === null) return nowMs;
  if (createdAtMs > nowMs + MOST_AHEAD_MS) {
    refuse("invalid_member", '"created_at" is more than a day in the future');
  }
  return createdAtMs;
}

/** Tokens asked for where a prompt does not say: what a short answer needs, with room. */
export const DEFAULT_MAX_TOKENS = 4_096;

/** An answer of an imported item as it is stored: a message of the API with one text. */
export function answerMessage(answer: string, model: string | null): string {
  return JSON.stringify({
    type: "message",
    role: "assistant",
    model,
    content: [{ type: "text", text: answer }],
  });
}

/**
 * How the ids of the items begin that rows of this id became: labels that come later know the row
 * by it, and not what was answered.
 */
export function rowItemPrefix(route: string, rowId: string): string {
  return `itm_${hash("sha256", `${route}${DIVIDER}${rowId}`).slice(0, HALF_DIGITS)}`;
}

/** Divides what is hashed, so that moving a letter from one text to the next makes another item. */
const DIVIDER = "\u0000";

/** Of 32 hexadecimal digits, which hold 128 bits. */
const HALF_DIGITS = 16;

function itemIdOf(row: DatasetRow, route: string): string {
  const { id, prompt, cheap, deep } = row;
  const cheapText = sideText(cheap);
  const deepText = sideText(deep);
  const promptText = prompt === null ? "" : identityOf(prompt);
  if (id === null && prompt === null && !hasText(cheap) && !hasText(deep)) {
    refuse("no_identity", "has no id, no prompt and no answer to tell it from others by");
  }
  const content = hash(
    "sha256",
    `${route}${DIVIDER}${id ?? ""}${DIVIDER}${promptText}${DIVIDER}${cheapText}${DIVIDER}${deepText}`,
  );
  if (id === null) return `itm_${content.slice(0, 2 * HALF_DIGITS)}`;
  return `${rowItemPrefix(route, id)}${content.slice(0, HALF_DIGITS)}`;
}

function hasText(side: RowSide | null): boolean {
  return typeof side?.answer === "string" && side.answer !== "";
}

function sideText(side: RowSide | null): string {
  if (side === null) return "";
  const { model, answer, confidence } = side;
  return `${model ?? ""}${DIVIDER}${answer ?? ""}${DIVIDER}${String(confidence)}`;
}

function identityOf(prompt: RowPrompt): string {
  switch (prompt.kind) {
    case "text":
      return prompt.text;
    case "messages":
      return JSON.stringify([prompt.system, prompt.messages]);
    case "request":
      return JSON.stringify(prompt.body);
  }
}

function classesOf(prompt: RowPrompt): readonly string[] {
  const request = promptRequest(prompt, "", 0);
  const bytes = prompt.kind === "text" ? Buffer.byteLength(prompt.text) : promptTextBytes(request);
  return inputClasses(request, bytes);
}

/** Why the cheap answer could not have shipped, as the gate would say. */
function cheapMissing(cheap: RowSide | null): Evidence["cheapMissing"] {
  if (cheap === null) return "not_sampled";
  if (cheap.missing !== null) return cheap.missing;
  if (cheap.confidence === null) {
    return cheap.hasConfidence ? "confidence_invalid" : "confidence_missing";
  }
  if (cheap.answer === null) return "null_answer";
  return cheap.answer?.trim() === "" ? "blank_answer" : null;
}

function deepMissing(deep: RowSide | null): MissingSideReason | null {
  if (deep === null) return "not_sampled";
  if (deep.missing !== null) {
    return MISSING_SIDE_REASONS.find((reason) => reason === deep.missing) ?? "unreadable";
  }
  return deep.answer === null ? "null_answer" : null;
}

function outcomesOf(side: RowSide | null): Outcomes {
  return { label: side?.label ?? null, human: null, judge: null };
}

function bodiesOf({ prompt, ideals, cheap, deep }: DatasetRow, evidence: Evidence): StoredBody[] {
  const bodies: StoredBody[] = [];
  const add = (part: string, text: string): void => {
    bodies.push({ requestId: evidence.itemId, part, bytes: Buffer.from(text) });
  };
  if (prompt !== null) {
    const model = evidence.deepModel ?? "";
    add("request", JSON.stringify(promptRequest(prompt, model, DEFAULT_MAX_TOKENS)));
  }
  if (typeof cheap?.answer === "string") add("answer:0", answerMessage(cheap.answer, cheap.model));
  if (typeof deep?.answer === "string") {
    add(`answer:${evidence.deepTier}`, answerMessage(deep.answer, deep.model));
  }
  const [ideal] = ideals;
  if (ideal !== undefined) add("ideal", ideal);
  return bodies;
}
