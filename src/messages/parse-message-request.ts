import { isUtf8 } from "node:buffer";
import { invariant } from "../support/invariant.ts";
import { isJsonObject } from "../support/json.ts";
import type { JsonObject, JsonValue } from "../support/json.ts";
import { failure, success } from "../support/result.ts";
import type { Result } from "../support/result.ts";
import { isArray } from "./is-array.ts";
import type {
  BodyAmbiguity,
  MessageRequest,
  ParsedRequest,
  RequestProblem,
} from "./message-request.ts";
import { readJsonBytes } from "./read-json.ts";
import type { JsonProblem } from "./read-json.ts";
import { scanTopLevelMembers } from "./top-level-members.ts";

export interface ParseOptions {
  /**
   * False for bodies of `count_tokens`, which have no `max_tokens`; the value then says 0.
   * Default true.
   */
  readonly isMaxTokensRequired?: boolean;
}

/**
 * Reads a body of `/v1/messages`. Checks what a router relies on and nothing else: unknown members,
 * roles, block types and their insides are for upstream to judge. An optional member that is `null`
 * counts as absent in the value; the bytes keep it.
 *
 * The problem's message never quotes the body.
 *
 * @param bytes the decoded body (after gzip and the like)
 */
export function parseMessageRequest(
  bytes: Uint8Array,
  options: ParseOptions = {},
): Result<ParsedRequest, RequestProblem> {
  const read = readJsonBytes(bytes);
  if (!read.ok) return failure({ message: syntaxProblem(read.problem) });
  const found = read.value;
  if (!isJsonObject(found)) return failure({ message: expected("body", "a JSON object", found) });
  const body = prepared(found, options.isMaxTokensRequired ?? true);
  const problem = requestProblem(body);
  if (problem !== null) return failure({ message: problem });
  // What MessageRequest promises is what the checks have found.
  const value = body as JsonObject & MessageRequest;
  return success(new ReadRequest(bytes, value));
}

/** Looks for ambiguity only when asked: what merely passes through never needs to know. */
class ReadRequest implements ParsedRequest {
  readonly bytes: Uint8Array;
  readonly value: MessageRequest;
  #ambiguity: BodyAmbiguity | null | undefined;

  constructor(bytes: Uint8Array, value: MessageRequest) {
    this.bytes = bytes;
    this.value = value;
  }

