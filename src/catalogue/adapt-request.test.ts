import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BodyEdit, MessageRequest } from "../messages/message-request.ts";
import { adaptRequest } from "./adapt-request.ts";
import type { ModelFacts } from "./model-facts.ts";
import { MODELS } from "./models.ts";

const PLAIN: MessageRequest = {
  model: "claude-opus-4-7",
  max_tokens: 2_048,
  messages: [{ role: "user", content: "Hello" }],
};
const NEW_API = "2026-10-21";

type Change = readonly [member: string, value: unknown];

describe("parameters that the model rejects are edited out", () => {
  test.each<[string, Readonly<Record<string, unknown>>, readonly Change[]]>([
    // Sampling
    ["claude-opus-4-7", { temperature: 0.2 }, [["temperature", undefined]]],
    [
      "claude-haiku-5-5",
      { temperature: 0, top_p: 0.9, top_k: 5 },
      [
        ["temperature", undefined],
        ["top_p", undefined],
        ["top_k", undefined],
      ],
    ],
    ["claude-haiku-4-5", { temperature: 0.2, top_p: 0.9 }, [["top_p", undefined]]],
    ["claude-opus-4-5", { temperature: 0.2, top_p: 0.9 }, [["top_p", undefined]]],
    // Thinking
    [
      "claude-opus-4-7",
      { thinking: { type: "enabled", budget_tokens: 1_024 } },
      [["thinking", { type: "adaptive" }]],
    ],
    [
      "claude-fable-5-1",
      { thinking: { type: "enabled", budget_tokens: 1_024, display: "omitted" } },
      [["thinking", { type: "adaptive", display: "omitted" }]],
    ],
    ["claude-haiku-4-5", { thinking: { type: "adaptive" } }, [["thinking", undefined]]],
    ["claude-opus-4-5", { thinking: { type: "adaptive" } }, [["thinking", undefined]]],
    ["claude-opus-5-5", { thinking: { type: "disabled" } }, [["thinking", undefined]]],
    ["claude-fable-5-2", { thinking: { type: "disabled" } }, [["thinking", undefined]]],
    [
      "claude-sonnet-5-5",
      { thinking: { type: "disabled" } },
      [["thinking", { type: "between_tools" }]],
    ],
    [
      "claude-sonnet-5-5",
      { thinking: { type: "disabled" }, output_config: { effort: "max" } },
      [["thinking", undefined]],
    ],
    [
      "claude-opus-5",
      { thinking: { type: "disabled" }, output_config: { effort: "xhigh" } },
      [["thinking", undefined]],
    ],
    [
      "claude-haiku-4-5",
      { thinking: { type: "between_tools" } },
      [["thinking", { type: "disabled" }]],
    ],
    ["claude-opus-5-5", { thinking: { type: "between_tools" } }, [["thinking", undefined]]],
    [
      "claude-haiku-4-5",
      { thinking: { type: "enabled", budget_tokens: 2_048 } },
      [["thinking", undefined]],
    ],
    [
      "claude-haiku-4-5",
      { thinking: { type: "enabled", budget_tokens: 1_024 }, tool_choice: { type: "any" } },
      [["thinking", undefined]],
    ],
    // Effort
    ["claude-haiku-4-5", { output_config: { effort: "low" } }, [["output_config", undefined]]],
    [
      "claude-haiku-4-5",
      { output_config: { format: { type: "json_schema" }, effort: "low" } },
      [["output_config", { format: { type: "json_schema" } }]],
    ],
    ["claude-haiku-4-5", { output_config: { effort: "new" } }, [["output_config", undefined]]],
    ["claude-sonnet-4-6", { output_config: { effort: "xhigh" } }, [["output_config", undefined]]],
    ["claude-opus-4-5", { output_config: { effort: "max" } }, [["output_config", undefined]]],
    // The ceiling of max_tokens
    ["claude-haiku-4-5", { max_tokens: 64_001 }, [["max_tokens", 64_000]]],
    ["claude-opus-4-7", { max_tokens: 200_000 }, [["max_tokens", 128_000]]],
    [
      "claude-haiku-4-5",
      { max_tokens: 100_000, thinking: { type: "enabled", budget_tokens: 64_000 } },
      [
        ["max_tokens", 64_000],
        ["thinking", undefined],
      ],
    ],
    // Fast mode
    ["claude-haiku-4-5", { speed: "fast" }, [["speed", undefined]]],
    ["claude-opus-4-7", { speed: "fast" }, [["speed", undefined]]],
    ["claude-fable-5-1", { speed: "fast" }, [["speed", undefined]]],
  ])("%s, %j", (model, members, changes) => {
    expect(changesFor(model, members)).toEqual(changes);
  });

  test.each(MODELS.map(({ id }) => id))(
    "%s under API version 2026-10-21: sampling parameters, defaults included",
    (model) => {
      expect(changesFor(model, { temperature: 1, top_p: null, top_k: 3 }, NEW_API)).toEqual([
        ["temperature", undefined],
        ["top_p", undefined],
        ["top_k", undefined],
      ]);
    },
  );
});

test("later API versions keep rejecting sampling parameters", () => {
  expect(changesFor("claude-haiku-4-5", { temperature: 1 }, "2027-02-01")).toEqual([
    ["temperature", undefined],
  ]);
});

