import type { NanoUsd } from "../../catalogue/cost.ts";
import { ESCALATION_REASONS, MISSING_SIDE_REASONS } from "../../cascade/words.ts";
import type { JsonObject, JsonValue } from "../../support/json.ts";
import type { RowSide } from "./dataset-row.ts";
import { member, refuse, SIDE_MEMBERS, textMember, UNIT_WANTED } from "./row-members.ts";

/** One model's answer from the members of a row. @throws RowRefusal */
export function readSide(side: JsonObject): RowSide {
  for (const name in UNIT_WANTED) {
    if (side[name] === undefined || side[name] === null) continue;
    refuse("no_unit", `"${name}" does not say its unit; wanted ${UNIT_WANTED[name] ?? ""}`);
  }
  const confidence = member(side, SIDE_MEMBERS.confidence);
  return {
    model: textMember(side, SIDE_MEMBERS.model),
    answer: answerOf(member(side, SIDE_MEMBERS.answer)),
    confidence: confidenceOf(confidence),
    hasConfidence: confidence !== undefined && confidence !== null,
    label: labelOf(member(side, SIDE_MEMBERS.correct)),
    costNanoUsd: costOf(side),
    latencyMs: latencyOf(side),
    promptHash: textMember(side, SIDE_MEMBERS.promptHash),
    missing: missingOf(textMember(side, SIDE_MEMBERS.missing)),
  };
}

/**
 * A confidence as the verdict reader takes it: a number from 0 to 1, or a text of exactly that.
 * Everything else is none; nothing is clamped or scaled.
 */
export function confidenceOf(value: JsonValue | undefined): number | null {
  const number = typeof value === "string" && JSON_NUMBER.test(value) ? Number(value) : value;
  return typeof number === "number" && number >= 0 && number <= 1 ? number : null;
}

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** What says right and what says wrong, in whichever case. @throws RowRefusal for all else */
export function labelOf(value: JsonValue | undefined): "right" | "wrong" | null {
  if (value === undefined || value === null) return null;
  const found = LABELS.get(typeof value === "string" ? value.toLowerCase() : value);
  return found ?? refuse("invalid_member", '"correct" says neither right nor wrong');
}

const LABELS: ReadonlyMap<JsonValue, "right" | "wrong"> = new Map<JsonValue, "right" | "wrong">([
  [true, "right"],
  [1, "right"],
  ["1", "right"],
  ["true", "right"],
  ["right", "right"],
  ["correct", "right"],
  [false, "wrong"],
  [0, "wrong"],
  ["0", "wrong"],
  ["false", "wrong"],
  ["wrong", "wrong"],
  ["incorrect", "wrong"],
]);

/** Structured answers are kept as their JSON. */
function answerOf(value: JsonValue | undefined): string | null | undefined {
  if (value === undefined || value === null || typeof value === "string") return value;
  return JSON.stringify(value);
}

const NANO_PER_USD = 1e9;

function costOf(side: JsonObject): NanoUsd | null {
  const nanoUsd = member(side, SIDE_MEMBERS.costNanoUsd) ?? null;
  const usd = member(side, SIDE_MEMBERS.costUsd) ?? null;
  if (nanoUsd !== null && usd !== null) {
    refuse("ambiguous_member", 'has both "cost_usd" and "cost_nano_usd"');
  }
  if (usd !== null) {
    if (typeof usd !== "number" || !(usd >= 0) || !(usd * NANO_PER_USD < Number.MAX_SAFE_INTEGER)) {
      refuse("invalid_member", '"cost_usd" is no amount of at least 0');
    }
    return BigInt(Math.round(usd * NANO_PER_USD));
  }
  if (nanoUsd === null) return null;
  const isWhole = typeof nanoUsd === "number" && Number.isSafeInteger(nanoUsd) && nanoUsd >= 0;
  if (isWhole || (typeof nanoUsd === "string" && /^\d{1,18}$/.test(nanoUsd)))
    return BigInt(nanoUsd);
  return refuse("invalid_member", '"cost_nano_usd" is no whole number of at least 0');
}

function latencyOf(side: JsonObject): number | null {
  const ms = member(side, SIDE_MEMBERS.latencyMs) ?? null;
  const seconds = member(side, SIDE_MEMBERS.latencySeconds) ?? null;
  if (ms !== null && seconds !== null) {
    refuse("ambiguous_member", 'has both "latency_ms" and "latency_s"');
  }
  const value = ms ?? seconds;
  if (value === null) return null;
  if (typeof value !== "number" || !(value >= 0)) {
    return refuse("invalid_member", '"latency_ms" is no number of at least 0');
  }
  return ms === null ? value * 1_000 : value;
}

const MISSING_WORDS: ReadonlyMap<string, RowSide["missing"]> = new Map(
  [...MISSING_SIDE_REASONS, ...ESCALATION_REASONS].map((word) => [word, word]),
);

function missingOf(word: string | null): RowSide["missing"] {
  if (word === null) return null;
  const found = MISSING_WORDS.get(word);
  if (found !== undefined) return found;
  const words = [...MISSING_WORDS.keys()].join(", ");
  return refuse("invalid_member", `"missing" is not one of ${words}`);
}
