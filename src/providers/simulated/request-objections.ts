import type { MessageRequest } from "../../messages/message-request.ts";
import type { HttpHeaders } from "../provider.ts";
import { isJsonObject } from "../../support/json.ts";
import type { JsonValue } from "../../support/json.ts";
import type { SimulatedModel } from "./simulated-models.ts";

/** What the API would say against a request, in its own words. */
export interface RequestObjection {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

interface Rule {
  /** Names of the models that object, without a date; null = all. */
  readonly models: RegExp | null;
  /** The message, or null when the request is fine. */
  readonly message: (
    request: MessageRequest,
    model: SimulatedModel,
    version: string,
  ) => string | null;
}

const OLD_RULES = /^claude-(haiku|sonnet|opus)-4-[0-5]/;
const WITHOUT_SAMPLING = /^claude-(opus-4-[78]|(haiku|sonnet|opus|fable)-5)/;
const WITHOUT_PREFILL = /^claude-((sonnet|opus)-4-[678]|(haiku|sonnet|opus|fable)-5)/;
const WITHOUT_FORCED_TOOLS = /^claude-((sonnet|opus)-5-5|fable-5-[12])/;
const WITHOUT_EFFORT = /^claude-(haiku|sonnet)-4-5/;
const WITHOUT_SYSTEM_ROLE = /^claude-(haiku-4|sonnet-4|opus-4-[0-7]|sonnet-5$)/;

const SAMPLING = ["temperature", "top_p", "top_k"] as const;

// The rules that differ between models and that a router has to know, from the vendor's pages on
// thinking, effort, structured outputs, migration and versioning as of autumn 2026. Kept apart from
// the catalogue on purpose: what adapts requests must not be tested against its own table.
const RULES: readonly Rule[] = [
  {
    models: null,
    message: (request, _model, version) => {
      const given = SAMPLING.find((name) => name in request);
      return version === "2026-10-21" && given !== undefined
        ? `${given}: Extra inputs are not permitted`
        : null;
    },
  },
  {
    models: WITHOUT_SAMPLING,
    message: (request) => {
      const given = SAMPLING.find((name) => name in request && request[name] !== 1);
      return given === undefined ? null : `\`${given}\` is deprecated for this model.`;
    },
  },
  {
    models: OLD_RULES,
    message: (request) =>
      "temperature" in request && "top_p" in request
        ? "`temperature` and `top_p` cannot both be specified for this model. Please use only one."
        : null,
  },
  {
    models: OLD_RULES,
    message: (request) =>
      request.thinking?.type === "adaptive"
        ? "adaptive thinking is not supported on this model"
        : null,
  },
  {
    models: WITHOUT_SAMPLING,
    message: (request) =>
      request.thinking?.type === "enabled"
        ? '"thinking.type.enabled" is not supported for this model. Use ' +
          '"thinking.type.adaptive" and "output_config.effort" to control thinking behavior.'
        : null,
  },
  {
    models: /^claude-((opus|sonnet)-5-5|fable-5)/,
    message: (request) =>
      request.thinking?.type === "disabled"
        ? '"thinking.type.disabled" is not supported for this model.'
        : null,
  },
  {
    models: WITHOUT_EFFORT,
    message: (request) =>
      request.output_config?.effort === undefined
        ? null
        : "This model does not support the effort parameter.",
  },
  {
    models: WITHOUT_PREFILL,
    message: (request) =>
      request.messages.at(-1)?.role === "assistant"
        ? "This model does not support assistant message prefill. The conversation must end with " +
          "a user message."
        : null,
  },
  {
    models: WITHOUT_FORCED_TOOLS,
    message: (request) => {
      const choice = request["tool_choice"];
      return isJsonObject(choice) && (choice["type"] === "any" || choice["type"] === "tool")
        ? 'tool_choice: type "tool" and "any" are not supported for this model.'
        : null;
    },
  },
  {
    models: WITHOUT_SYSTEM_ROLE,
    message: (request) =>
      request.messages.some((message) => message.role === "system")
        ? "role 'system' is not supported on this model"
        : null,
  },
  {
    models: null,
    message: (request, model) =>
      request.max_tokens > model.maxOutputTokens
        ? `max_tokens: ${String(request.max_tokens)} > ${String(model.maxOutputTokens)}, which is ` +
          `the maximum allowed number of output tokens for ${model.reportedName}`
        : null,
  },
  { models: null, message: (request) => schemaObjection(request.output_config?.format) },
];

/** The first rule a request breaks, or null. The shape of the request has been checked before. */
export function objectionTo(
  request: MessageRequest,
  model: SimulatedModel,
  headers: HttpHeaders,
): RequestObjection | null {
  const versions = headers["anthropic-version"];
  const version = typeof versions === "string" ? versions : "";
  for (const rule of RULES) {
    if (rule.models !== null && !rule.models.test(model.name)) continue;
    const message = rule.message(request, model, version);
    if (message !== null) return { status: 400, type: "invalid_request_error", message };
  }
  return null;
}

const FIXED_NUMBER_WORDS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

/** What structured outputs do not take: open objects and bounded numbers, at any depth. */
function schemaObjection(format: JsonValue | undefined): string | null {
  if (!isJsonObject(format) || format["type"] !== "json_schema") return null;
  return isJsonObject(format["schema"])
    ? nodeObjection(format["schema"])
    : "output_config.format.schema: Field required";
}

function nodeObjection(node: JsonValue | undefined): string | null {
  if (isList(node)) {
    for (const part of node) {
      const objection = nodeObjection(part);
      if (objection !== null) return objection;
    }
    return null;
  }
  if (!isJsonObject(node)) return null;
  if (node["type"] === "object" && node["additionalProperties"] !== false) {
    return (
      "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly " +
      "set to false"
    );
  }
  const bound = FIXED_NUMBER_WORDS.find((word) => typeof node[word] === "number");
  if (bound !== undefined) {
    return `output_config.format.schema: For 'number' type, property '${bound}' is not supported`;
  }
  return nodeObjection(Object.values(node).filter((value) => value !== undefined));
}

/** `Array.isArray` does not narrow a readonly list. */
function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
