import Anthropic from "@anthropic-ai/sdk";
import { afterEach, describe, expect, test } from "vitest";
import { ask, call, readAnswer } from "../harness/call.ts";
import { NO_SAMPLING, openStack, type Stack } from "../harness/open-stack.ts";

let stack: Stack;
afterEach(async () => {
  await stack.close();
});

function saying(confidence: number): Record<string, string> {
  const text = JSON.stringify({ confidence, answer: "cheap words" });
  return { "x-simulate": `triage:text=${encodeURIComponent(text)},deep:text=deep%20words` };
}

const ALWAYS = ["x-leadsman-id", "x-leadsman-decision", "server-timing"];
const ROUTED = [...ALWAYS, "x-leadsman-route", "x-leadsman-mode"];
const ANSWERED = [...ROUTED, "x-leadsman-tier", "x-leadsman-model"];
const WEIGHED = [...ANSWERED, "x-leadsman-confidence", "x-leadsman-threshold"];

describe("response headers", () => {
  test.each([
    ["shipped", {}, saying(0.9), WEIGHED],
    ["escalated", {}, saying(0.1), [...WEIGHED, "x-leadsman-reason"]],
    ["bypassed", {}, { "x-leadsman-bypass": "1" }, [...ANSWERED, "x-leadsman-reason"]],
    ["bypassed", { mode: "off" }, {}, [...ANSWERED, "x-leadsman-reason"]],
    ["shadowed", { mode: "shadow" }, {}, ANSWERED],
    ["control", { sampling: { ...NO_SAMPLING, control: "100%" } }, {}, ANSWERED],
    ["passthrough", { match: { model: "nothing" } }, {}, [...ALWAYS, "x-leadsman-model"]],
  ] as const)("of %s", async (decision, route, headers, names) => {
    stack = await openStack({ route });
    for (const isStreaming of [true, false]) {
      const response = await call(stack.url, { body: ask("Hi", isStreaming), headers });
      const own = Object.keys(response.headers).filter(
        (name) => /^(x-leadsman-|server-timing)/.test(name) && name !== "x-leadsman-simulated",
      );
      expect(own.toSorted()).toEqual([...names].toSorted());
      expect(response.headers["x-leadsman-decision"]).toBe(decision);
      expect(response.headers["server-timing"]).toMatch(/^total;dur=\d+\.\d/);
      const record = await stack.record(String(response.headers["x-leadsman-id"]));
      expect(record.decision).toBe(decision);
    }
    await stack.settled();
    for (const { headers: sent } of stack.upstream.calls()) {
      expect(Object.keys(sent).filter((name) => name.startsWith("x-leadsman"))).toEqual([]);
    }
  });

  test.each([0.9, 0.1])(
    "request id, limits, message id, model and usage are the answering attempt's (%d)",
    async (confidence) => {
      stack = await openStack();
      const response = await call(stack.url, { body: ask("Hi"), headers: saying(confidence) });
      const { attempts } = await stack.record(String(response.headers["x-leadsman-id"]));
      const answering = attempts.at(-1);
      expect(attempts).toHaveLength(confidence < 0.8 ? 2 : 1);
      expect(response.headers["request-id"]).toBe(answering?.upstreamRequestId);
      const limits = Object.keys(response.headers).filter((name) => name.includes("ratelimit"));
      expect(limits.length).toBeGreaterThan(0);
      const message = JSON.parse(response.body.toString("utf8")) as Anthropic.Message;
      expect(message.id).toMatch(/^msg_/);
      expect(message.model).toBe(answering?.reportedModel);
      expect(message.usage.output_tokens).toBe(answering?.tokens.outputTokens);
      expect(message.usage.input_tokens).toBe(answering?.tokens.inputTokens);
    },
  );
});

