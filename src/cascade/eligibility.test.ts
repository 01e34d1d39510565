import { describe, expect, test } from "vitest";
import type { UnsupportedContent } from "../catalogue/unsupported-content.ts";
import type { MessageRequest } from "../messages/message-request.ts";
import { checkEligibility, checkModelFit, type EligibilityInput } from "./eligibility.ts";
import { exampleParsed, exampleRequest, exampleRoute } from "./examples.fixture.ts";
import { createProtocol } from "./protocols/create-protocol.ts";

function input(
  request: Partial<MessageRequest> = {},
  changes: Partial<EligibilityInput> = {},
): EligibilityInput {
  const route = changes.route ?? exampleRoute();
  return {
    parsed: exampleParsed(request),
    route,
    protocol: createProtocol(route.protocol),
    model: "claude-haiku-4-5",
    catalogue: catalogueThat(null),
    promptTextBytes: 30,
    isBypassAsked: false,
    retryCount: 0,
    hasRecentEscalation: false,
    ...changes,
  };
}

function catalogueThat(
  found: UnsupportedContent | null,
  contextTokens: number | null = 200_000,
): EligibilityInput["catalogue"] {
  return { contextTokens: () => contextTokens, unsupportedContent: () => found };
}

const user = (content: MessageRequest["messages"][number]["content"]): Partial<MessageRequest> => ({
  messages: [{ role: "user", content }],
});
const QUESTION = { type: "text", text: "And this?" };
const TOOL_RESULT = { type: "tool_result", tool_use_id: "t1", content: "42" };
const FORMAT = { type: "json_schema", schema: { type: "object", properties: {} } };
const TOOLS = [{ name: "search", input_schema: { type: "object" } }];
const CITED = {
  type: "document",
  source: { type: "text", data: "x" },
  citations: { enabled: true },
};