  get ambiguity(): BodyAmbiguity | null {
    if (this.#ambiguity === undefined) this.#ambiguity = ambiguityOf(this.bytes);
    return this.#ambiguity;
  }
}

const OPTIONAL_MEMBERS = [
  "system",
  "stream",
  "tools",
  "stop_sequences",
  "metadata",
  "output_config",
  "thinking",
] as const;

function syntaxProblem({ position }: JsonProblem): string {
  const place = position === null ? "" : ` at character ${String(position)}`;
  return `body: Expected valid JSON, found a syntax error${place}`;
}

/** The body without members that are null for absent, and with a `max_tokens` where none is due. */
function prepared(found: JsonObject, isMaxTokensRequired: boolean): JsonObject {
  const isNullDropped = OPTIONAL_MEMBERS.some((member) => found[member] === null);
  const body = isNullDropped ? withoutNulls(found) : found;
  if (isMaxTokensRequired || body["max_tokens"] !== undefined) return body;
  return { ...body, max_tokens: 0 };
}

function withoutNulls(found: JsonObject): JsonObject {
  const optional: readonly string[] = OPTIONAL_MEMBERS;
  return Object.fromEntries(
    Object.entries(found).filter(([key, value]) => value !== null || !optional.includes(key)),
  );
}

function requestProblem(body: JsonObject): string | null {
  return (
    modelProblem(body["model"]) ??
    maxTokensProblem(body["max_tokens"]) ??
    messagesProblem(body["messages"]) ??
    systemProblem(body["system"]) ??
    optionalProblem(body)
  );
}

function modelProblem(model: JsonValue | undefined): string | null {
  if (typeof model === "string" && model !== "") return null;
  if (model === "") return "model: Expected a model name, found an empty string";
  return expected("model", "a string", model);
}

function maxTokensProblem(maxTokens: JsonValue | undefined): string | null {
  // 0 is allowed: it fills the prompt cache without an answer.
  if (Number.isSafeInteger(maxTokens) && Number(maxTokens) >= 0) return null;
  return expected("max_tokens", "a whole number of at least 0", maxTokens);
}

function messagesProblem(messages: JsonValue | undefined): string | null {
  if (!isArray(messages)) return expected("messages", "an array", messages);
  if (messages.length === 0) return "messages: Expected at least one message, found none";
  for (const [index, message] of messages.entries()) {
    const problem = messageProblem(message, index);
    if (problem !== null) return problem;
  }
  return null;
}

function messageProblem(message: JsonValue, index: number): string | null {
  const path = `messages.${String(index)}`;
  if (!isJsonObject(message)) return expected(path, "an object", message);
  const { role, content } = message;
  if (typeof role !== "string") return expected(`${path}.role`, "a string", role);
  if (typeof content === "string") return null;
  return blocksProblem(content, `${path}.content`);
}

function systemProblem(system: JsonValue | undefined): string | null {
  if (system === undefined || typeof system === "string") return null;
  return blocksProblem(system, "system");
}

function blocksProblem(blocks: JsonValue | undefined, path: string): string | null {
  if (!isArray(blocks)) return expected(path, "a string or an array of blocks", blocks);
  for (const [index, block] of blocks.entries()) {
    const problem = blockProblem(block, path, index);
    if (problem !== null) return problem;
  }
  return null;
}

function blockProblem(block: JsonValue, path: string, index: number): string | null {
  const blockPath = `${path}.${String(index)}`;
  if (!isJsonObject(block)) return expected(blockPath, "an object", block);
  const { type, text } = block;
  if (typeof type !== "string") return expected(`${blockPath}.type`, "a string", type);
  if (typeof text === "string" || (text === undefined && type !== "text")) return null;
  return expected(`${blockPath}.text`, "a string", text);
}

function optionalProblem(body: JsonObject): string | null {
  const { stream, tools, stop_sequences: stops, metadata } = body;
  if (stream !== undefined && typeof stream !== "boolean")
    return expected("stream", "true or false", stream);
  if (tools !== undefined && !isArray(tools)) return expected("tools", "an array", tools);
  if (stops !== undefined && !isStringArray(stops))
    return expected("stop_sequences", "an array of strings", stops);
  for (const member of ["metadata", "output_config", "thinking"] as const) {
    const value = body[member];
    if (value !== undefined && !isJsonObject(value)) return expected(member, "an object", value);
  }
  const userId = isJsonObject(metadata) ? (metadata["user_id"] ?? null) : null;
  if (userId !== null && typeof userId !== "string")
    return expected("metadata.user_id", "a string or null", userId);
  return null;
}

function isStringArray(value: JsonValue): boolean {
  return isArray(value) && value.every((entry) => typeof entry === "string");
}

function expected(path: string, wanted: string, found: JsonValue | undefined): string {
  if (found === undefined) return `${path}: Field required`;
  return `${path}: Expected ${wanted}, found ${described(found)}`;
}

function described(found: JsonValue): string {
  if (typeof found === "string") return "a string";
  if (isArray(found)) return "an array";
  return typeof found === "object" && found !== null ? "an object" : String(found);
}

function ambiguityOf(bytes: Uint8Array): BodyAmbiguity | null {
  if (!isUtf8(bytes)) return "invalid_utf8";
  const members = scanTopLevelMembers(bytes);
  invariant(members !== null, "what JSON.parse reads as an object has members that can be scanned");
  // Names are taken from the bytes: V8's JSON.parse can misread escaped ones (nodejs/node#63785).
  const names = new Set(members.map((member) => member.key));
  if (names.size < members.length) return "duplicate_key";
  if (members.some((member) => member.isEscaped)) return "escaped_key";
  return members.some((member) => member.depth > MAX_DEPTH) ? "nested_too_deep" : null;
}

/** No schema or tool input comes near it, and `JSON.stringify` runs out of stack at several thousand. */
const MAX_DEPTH = 500;