describe("the official SDK", () => {
  test.each([0.9, 0.1])("reads whole and streamed answers (%d)", async (confidence) => {
    stack = await openStack();
    const client = new Anthropic({
      apiKey: "test-key",
      baseURL: stack.url,
      defaultHeaders: saying(confidence),
      maxRetries: 0,
    });
    const text = confidence < 0.8 ? "deep words" : "cheap words";
    const messages: Anthropic.MessageParam[] = [{ role: "user", content: "Hi" }];
    const params = { model: "leadsman/support", max_tokens: 100, messages };
    const whole = await client.messages.create(params);
    expect(whole.content).toMatchObject([{ type: "text", text }]);
    const types: string[] = [];
    const stream = client.messages.stream(params);
    stream.on("streamEvent", ({ type }) => types.push(type));
    const final = await stream.finalMessage();
    expect(final.content).toMatchObject([{ type: "text", text }]);
    expect(final.usage.output_tokens).toBeGreaterThan(0);
    const order = types.filter((type) => type !== "ping" && type !== "content_block_delta");
    expect(order).toEqual([
      "message_start",
      "content_block_start",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
    const listed: string[] = [];
    for await (const { id } of client.models.list()) listed.push(id);
    expect(listed).toContain("claude-leadsman-support");
    expect(listed).toContain("claude-opus-4-7");
    const { max_tokens: _, ...counted } = params;
    expect((await client.messages.countTokens(counted)).input_tokens).toBeGreaterThan(0);
  });
});

describe("a receipt over HTTP", () => {
  test("has every attempt, money as digits, and the pair", async () => {
    stack = await openStack({ route: { sampling: { ...NO_SAMPLING, shadow: "100%" } } });
    const response = await call(stack.url, { body: ask("Hi"), headers: saying(0.9) });
    await stack.settled();
    const id = String(response.headers["x-leadsman-id"]);
    await stack.record(id);
    const path = `/_leadsman/api/v1/receipts/${id}`;
    const receipt = await call(stack.url, { method: "GET", path });
    const { request, pair } = JSON.parse(receipt.body.toString("utf8")) as {
      request: { attempts: Record<string, unknown>[]; allDeepNanoUsd: unknown };
      pair: unknown;
    };
    expect(request.attempts).toHaveLength(2);
    for (const { costNanoUsd } of request.attempts) expect(costNanoUsd).toMatch(/^\d+$/);
    expect(request.allDeepNanoUsd).toMatch(/^\d+$/);
    expect(pair).toMatchObject({ requestId: id, cheap: { attempt: 0 }, deep: { attempt: 1 } });
  });
});

describe("requests that no route can take", () => {
  test.each([
    [{ model: "leadsman/none" }, {}, 404, "not_found_error"],
    [{}, { "x-leadsman-route": "none" }, 404, "not_found_error"],
    [{ max_tokens: "many" }, {}, 400, "invalid_request_error"],
  ])(
    "%j %j: %i in Anthropic's envelope, naming the routes",
    async (members, headers, status, type) => {
      stack = await openStack();
      const response = await call(stack.url, { body: { ...ask("Hi"), ...members }, headers });
      expect(response.status).toBe(status);
      expect(readAnswer(response).error).toBe(type);
      if (status === 404) expect(response.body.toString()).toContain("support");
      expect(stack.upstream.calls()).toHaveLength(0);
    },
  );

  test("a virtual name cannot stand for the model that a route leaves to its clients", async () => {
    stack = await openStack({ route: { tiers: ["claude-haiku-4-5", "requested"] } });
    const response = await call(stack.url, { body: { ...ask("Hi"), model: "leadsman" } });
    expect([response.status, readAnswer(response).error]).toEqual([400, "invalid_request_error"]);
  });
});

test("a gateway that is full answers 529 and serves again afterwards", async () => {
  stack = await openStack({ server: { maxConcurrent: 1 } });
  const waiting = call(stack.url, {
    body: ask("Hi"),
    headers: { "x-simulate": "hang" },
    leaveAfterMs: 300,
  });
  await expect.poll(() => stack.upstream.calls().length).toBe(1);
  const refused = await call(stack.url, { body: ask("Hi") });
  expect([refused.status, readAnswer(refused).error]).toEqual([529, "overloaded_error"]);
  await waiting;
  await expect.poll(async () => (await call(stack.url, { body: ask("Hi") })).status).toBe(200);
});