describe("requests that the model accepts stay as they are", () => {
  test.each<[string, Readonly<Record<string, unknown>>]>([
    ["claude-haiku-4-5", { temperature: 0.2, top_k: 5 }],
    ["claude-haiku-4-5", { top_p: 0.9 }],
    ["claude-haiku-4-5", { temperature: 0.2, top_p: null }],
    ["claude-sonnet-4-6", { temperature: 0.2, top_p: 0.9 }],
    ["claude-opus-4-7", { temperature: 1 }],
    ["claude-haiku-4-5", { thinking: { type: "enabled", budget_tokens: 2_047 } }],
    ["claude-haiku-4-5", { thinking: { type: "disabled" } }],
    ["claude-opus-4-7", { thinking: { type: "adaptive" } }],
    ["claude-opus-4-7", { thinking: { type: "disabled" }, output_config: { effort: "max" } }],
    ["claude-haiku-5-5", { thinking: { type: "disabled" }, output_config: { effort: "high" } }],
    ["claude-sonnet-5-5", { thinking: { type: "between_tools" } }],
    ["claude-opus-4-7", { thinking: { type: "future" } }],
    // Interleaved with tool calls a budget may exceed max_tokens.
    [
      "claude-sonnet-4-6",
      { thinking: { type: "enabled", budget_tokens: 30_000 }, tools: [{ name: "look" }] },
    ],
    ["claude-opus-4-7", { output_config: { effort: "xhigh" } }],
    ["claude-opus-4-7", { output_config: { effort: "newer_than_the_table" } }],
    ["claude-opus-4-5", { output_config: { effort: "high" } }],
    ["claude-haiku-4-5", { output_config: { effort: null } }],
    ["claude-haiku-4-5", { output_config: { format: { type: "json_schema" } } }],
    ["claude-haiku-4-5", { max_tokens: 64_000 }],
    ["claude-opus-4-7", { max_tokens: 128_000 }],
    ["claude-opus-5-5", { speed: "fast" }],
    ["claude-opus-4-8", { speed: "fast" }],
    ["claude-opus-4-6", { speed: "fast" }],
    ["claude-haiku-4-5", { speed: "standard" }],
    ["claude-haiku-4-5", { inference_geo: "us" }],
    ["claude-haiku-4-5", { thinking: null, output_config: null }],
  ])("%s, %j", (model, members) => {
    expect(changesFor(model, members)).toEqual([]);
  });

  test("also under an older API version", () => {
    expect(changesFor("claude-haiku-4-5", { temperature: 0.3 }, "2023-06-01")).toEqual([]);
  });
});

test("every edit says why in a sentence that names the model or what collided", () => {
  const members = { temperature: 0, output_config: { effort: "low" }, max_tokens: 99_999 };
  const edits = adaptRequest({ ...PLAIN, ...members }, row("claude-haiku-4-5"), NEW_API);
  expect(edits.map(({ why }) => why)).toEqual([
    "API version 2026-10-21 accepts no temperature on any model.",
    "claude-haiku-4-5 writes at most 64000 tokens.",
    "claude-haiku-4-5 has no effort to choose.",
  ]);
});

test("an adapted request needs no further edits, on any model", () => {
  const anyRequest = fc.record(
    {
      max_tokens: fc.constantFrom(16, 2_048, 64_000, 64_001, 128_001),
      temperature: fc.constantFrom(0, 0.5, 1, null),
      top_p: fc.constantFrom(0.5, 1),
      top_k: fc.constantFrom(1, null),
      thinking: fc.oneof(
        fc.constantFrom("adaptive", "disabled", "between_tools", "odd").map((type) => ({ type })),
        fc.constantFrom(1_024, 64_000, 200_000).map((budget_tokens) => ({
          type: "enabled",
          budget_tokens,
        })),
        fc.jsonValue(),
      ),
      output_config: fc.oneof(
        fc.record(
          {
            effort: fc.constantFrom("low", "medium", "high", "xhigh", "max", "odd", null),
            format: fc.constant({ type: "json_schema" }),
          },
          { requiredKeys: [] },
        ),
        fc.jsonValue(),
      ),
      speed: fc.constantFrom("fast", "standard"),
      tool_choice: fc.constantFrom({ type: "any" }, { type: "auto" }),
      tools: fc.constantFrom([], [{ name: "look" }]),
    },
    { requiredKeys: ["max_tokens"] },
  );
  const anyVersion = fc.constantFrom(null, "2023-06-01", NEW_API, "2027-01-01");
  fc.assert(
    fc.property(anyRequest, fc.constantFrom(...MODELS), anyVersion, (members, model, version) => {
      const request = requestWith(members);
      const edits = adaptRequest(request, model, version);
      expect(new Set(edits.map(({ member }) => member)).size).toBe(edits.length);
      expect(adaptRequest(applied(request, edits), model, version)).toEqual([]);
    }),
    { numRuns: 3_000 },
  );
});

function changesFor(
  model: string,
  members: Readonly<Record<string, unknown>>,
  apiVersion: string | null = null,
): readonly Change[] {
  const edits = adaptRequest(requestWith(members), row(model), apiVersion);
  return edits.map((edit) => [edit.member, edit.op === "set" ? edit.value : undefined]);
}

/** As a parser would hand it over: members are whatever the client wrote. */
function requestWith(members: Readonly<Record<string, unknown>>): MessageRequest {
  return Object.assign({ ...PLAIN }, members);
}

function applied(request: MessageRequest, edits: readonly BodyEdit[]): MessageRequest {
  const members = new Map<string, unknown>(Object.entries(request));
  for (const edit of edits) {
    if (edit.op === "set") members.set(edit.member, edit.value);
    else members.delete(edit.member);
  }
  return Object.assign(
    { model: request.model, max_tokens: request.max_tokens, messages: request.messages },
    Object.fromEntries(members),
  );
}

function row(id: string): ModelFacts {
  const found = MODELS.find((model) => model.id === id);
  if (found === undefined) throw new Error(`no row ${id}`);
  return found;
}
