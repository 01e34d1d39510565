import { isJsonObject } from "../support/json.ts";
import type { JsonObject, JsonValue } from "../support/json.ts";
import { isArray } from "./is-array.ts";
import type { ApiError, BlockDelta, ContentBlock, Message, Usage, UsageUpdate } from "./message.ts";

/**
 * The message that a JSON value is, or null. Members that other servers of this API leave out
 * because they have one value only (`type`, `role`) or none yet (`stop_reason`) are filled in.
 */
export function readMessage(value: JsonValue | undefined): Message | null {
  if (!isJsonObject(value)) return null;
  const { id, type, role, model, content, usage } = value;
  const { stop_reason: stopReason = null, stop_sequence: stopSequence = null } = value;
  if (typeof id !== "string" || typeof model !== "string") return null;
  if (type !== undefined && type !== "message") return null;
  if (role !== undefined && role !== "assistant") return null;
  if (!isContent(content) || !isUsage(usage)) return null;
  if (!isStringOrNull(stopReason) || !isStringOrNull(stopSequence)) return null;
  return {
    ...value,
    id,
    type: "message",
    role: "assistant",
    model,
    content,
    stop_reason: stopReason,
    stop_sequence: stopSequence,
    usage,
  };
}

export function isContentBlock(value: JsonValue | undefined): value is JsonObject & ContentBlock {
  if (!isJsonObject(value) || typeof value["type"] !== "string") return false;
  return value["type"] === "text" ? typeof value["text"] === "string" : true;
}

export function isBlockDelta(value: JsonValue | undefined): value is JsonObject & BlockDelta {
  if (!isJsonObject(value) || typeof value["type"] !== "string") return false;
  const needed = TEXT_MEMBER_OF_DELTA.get(value["type"]);
  return needed === undefined || typeof value[needed] === "string";
}

/** Counts become money, so anything but whole numbers from 0 on is refused. */
export function isUsage(value: JsonValue | undefined): value is JsonObject & Usage {
  if (!isUsageUpdate(value)) return false;
  const { input_tokens: input, output_tokens: output } = value;
  return isTokenCount(input) && isTokenCount(output);
}

export function isUsageUpdate(value: JsonValue | undefined): value is JsonObject & UsageUpdate {
  if (!isJsonObject(value)) return false;
  const { cache_creation: cacheCreation } = value;
  if (!isAbsent(cacheCreation) && !isCacheCreation(cacheCreation)) return false;
  return COUNT_MEMBERS.every((member) => isAbsent(value[member]) || isTokenCount(value[member]));
}

export function isApiError(value: JsonValue | undefined): value is JsonObject & ApiError {
  return (
    isJsonObject(value) && typeof value["type"] === "string" && typeof value["message"] === "string"
  );
}

export function isStringOrNull(value: JsonValue | undefined): value is string | null {
  return value === null || typeof value === "string";
}

/** Deltas that grow a text, and the member that holds the growth. */
const TEXT_MEMBER_OF_DELTA: ReadonlyMap<string, string> = new Map([
  ["text_delta", "text"],
  ["input_json_delta", "partial_json"],
  ["thinking_delta", "thinking"],
  ["signature_delta", "signature"],
]);

const COUNT_MEMBERS = [
  "input_tokens",
  "output_tokens",
  "cache_creation_input_tokens",
  "cache_read_input_tokens",
] as const;

function isContent(value: JsonValue | undefined): value is readonly (JsonObject & ContentBlock)[] {
  return isArray(value) && value.every(isContentBlock);
}

function isAbsent(value: JsonValue | undefined): value is null | undefined {
  return value === undefined || value === null;
}

function isCacheCreation(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false;
  const { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long } = value;
  return (short === undefined || isTokenCount(short)) && (long === undefined || isTokenCount(long));
}

function isTokenCount(value: JsonValue | undefined): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