describe("checkEligibility", () => {
  test.each<[string, Partial<MessageRequest>]>([
    ["a plain question", {}],
    ["blocks", user([QUESTION, QUESTION])],
    ["thinking and effort", { thinking: { type: "adaptive" }, output_config: { effort: "high" } }],
    ["empty lists", { tools: [], stop_sequences: [], mcp_servers: [], context_management: {} }],
    ["members set to null", { container: null, thread: null, context_management: null }],
    ["a question about missed caches", { diagnostics: { previous_message_id: "msg_1" } }],
    [
      "a stored file",
      user([{ type: "document", source: { type: "file", file_id: "f" } }, QUESTION]),
    ],
    ["citations switched off", user([{ ...CITED, citations: { enabled: false } }, QUESTION])],
    [
      "an old tool turn",
      {
        messages: [
          { role: "user", content: [TOOL_RESULT] },
          { role: "assistant", content: "It is 42." },
          { role: "user", content: "Why?" },
        ],
      },
    ],
    ["the smallest limit", { max_tokens: 16 }],
  ])("lets pass: %s", (_name, request) => {
    expect(checkEligibility(input(request))).toBeNull();
  });

  test.each<[string, string, Partial<MessageRequest>]>([
    ["tool_result", "a tool's result", user([TOOL_RESULT, QUESTION])],
    [
      "tool_result",
      "a tool's result before a closing system message",
      {
        messages: [
          { role: "user", content: [TOOL_RESULT] },
          { role: "system", content: "Be brief." },
        ],
      },
    ],
    ["tools", "tools", { tools: TOOLS }],
    [
      "prefill",
      "the beginning of the answer",
      {
        messages: [
          { role: "user", content: "Hi" },
          { role: "assistant", content: "Hel" },
        ],
      },
    ],
    ["client_format", "an output format", { output_config: { format: FORMAT } }],
    ["client_format", "an output format in its older place", { output_format: FORMAT }],
    ["unsupported_content", "no user", { messages: [{ role: "system", content: "Hi" }] }],
    ["stop_sequences", "stop sequences", { stop_sequences: ["\n"] }],
    ["server_state", "a container by name", { container: "container_1" }],
    ["server_state", "a container with skills", { container: { skills: [] } }],
    ["server_state", "a thread", { thread: { id: "thread_1" } }],
    ["server_state", "MCP servers", { mcp_servers: [{ url: "https://example.com" }] }],
    ["server_state", "context edits", { context_management: { edits: [{ type: "x" }] } }],
    ["server_state", "an upload", user([{ type: "container_upload", file_id: "f" }, QUESTION])],
    ["citations", "cited documents", user([CITED, QUESTION])],
    [
      "citations",
      "cited search results of an old tool",
      {
        messages: [
          { role: "user", content: [{ ...TOOL_RESULT, content: [CITED] }] },
          { role: "assistant", content: "Found." },
          { role: "user", content: "Where?" },
        ],
      },
    ],
    ["max_tokens_small", "hardly any room", { max_tokens: 15 }],
  ])("%s: %s", (reason, _name, request) => {
    expect(checkEligibility(input(request))).toBe(reason);
  });

  test.each<[string, Partial<EligibilityInput>]>([
    ["client_asked", { isBypassAsked: true }],
    ["ambiguous_body", { parsed: exampleParsed({}, "duplicate_key") }],
    ["no_triage_tier", { route: exampleRoute({ tiers: exampleRoute().tiers.slice(1) }) }],
    ["recent_escalation", { retryCount: 1, hasRecentEscalation: true }],
    ["input_too_long", { promptTextBytes: 500_001 }],
    ["too_many_images", { catalogue: catalogueThat("too_many_images") }],
    ["prefill", { catalogue: catalogueThat("prefill") }],
    ["unsupported_content", { catalogue: catalogueThat("system_role") }],
    ["unsupported_content", { catalogue: catalogueThat("forced_tool_choice") }],
  ])("%s", (reason, changes) => {
    expect(checkEligibility(input({}, changes))).toBe(reason);
  });

  test("tools are triaged where the route allows them, their results never", () => {
    const route = exampleRoute({ allowTools: true });
    expect(checkEligibility(input({ tools: TOOLS }, { route }))).toBeNull();
    const turn = { tools: TOOLS, ...user([TOOL_RESULT]) };
    expect(checkEligibility(input(turn, { route }))).toBe("tool_result");
  });

  test("a repeat counts only as a retry, and a retry only of what escalated", () => {
    expect(checkEligibility(input({}, { hasRecentEscalation: true }))).toBeNull();
    expect(checkEligibility(input({}, { retryCount: 2 }))).toBeNull();
  });

  test("the first rule that holds is the reason", () => {
    const request = { ...user([TOOL_RESULT]), tools: TOOLS, stop_sequences: ["x"] };
    expect(checkEligibility(input(request, { isBypassAsked: true }))).toBe("client_asked");
    expect(checkEligibility(input(request))).toBe("tool_result");
  });

  test("a field route needs the field in the client's own schema", () => {
    const route = exampleRoute({ protocol: { kind: "field", field: "confidence" } });
    const schema = { type: "object", properties: { confidence: { type: "number" } } };
    const withField = { output_config: { format: { type: "json_schema", schema } } };
    expect(checkEligibility(input(withField, { route }))).toBeNull();
    expect(checkEligibility(input({}, { route }))).toBe("no_confidence_field");
    const other = { output_config: { format: FORMAT } };
    expect(checkEligibility(input(other, { route }))).toBe("no_confidence_field");
  });
});

describe("checkModelFit", () => {
  const fit = (promptTextBytes: number, contextTokens: number | null): string | null =>
    checkModelFit({
      request: exampleRequest(),
      model: "claude-haiku-4-5",
      catalogue: catalogueThat(null, contextTokens),
      promptTextBytes,
    });

  test("two and a half bytes of text may be a token", () => {
    expect(fit(500_000, 200_000)).toBeNull();
    expect(fit(500_001, 200_000)).toBe("input_too_long");
    expect(fit(500_001, 1_000_000)).toBeNull();
  });

  test("a window that is not known keeps nothing out", () => {
    expect(fit(1e9, null)).toBeNull();
  });
});
