import { expect, test } from "vitest";

import { createBatchStore } from "./batches/batch-store.ts";
import { simulateExchange } from "./simulated-exchange.ts";
import type { ExchangeMoment } from "./simulated-exchange.ts";
import { createSimulatedWorld } from "./simulated-world.ts";

const world = createSimulatedWorld({ seed: "objections" });

function moment(): ExchangeMoment {
  return { index: 0, nowMs: 0, batches: createBatchStore({ timeScale: 0 }) };
}

function responseTo(
  members: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): { status: number | undefined; body: unknown } {
  const body = { max_tokens: 100, messages: [{ role: "user", content: "hi" }], ...members };
  const { steps } = simulateExchange(
    { world },
    {
      method: "POST",
      path: "/v1/messages",
      headers,
      body: Buffer.from(JSON.stringify(body)),
    },
    moment(),
  );
  let status: number | undefined;
  let text = "";
  for (const step of steps) {
    if (step.kind === "head") status = step.status;
    if (step.kind === "bytes") text += Buffer.from(step.bytes).toString();
  }
  return { status, body: JSON.parse(text) };
}

const HAIKU = "claude-haiku-4-5";
const OPUS = "claude-opus-4-7";
const SONNET = "claude-sonnet-4-6";
const PREFILL = [
  { role: "user", content: "hi" },
  { role: "assistant", content: "{" },
];

test.each([
  [OPUS, { temperature: 0.5 }, "`temperature` is deprecated for this model."],
  [OPUS, { top_k: 5 }, "`top_k` is deprecated for this model."],
  [HAIKU, { temperature: 0.5, top_p: 0.5 }, "cannot both be specified"],
  [HAIKU, { thinking: { type: "adaptive" } }, "adaptive thinking is not supported on this model"],
  [OPUS, { thinking: { type: "enabled", budget_tokens: 2_000 } }, '"thinking.type.enabled"'],
  ["claude-opus-5-5", { thinking: { type: "disabled" } }, '"thinking.type.disabled"'],
  [
    HAIKU,
    { output_config: { effort: "low" } },
    "This model does not support the effort parameter.",
  ],
  [OPUS, { messages: PREFILL }, "does not support assistant message prefill"],
  [SONNET, { messages: PREFILL }, "does not support assistant message prefill"],
  [OPUS, { messages: [{ role: "system", content: "x" }] }, "role 'system' is not supported"],
  ["claude-opus-5-5", { tool_choice: { type: "any" } }, 'tool_choice: type "tool" and "any"'],
  [HAIKU, { max_tokens: 64_001 }, "max_tokens: 64001 > 64000"],
  [HAIKU, { messages: [{ role: "user", content: "x".repeat(900_000) }] }, "prompt is too long"],
  [HAIKU, { messages: [] }, "messages"],
  [HAIKU, { max_tokens: undefined }, "max_tokens: Field required"],
  [HAIKU, { messages: undefined }, "messages: Field required"],
  [undefined, {}, "model: Field required"],
])("%s does not take %j", (model, members, message) => {
  const { status, body } = responseTo({ model, ...members });
  expect(status).toBe(400);
  expect(body).toMatchObject({
    type: "error",
    error: { type: "invalid_request_error", message: expect.stringContaining(message) as string },
  });
});

test.each([
  [OPUS, { temperature: 1 }],
  [OPUS, { output_config: { effort: "high" }, thinking: { type: "adaptive" } }],
  [SONNET, { temperature: 0 }],
  [HAIKU, { temperature: 0 }],
  [HAIKU, { messages: PREFILL }],
  [HAIKU, { thinking: { type: "disabled" }, unknown_member: [1] }],
  ["claude-haiku-4-5-20251001", {}],
  ["claude-haiku-5-5", { messages: [...PREFILL, { role: "user", content: "go on" }] }],
  ["claude-opus-4-6", { max_tokens: 128_000 }],
])("%s takes %j", (model, members) => {
  expect(responseTo({ model, ...members }).status).toBe(200);
});

test("the version of October 2026 takes sampling parameters from no model", () => {
  const headers = { "anthropic-version": "2026-10-21" };
  const { status, body } = responseTo({ model: HAIKU, temperature: 1 }, headers);
  expect(status).toBe(400);
  expect(JSON.stringify(body)).toContain("temperature: Extra inputs are not permitted");
});

test.each([
  [{ type: "object", properties: {} }, "additionalProperties"],
  [
    {
      type: "object",
      additionalProperties: false,
      properties: { confidence: { type: "number", minimum: 0 } },
    },
    "minimum",
  ],
])("structured outputs do not take %j", (schema, message) => {
  const { status, body } = responseTo({
    model: HAIKU,
    output_config: { format: { type: "json_schema", schema } },
  });
  expect(status).toBe(400);
  expect(JSON.stringify(body)).toContain(message);
});

test.each(["gpt-5", "leadsman", "claude", ""])("the model %j does not exist", (model) => {
  const { status, body } = responseTo({ model });
  expect(status).toBe(404);
  expect(body).toMatchObject({ error: { type: "not_found_error", message: `model: ${model}` } });
});

test("what is no JSON object is refused", () => {
  for (const body of ["", "{", "[]", "null", '"text"']) {
    const request = { method: "POST", path: "/v1/messages", headers: {}, body: Buffer.from(body) };
    const [head] = simulateExchange({ world }, request, moment()).steps;
    expect(head).toMatchObject({ kind: "head", status: 400 });
  }
});
