import type { Catalogue } from "../catalogue/catalogue.ts";
import type { MessageParam, MessageRequest, ParsedRequest } from "../messages/message-request.ts";
import { isJsonObject } from "../support/json.ts";
import type { VerdictProtocol } from "./protocols/protocol.ts";
import type { Route } from "./route.ts";
import type { BypassReason } from "./words.ts";

/** What decides whether one model can triage a request. */
export interface ModelFitInput {
  readonly request: MessageRequest;
  /** The model of the tier, a real name. */
  readonly model: string;
  readonly catalogue: Pick<Catalogue, "contextTokens" | "unsupportedContent">;
  /** UTF-8 bytes of all text of the prompt. */
  readonly promptTextBytes: number;
}

export interface EligibilityInput extends Omit<ModelFitInput, "request"> {
  readonly parsed: ParsedRequest;
  readonly route: Route;
  readonly protocol: VerdictProtocol;
  /** Header `x-leadsman-bypass: 1`. */
  readonly isBypassAsked: boolean;
  /** Header `x-stainless-retry-count`; 0 when absent. */
  readonly retryCount: number;
  /** Whether the same body escalated within the last minute. */
  readonly hasRecentEscalation: boolean;
}

/** Why a request is not to be triaged, the first reason that holds; null when it may be. */
export function checkEligibility(input: EligibilityInput): BypassReason | null {
  for (const rule of RULES) {
    const reason = rule(input);
    if (reason !== null) return reason;
  }
  return checkModelFit({ ...input, request: input.parsed.value });
}

/** Why one model cannot triage a request that is eligible otherwise; null when it can. */
export function checkModelFit(input: ModelFitInput): BypassReason | null {
  return unsupportedContent(input) ?? inputTooLong(input);
}

type Rule = (input: EligibilityInput) => BypassReason | null;

/** Asked in this order. A new rule is a function and a line here. */
const RULES: readonly Rule[] = [
  clientAsked,
  ambiguousBody,
  noTriageTier,
  toolResult,
  tools,
  prefill,
  (input) => input.protocol.ineligible(input.parsed.value),
  stopSequences,
  serverState,
  citations,
  maxTokensSmall,
  recentEscalation,
];

/** A shorter limit leaves no room for a verdict. In tokens. */
const MIN_MAX_TOKENS = 16;

/**
 * UTF-8 bytes that are surely not more than a token; real text has 3 to 5. A prompt that is found
 * too long all the same is told so by upstream.
 */
const MIN_BYTES_PER_TOKEN = 2.5;

function clientAsked({ isBypassAsked }: EligibilityInput): BypassReason | null {
  return isBypassAsked ? "client_asked" : null;
}

function ambiguousBody({ parsed }: EligibilityInput): BypassReason | null {
  return parsed.ambiguity === null ? null : "ambiguous_body";
}

function noTriageTier({ route }: EligibilityInput): BypassReason | null {
  return route.tiers.length < 2 ? "no_triage_tier" : null;
}

/**
 * A turn of an agent. Text right behind a tool result teaches models to end their turn empty, so
 * there is no place for an instruction. A closing system message does not hide the result.
 */
function toolResult({ parsed }: EligibilityInput): BypassReason | null {
  const last = parsed.value.messages.findLast(({ role }) => role !== "system");
  return last !== undefined && hasBlock(last, isToolResult) ? "tool_result" : null;
}

function tools({ parsed, route }: EligibilityInput): BypassReason | null {
  return !route.allowTools && isFilledArray(parsed.value.tools) ? "tools" : null;
}

function prefill({ parsed }: EligibilityInput): BypassReason | null {
  return parsed.value.messages.at(-1)?.role === "assistant" ? "prefill" : null;
}

/** They would be looked for in the verdict's JSON instead of in the answer. */
function stopSequences({ parsed }: EligibilityInput): BypassReason | null {
  return isFilledArray(parsed.value.stop_sequences) ? "stop_sequences" : null;
}

/**
 * The request leans on something that the server keeps, or acts outside of the conversation, so a
 * second call of it is not the same call:
 *
 * - `container`, and blocks that upload into one: a machine that the first call changes.
 * - `thread`: the server keeps the history, of which the body shows the end only.
 * - `mcp_servers`: the server calls others on the client's behalf, with effects of their own.
 * - `context_management`: the server rewrites the conversation; some of its edits are refused when
 *   thinking is off, as it is in a triage, and a compaction belongs to the model that wrote it.
 *
 * `diagnostics.previous_message_id` only asks why a cache was missed, and a file of the files API
 * is read, never changed: neither stands in the way.
 */
function serverState({ parsed }: EligibilityInput): BypassReason | null {
  const request = parsed.value;
  const leansOnServer =
    request["container"] != null ||
    request["thread"] != null ||
    isFilledArray(request["mcp_servers"]) ||
    isFilledObject(request["context_management"]) ||
    request.messages.some((message) => hasBlock(message, isContainerUpload));
  return leansOnServer ? "server_state" : null;
}

/** Citations are blocks of their own, which a JSON string cannot hold; upstream refuses both. */
function citations({ parsed }: EligibilityInput): BypassReason | null {
  return parsed.value.messages.some((message) => hasBlock(message, hasCitationsEnabled))
    ? "citations"
    : null;
}

function maxTokensSmall({ parsed }: EligibilityInput): BypassReason | null {
  return parsed.value.max_tokens < MIN_MAX_TOKENS ? "max_tokens_small" : null;
}

/** The client lost patience or the answer: what escalated a moment ago would escalate again. */
function recentEscalation(input: EligibilityInput): BypassReason | null {
  return input.retryCount >= 1 && input.hasRecentEscalation ? "recent_escalation" : null;
}

function unsupportedContent(input: ModelFitInput): BypassReason | null {
  const found = input.catalogue.unsupportedContent(input.request, input.model);
  switch (found) {
    case null:
      return null;
    case "prefill":
    case "too_many_images":
      return found;
    case "system_role":
    case "forced_tool_choice":
      return "unsupported_content";
  }
}

function inputTooLong(input: ModelFitInput): BypassReason | null {
  const contextTokens = input.catalogue.contextTokens(input.model);
  if (contextTokens === null) return null;
  return input.promptTextBytes / MIN_BYTES_PER_TOKEN > contextTokens ? "input_too_long" : null;
}

type BlockTest = (block: Readonly<Record<string, unknown>>) => boolean;

/** Whether a block of the message, or one inside a tool result of it, passes the test. */
function hasBlock({ content }: MessageParam, test: BlockTest): boolean {
  return isFilledArray(content) && content.some((block) => passes(block, test));
}

function passes(block: unknown, test: BlockTest): boolean {
  if (!isJsonObject(block)) return false;
  if (test(block)) return true;
  const inner = block["content"];
  return isFilledArray(inner) && inner.some((part) => isJsonObject(part) && test(part));
}

function isToolResult({ type }: Readonly<Record<string, unknown>>): boolean {
  return typeof type === "string" && type.endsWith("tool_result");
}

function isContainerUpload({ type }: Readonly<Record<string, unknown>>): boolean {
  return type === "container_upload";
}

/** On documents and search results; what stands on a text block is an old answer's own. */
function hasCitationsEnabled(block: Readonly<Record<string, unknown>>): boolean {
  const setting = block["citations"];
  return isJsonObject(setting) && setting["enabled"] === true;
}

function isFilledArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function isFilledObject(value: unknown): boolean {
  return isJsonObject(value) && Object.keys(value).length > 0;
}
