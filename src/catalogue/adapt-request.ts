import type { BodyEdit, MessageRequest } from "../messages/message-request.ts";
import { isJsonObject } from "../support/json.ts";
import type { JsonObject } from "../support/json.ts";
import type { ModelFacts } from "./model-facts.ts";
import { API_VERSION_WITHOUT_SAMPLING, EFFORTS, REQUEST_RULES } from "./request-rules.ts";
import type { Effort, RequestRules } from "./request-rules.ts";
import { hasForcedToolChoice } from "./unsupported-content.ts";

/**
 * The edits after which `model` accepts the parameters of `request`; none for a request that it
 * accepts as it is, nor for one that was adapted before. What has no equivalent falls to the
 * model's default. Content is never edited: see `unsupportedContent`.
 *
 * `inference_geo` stays even where it is an error: where data may go is not ours to widen.
 *
 * @param apiVersion the `anthropic-version` of the call; null = 2023-06-01
 */
export function adaptRequest(
  request: MessageRequest,
  model: ModelFacts,
  apiVersion: string | null,
): readonly BodyEdit[] {
  const rules = REQUEST_RULES[model.id];
  if (rules === undefined) return maxTokensEdits(request, model);
  return [
    ...samplingEdits(request, model, rules, apiVersion),
    ...maxTokensEdits(request, model),
    ...effortEdits(request, model, rules),
    ...thinkingEdits(request, model, rules),
    ...speedEdits(request, model, rules),
  ];
}

function samplingEdits(
  request: MessageRequest,
  model: ModelFacts,
  rules: RequestRules,
  apiVersion: string | null,
): readonly BodyEdit[] {
  const present = ["temperature", "top_p", "top_k"].filter(
    (member) => request[member] !== undefined,
  );
  if (apiVersion !== null && apiVersion >= API_VERSION_WITHOUT_SAMPLING) {
    return present.map((member) =>
      remove(member, `API version ${apiVersion} accepts no ${member} on any model.`),
    );
  }
  const given = present.filter((member) => request[member] !== null);
  if (rules.sampling === "rejected") {
    return given
      .filter((member) => !isDefaultSampling(member, request[member]))
      .map((member) => remove(member, `${model.id} accepts no ${member} of the caller's choice.`));
  }
  if (rules.sampling === "one_of_two" && given.includes("temperature") && given.includes("top_p")) {
    return [remove("top_p", `${model.id} accepts temperature or top_p, not both.`)];
  }
  return [];
}

/** The one default that the vendor states; without it the request means the same. */
function isDefaultSampling(member: string, value: unknown): boolean {
  return member === "temperature" && value === 1;
}

function maxTokensEdits(request: MessageRequest, model: ModelFacts): readonly BodyEdit[] {
  if (!(request.max_tokens > model.maxOutputTokens)) return [];
  const why = `${model.id} writes at most ${model.maxOutputTokens} tokens.`;
  return [{ op: "set", member: "max_tokens", value: model.maxOutputTokens, why }];
}

function effortEdits(
  request: MessageRequest,
  model: ModelFacts,
  rules: RequestRules,
): readonly BodyEdit[] {
  const config: unknown = request.output_config;
  if (!isJsonObject(config) || !isRejectedEffort(config["effort"], rules)) return [];
  const why =
    rules.efforts.length === 0
      ? `${model.id} has no effort to choose.`
      : `${model.id} knows the efforts ${rules.efforts.join(", ")} only.`;
  const rest = without(config, "effort");
  if (Object.keys(rest).length === 0) return [remove("output_config", why)];
  return [{ op: "set", member: "output_config", value: rest, why }];
}

/** A word that the table does not know may be newer than the table: upstream shall judge it. */
function isRejectedEffort(effort: unknown, rules: RequestRules): boolean {
  if (effort === undefined || effort === null) return false;
  return rules.efforts.length === 0 || (isEffort(effort) && !rules.efforts.includes(effort));
}

function thinkingEdits(
  request: MessageRequest,
  model: ModelFacts,
  rules: RequestRules,
): readonly BodyEdit[] {
  const thinking: unknown = request.thinking;
  if (!isJsonObject(thinking)) return [];
  switch (thinking["type"]) {
    case "enabled":
      return enabledThinkingEdits(request, thinking, model, rules);
    case "adaptive":
      if (rules.adaptiveThinking === "accepted") return [];
      return [remove("thinking", `${model.id} has no adaptive thinking.`)];
    case "disabled":
      return thinkingOffEdits("disabled", "between_tools", request, model, rules);
    case "between_tools":
      return thinkingOffEdits("between_tools", "disabled", request, model, rules);
    default:
      return [];
  }
}

function enabledThinkingEdits(
  request: MessageRequest,
  thinking: JsonObject,
  model: ModelFacts,
  rules: RequestRules,
): readonly BodyEdit[] {
  if (rules.enabledThinking === "rejected") {
    const adaptive = { ...without(thinking, "budget_tokens"), type: "adaptive" };
    const why = `${model.id} sets its thinking budget itself.`;
    return [{ op: "set", member: "thinking", value: adaptive, why }];
  }
  if (rules.forcedToolChoice === "not_with_enabled_thinking" && hasForcedToolChoice(request)) {
    return [remove("thinking", `${model.id} cannot think when a tool call is forced.`)];
  }
  const maxTokens = Math.min(request.max_tokens, model.maxOutputTokens);
  const budgetTokens = thinking["budget_tokens"];
  const isBudgetSpreadOverTurns = rules.interleavedThinking && (request.tools ?? []).length > 0;
  if (typeof budgetTokens !== "number" || budgetTokens < maxTokens || isBudgetSpreadOverTurns) {
    return [];
  }
  const why = `The thinking budget of ${budgetTokens} leaves no room in ${maxTokens} tokens.`;
  return [remove("thinking", why)];
}

/** The two ways to say "do not think first": the other one stands in where one is rejected. */
function thinkingOffEdits(
  asked: "disabled" | "between_tools",
  other: "disabled" | "between_tools",
  request: MessageRequest,
  model: ModelFacts,
  rules: RequestRules,
): readonly BodyEdit[] {
  const effort = effortInForce(request, rules);
  const acceptance = {
    disabled: rules.disabledThinking,
    between_tools: rules.betweenToolsThinking,
  };
  const isAccepted = (type: "disabled" | "between_tools"): boolean =>
    acceptance[type] === "accepted" ||
    (acceptance[type] === "up_to_high" && effort !== "xhigh" && effort !== "max");
  if (isAccepted(asked)) return [];
  const why = `${model.id} does not take thinking of type ${asked} here.`;
  if (!isAccepted(other)) return [remove("thinking", why)];
  return [{ op: "set", member: "thinking", value: { type: other }, why }];
}

/** The effort that holds once `effortEdits` are applied. */
function effortInForce(request: MessageRequest, rules: RequestRules): Effort | null {
  const effort = request.output_config?.effort;
  if (!isEffort(effort) || isRejectedEffort(effort, rules)) return rules.defaultEffort;
  return effort;
}

function speedEdits(
  request: MessageRequest,
  model: ModelFacts,
  rules: RequestRules,
): readonly BodyEdit[] {
  if (request["speed"] !== "fast" || rules.fastSpeed !== "rejected") return [];
  return [remove("speed", `${model.id} has no fast mode.`)];
}

function isEffort(value: unknown): value is Effort {
  return EFFORTS.some((effort) => effort === value);
}

function remove(member: string, why: string): BodyEdit {
  return { op: "remove", member, why };
}

function without(object: JsonObject, member: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== member));
}
