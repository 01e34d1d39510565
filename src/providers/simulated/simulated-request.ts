import { invariant } from "../../support/invariant.ts";
import { isJsonObject } from "../../support/json.ts";
import type { JsonObject, JsonValue } from "../../support/json.ts";
import type { MessageRequest } from "../../messages/message-request.ts";
import { objectionTo } from "./request-objections.ts";
import type { RequestObjection } from "./request-objections.ts";
import { simulatedModel } from "./simulated-models.ts";
import type { SimulatedModel } from "./simulated-models.ts";
import type { HttpHeaders } from "../provider.ts";

/** A Messages request as a simulated model reads it. */
export interface SimulatedRequest {
  readonly request: MessageRequest;
  readonly model: SimulatedModel;
  /** The last user text, without the instruction that a triage adds behind it. */
  readonly prompt: string;
  /** Asked to answer in the form `{confidence, answer}`. */
  readonly isTriage: boolean;
  /** The schema of the answer, or null for free text. */
  readonly schema: JsonObject | null;
  readonly inputTokens: number;
  readonly isThinking: boolean;
}

export type SimulatedReading =
  | { readonly ok: true; readonly simulated: SimulatedRequest }
  | { readonly ok: false; readonly objection: RequestObjection };

/** Reads a body as the API would: shape, then model, then what the model does not take. */
export function readSimulatedRequest(
  body: Uint8Array,
  headers: HttpHeaders,
  /** Members that `/v1/messages` demands and `count_tokens` does not. */
  demands: readonly string[] = ["max_tokens"],
): SimulatedReading {
  const value = parseJson(body);
  return isJsonObject(value)
    ? readSimulatedParams(value, headers, demands)
    : objection("The request body is not valid JSON: expected an object");
}

/** The same for a body that was parsed before. */
export function readSimulatedParams(
  value: JsonObject,
  headers: HttpHeaders,
  demands: readonly string[] = ["max_tokens"],
): SimulatedReading {
  for (const member of ["model", ...demands, "messages"]) {
    if (value[member] === undefined) return objection(`${member}: Field required`);
  }
  const shaped: unknown = demands.length === 0 ? { max_tokens: 1, ...value } : value;
  if (!isMessageRequest(shaped)) {
    return objection(
      "messages: at least one message is required, and max_tokens must be at least 1",
    );
  }
  const model = simulatedModel(shaped.model);
  if (model === null) {
    const message = `model: ${shaped.model}`;
    return { ok: false, objection: { status: 404, type: "not_found_error", message } };
  }
  const objected = objectionTo(shaped, model, headers);
  if (objected !== null) return { ok: false, objection: objected };
  const simulated = understand(shaped, model);
  return simulated.inputTokens > model.contextTokens
    ? objection(promptTooLong(simulated.inputTokens, model.contextTokens))
    : { ok: true, simulated };
}

/** The API's wording, which clients match on. */
export function promptTooLong(tokens: number, limit: number): string {
  return `prompt is too long: ${String(tokens)} tokens > ${String(limit)} maximum`;
}

/** Tokens of a text, as a rule of thumb: four bytes a token, more with a newer tokenizer. */
export function countTokens(text: string, model: SimulatedModel): number {
  return Math.ceil((Buffer.byteLength(text) / 4) * model.tokenizerFactor);
}

/** True for a schema in the form that a triage demands. */
export function isEnvelopeSchema(schema: JsonObject): boolean {
  const properties = schema["properties"];
  if (!isJsonObject(properties)) return false;
  const confidence = properties["confidence"];
  return (
    isJsonObject(confidence) &&
    confidence["type"] === "number" &&
    properties["answer"] !== undefined &&
    Object.keys(properties).length === 2
  );
}

function understand(request: MessageRequest, model: SimulatedModel): SimulatedRequest {
  const format = request.output_config?.format;
  const schema = isJsonObject(format) && isJsonObject(format["schema"]) ? format["schema"] : null;
  const isTriage = schema !== null && isEnvelopeSchema(schema);
  const thinking = request.thinking?.type;
  return {
    request,
    model,
    schema,
    isTriage,
    prompt: promptOf(request, isTriage),
    inputTokens: countTokens(inputText(request), model) + 8,
    isThinking: thinking === undefined ? model.thinksByDefault : thinking !== "disabled",
  };
}

function promptOf(request: MessageRequest, isTriage: boolean): string {
  const message = request.messages.findLast((candidate) => candidate.role === "user");
  if (message === undefined) return "";
  if (typeof message.content === "string") return message.content;
  const texts = message.content.flatMap((block) => block.text ?? []);
  // The instruction is the last block of the last message; a message of one block carries none.
  const hasInstruction = isTriage && texts.length > 1 && message === request.messages.at(-1);
  return (hasInstruction ? texts.slice(0, -1) : texts).join("\n");
}

function inputText(request: MessageRequest): string {
  const parts: string[] = [];
  for (const message of request.messages) parts.push(contentText(message.content));
  if (request.system !== undefined) parts.push(contentText(request.system));
  if (request.tools !== undefined) parts.push(JSON.stringify(request.tools));
  return parts.join("\n");
}

function contentText(content: MessageRequest["messages"][number]["content"]): string {
  if (typeof content === "string") return content;
  return content.map((block) => block.text ?? JSON.stringify(block)).join("\n");
}

function isMessageRequest(value: unknown): value is MessageRequest {
  if (!isJsonObject(value)) return false;
  const { model, max_tokens: maxTokens, messages } = value;
  return (
    typeof model === "string" &&
    typeof maxTokens === "number" &&
    maxTokens >= 1 &&
    Array.isArray(messages) &&
    messages.length > 0 &&
    messages.every((message) => isJsonObject(message) && isContent(message["content"]))
  );
}

function isContent(content: unknown): boolean {
  return typeof content === "string" || (Array.isArray(content) && content.every(isJsonObject));
}

/** Null for what is no JSON. */
export function parseJson(body: Uint8Array): JsonValue {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
    invariant(isJsonValue(value), "JSON.parse returns JSON");
    return value;
  } catch {
    return null;
  }
}

/** `JSON.parse` gives nothing else; the type says so only after this check. */
function isJsonValue(value: unknown): value is JsonValue {
  return value !== undefined && typeof value !== "function" && typeof value !== "symbol";
}

function objection(message: string): SimulatedReading {
  return { ok: false, objection: { status: 400, type: "invalid_request_error", message } };
}
