import { REQUEST_RULES, type RequestRules } from "../../src/catalogue/request-rules.ts";
import type { MessageRequest } from "../../src/messages/message-request.ts";
import { invariant } from "../../src/support/invariant.ts";

/** A request that a model must refuse if its row of the rules is right. */
export interface RejectedRequest {
  readonly rule: keyof RequestRules;
  readonly request: MessageRequest;
}

/** One request for each rule by which the model refuses something. */
export function rejectedRequests(model: string): readonly RejectedRequest[] {
  const rules = REQUEST_RULES[model];
  invariant(rules !== undefined, `the rules of ${model} are known`);
  return PROBES.filter(({ rule, isRejected }) => isRejected(rules[rule])).map(
    ({ rule, members }) => ({
      rule,
      request: { model, max_tokens: 16, messages: [QUESTION], ...members },
    }),
  );
}

interface Probe {
  readonly rule: keyof RequestRules;
  readonly isRejected: (value: RequestRules[keyof RequestRules]) => boolean;
  readonly members: Partial<MessageRequest>;
}

const QUESTION = { role: "user", content: "Say OK." } as const;
const TOOL = { name: "note", description: "Takes a note.", input_schema: { type: "object" } };
const ENABLED = { type: "enabled", budget_tokens: 1024 };

const PROBES: readonly Probe[] = [
  { rule: "sampling", isRejected: is("rejected"), members: { temperature: 0.5 } },
  { rule: "sampling", isRejected: is("one_of_two"), members: { temperature: 0.5, top_p: 0.5 } },
  {
    rule: "enabledThinking",
    isRejected: is("rejected"),
    members: { thinking: ENABLED, max_tokens: 1025 },
  },
  {
    rule: "adaptiveThinking",
    isRejected: is("rejected"),
    members: { thinking: { type: "adaptive" } },
  },
  {
    rule: "disabledThinking",
    isRejected: is("rejected"),
    members: { thinking: { type: "disabled" } },
  },
  {
    rule: "betweenToolsThinking",
    isRejected: is("rejected"),
    members: { thinking: { type: "between_tools" } },
  },
  {
    rule: "efforts",
    isRejected: (efforts) => Array.isArray(efforts) && efforts.length === 0,
    members: { output_config: { effort: "low" } },
  },
  {
    rule: "prefill",
    isRejected: is("rejected"),
    members: { messages: [QUESTION, { role: "assistant", content: "O" }] },
  },
  {
    rule: "forcedToolChoice",
    isRejected: is("rejected"),
    members: { tools: [TOOL], tool_choice: { type: "any" } },
  },
  {
    rule: "forcedToolChoice",
    isRejected: is("not_with_enabled_thinking"),
    members: { tools: [TOOL], tool_choice: { type: "any" }, thinking: ENABLED, max_tokens: 1025 },
  },
  {
    rule: "systemRole",
    isRejected: is("rejected"),
    members: { messages: [QUESTION, { role: "system", content: "Be brief." }] },
  },
  { rule: "fastSpeed", isRejected: is("rejected"), members: { speed: "fast" } },
];

function is(word: string): Probe["isRejected"] {
  return (value) => value === word;
}
