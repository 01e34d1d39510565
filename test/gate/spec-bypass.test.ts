import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RequestRecord } from "../../src/cascade/receipt.ts";
import { ask, call, type RawResponse } from "../harness/call.ts";
import { openStack, type Stack } from "../harness/open-stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await openStack();
});
afterAll(async () => {
  await stack.close();
});

const TOOL = { name: "look_up", description: "Looks up", input_schema: { type: "object" } };
const IMAGE = {
  type: "image",
  source: { type: "base64", media_type: "image/png", data: "aGVsbG8=" },
};
const CITED_DOCUMENT = {
  type: "document",
  source: { type: "text", media_type: "text/plain", data: "Open from nine." },
  citations: { enabled: true },
};

/** Members of an otherwise eligible request, each of which keeps it from being triaged. */
const INELIGIBLE: readonly (readonly [string, Record<string, unknown>])[] = [
  ["tools", { tools: [TOOL] }],
  [
    "tool_result",
    {
      tools: [TOOL],
      messages: [
        { role: "user", content: "Look it up" },
        {
          role: "assistant",
          content: [{ type: "tool_use", id: "toolu_1", name: "look_up", input: {} }],
        },
        {
          role: "user",
          content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "Nine" }],
        },
      ],
    },
  ],
  [
    "prefill",
    {
      messages: [
        { role: "user", content: "Say it" },
        { role: "assistant", content: "It is" },
      ],
    },
  ],
  [
    "client_format",
    {
      output_config: {
        format: {
          type: "json_schema",
          schema: {
            type: "object",
            properties: { city: { type: "string" } },
            required: ["city"],
            additionalProperties: false,
          },
        },
      },
    },
  ],
  ["stop_sequences", { stop_sequences: ["###"] }],
  ["server_state", { container: "container_1" }],
  ["citations", { messages: [{ role: "user", content: [CITED_DOCUMENT] }] }],
  ["max_tokens_small", { max_tokens: 15 }],
  ["input_too_long", { messages: [{ role: "user", content: "word ".repeat(110_000) }] }],
  ["too_many_images", { messages: [{ role: "user", content: Array(101).fill(IMAGE) }] }],
];

/** What a request that is not triaged looks like from outside. */
async function expectBypass(response: RawResponse, reason: string, sent: string): Promise<void> {
  expect(response.headers).toMatchObject({
    "x-leadsman-decision": "bypassed",
    "x-leadsman-reason": reason,
    "x-leadsman-tier": "1",
    "x-leadsman-mode": "live",
  });
  expect(response.headers).not.toHaveProperty("x-leadsman-confidence");
  const record: RequestRecord = await stack.record(String(response.headers["x-leadsman-id"]));
  expect(record).toMatchObject({ decision: "bypassed", reason });
  expect(record.attempts.map(({ role, edits }) => [role, edits])).toEqual([["answer", []]]);
  const last = stack.upstream.calls().at(-1);
  expect(Buffer.from(last?.body ?? []).toString("utf8")).toBe(sent);
}

describe("a request that is not eligible goes deep at once, byte for byte", () => {
  test.each(INELIGIBLE)("%s", async (reason, members) => {
    const callsBefore = stack.upstream.calls().length;
    const sent = JSON.stringify({ ...ask("Hi [task:faq#1]"), ...members, x_own: 1.5 });
    const response = await call(stack.url, { body: sent });
    await expectBypass(response, reason, sent);
    expect(stack.upstream.calls().length - callsBefore).toBe(1);
  });

  test("ambiguous_body, nested deeper than a triage request could be written", async () => {
    const [start] = JSON.stringify(ask("Hi [task:faq#1]")).split(/\}$/);
    const sent = `${start ?? ""},"x_own":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
    await expectBypass(await call(stack.url, { body: sent }), "ambiguous_body", sent);
  });

  test("client_asked, by header", async () => {
    const sent = JSON.stringify(ask("Hi [task:faq#1]"));
    const headers = { "x-leadsman-bypass": "1" };
    await expectBypass(await call(stack.url, { body: sent, headers }), "client_asked", sent);
    expect(stack.upstream.calls().at(-1)?.headers).not.toHaveProperty("x-leadsman-bypass");
  });

  test("what upstream finds too long, also when its own model is another than the last tier's", async () => {
    const sent = JSON.stringify({ ...ask("Hi [task:faq#1]"), model: "claude-opus-4-6" });
    const headers = { "x-simulate": "triage:prompt-too-long" };
    const response = await call(stack.url, { body: sent, headers });
    expect(response.headers).toMatchObject({
      "x-leadsman-decision": "bypassed",
      "x-leadsman-reason": "input_too_long",
    });
    const last = stack.upstream.calls().at(-1);
    expect(Buffer.from(last?.body ?? []).toString("utf8")).toBe(sent);
  });

  test("sampling parameters stay in, though the deep model refuses them", async () => {
    const sent = JSON.stringify({ ...ask("Hi [task:faq#1]"), temperature: 0.2 });
    const headers = { "x-leadsman-bypass": "1" };
    const response = await call(stack.url, { body: sent, headers });
    expect(response.status).toBe(400);
    expect(Buffer.from(stack.upstream.calls().at(-1)?.body ?? []).toString("utf8")).toBe(sent);
  });
});

describe("what does not keep a request from being triaged", () => {
  test.each([
    ["thinking", { thinking: { type: "adaptive" }, max_tokens: 4096 }],
    ["effort", { output_config: { effort: "max" } }],
    ["max_tokens of 16", { max_tokens: 16 }],
    ["a system prompt and metadata", { system: "Be kind.", metadata: { user_id: "u-1" } }],
    ["an empty list of tools and stop sequences", { tools: [], stop_sequences: [] }],
  ])("%s", async (_, members) => {
    const callsBefore = stack.upstream.calls().length;
    const text = encodeURIComponent('{"confidence":0.9,"answer":"x"}');
    const response = await call(stack.url, {
      body: { ...ask("Hi [task:faq#1]"), ...members },
      headers: { "x-simulate": `triage:text=${text}` },
    });
    expect(stack.upstream.calls()[callsBefore]?.isTriage).toBe(true);
    expect(response.headers["x-leadsman-decision"]).toBe("shipped");
  });

  test("any other word in x-leadsman-bypass, and a first try", async () => {
    const text = encodeURIComponent('{"confidence":0.9,"answer":"x"}');
    const response = await call(stack.url, {
      body: ask("Hi [task:faq#1]"),
      headers: {
        "x-simulate": `triage:text=${text}`,
        "x-leadsman-bypass": "0",
        "x-stainless-retry-count": "0",
      },
    });
    expect(response.headers["x-leadsman-decision"]).toBe("shipped");
  });
});
