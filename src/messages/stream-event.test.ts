import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyJson, anyText } from "./any-text.fixture.ts";
import type { StreamEvent } from "./message.ts";
import { createSseReader } from "./sse-reader.ts";
import type { SseFrame } from "./sse-reader.ts";
import { readStreamEvent, writeStreamEvent, writeTextDelta } from "./stream-event.ts";

const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-haiku-4-5",
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
} as const;

describe("recorded streams", () => {
  test.each(["whole-stream.sse", "broken-stream.sse"])("%s is written as it was read", (name) => {
    const text = readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
    const events = framesOf(text).map(readEvent);
    expect(events.map(writeStreamEvent).join("")).toBe(text);
  });

  test("the events come in the documented order", () => {
    const text = readFileSync(new URL("fixtures/whole-stream.sse", import.meta.url), "utf8");
    const events = framesOf(text).map(readEvent);
    expect(events.map(shortName)).toEqual([
      "message_start",
      "content_block_start 0",
      "ping",
      "thinking_delta 0",
      "thinking_delta 0",
      "signature_delta 0",
      "content_block_stop 0",
      "content_block_start 1",
      "text_delta 1",
      "citations_delta 1",
      "text_delta 1",
      "depth_delta 1",
      "content_block_stop 1",
      "content_block_start 2",
      "content_block_stop 2",
      "content_block_start 3",
      "input_json_delta 3",
      "input_json_delta 3",
      "input_json_delta 3",
      "content_block_stop 3",
      "unknown tide_change",
      "message_delta",
      "message_stop",
    ]);
  });
});

describe("known events must have their shape", () => {
  test.each<[string, unknown]>([
    ["message_start", { message: { ...MESSAGE, id: 1 } }],
    ["message_start", { message: { ...MESSAGE, model: null } }],
    ["message_start", { message: { ...MESSAGE, role: "user" } }],
    ["message_start", { message: { ...MESSAGE, type: "completion" } }],
    ["message_start", { message: { ...MESSAGE, content: "text" } }],
    ["message_start", { message: { ...MESSAGE, content: [{ text: "no type" }] } }],
    ["message_start", { message: { ...MESSAGE, stop_reason: 3 } }],
    ["message_start", { message: { ...MESSAGE, usage: null } }],
    ["message_start", { message: { ...MESSAGE, usage: { input_tokens: 1 } } }],
    ["message_start", { message: { ...MESSAGE, usage: { input_tokens: 1, output_tokens: -1 } } }],
    ["message_start", { message: { ...MESSAGE, usage: { input_tokens: 1.5, output_tokens: 1 } } }],
    [
      "message_start",
      { message: { ...MESSAGE, usage: { ...MESSAGE.usage, cache_creation: "none" } } },
    ],
    [
      "message_start",
      {
        message: {
          ...MESSAGE,
          usage: { ...MESSAGE.usage, cache_creation: { ephemeral_1h_input_tokens: "2" } },
        },
      },
    ],
    ["message_start", {}],
    ["content_block_start", { index: 0 }],
    ["content_block_start", { content_block: { type: "text", text: "" } }],
    ["content_block_start", { index: 0, content_block: { type: "text" } }],
    ["content_block_delta", { index: -1, delta: { type: "text_delta", text: "" } }],
    ["content_block_delta", { index: 0.5, delta: { type: "text_delta", text: "" } }],
    ["content_block_delta", { index: 0, delta: { type: "text_delta" } }],
    ["content_block_delta", { index: 0, delta: { type: "text_delta", text: 5 } }],
    ["content_block_delta", { index: 0, delta: { type: "input_json_delta" } }],
    ["content_block_delta", { index: 0, delta: { type: "thinking_delta", thinking: null } }],
    ["content_block_delta", { index: 0, delta: { text: "no type" } }],
    ["content_block_stop", {}],
    ["message_delta", { usage: {} }],
    ["message_delta", { delta: { stop_reason: 1 }, usage: {} }],
    ["message_delta", { delta: { stop_reason: null }, usage: { output_tokens: "7" } }],
    ["error", {}],
    ["error", { error: { type: "api_error" } }],
    ["error", { error: "gone" }],
    ["content_block_delta", [1, 2]],
    ["message_stop", "text"],
    ["message_stop", { type: "message_delta" }],
  ])("%s with %j fails", (event, data) => {
    const read = readStreamEvent({ event, data: JSON.stringify(data) });
    expect(read.ok).toBe(false);
  });

  test.each(["message_start", "content_block_delta", "message_stop", "ping", "error"])(
    "%s with broken JSON fails, and the problem does not quote it",
    (event) => {
      const read = readStreamEvent({ event, data: '{"text":"s3cret' });
      expect(read.ok || read.problem.message).toMatch(/Expected valid JSON/);
      expect(JSON.stringify(read)).not.toContain("s3cret");
    },
  );

  test("what other servers leave out is filled in", () => {
    const { id, model, content, usage } = MESSAGE;
    const bare = { id, model, content, usage };
    const start = readEvent({ event: "message_start", data: JSON.stringify({ message: bare }) });
    expect(start).toEqual({ type: "message_start", message: MESSAGE });
    const delta = readEvent({ event: "message_delta", data: '{"delta":{}}' });
    expect(delta).toEqual({ type: "message_delta", delta: { stop_reason: null }, usage: {} });
  });
});

describe("unknown events are tolerated", () => {
  test.each<[SseFrame, StreamEvent]>([
    [
      { event: "tide", data: '{"type":"tide","m":2}' },
      { type: "unknown", name: "tide", value: { type: "tide", m: 2 } },
    ],
    [
      { event: "tide", data: "not JSON" },
      { type: "unknown", name: "tide", value: "not JSON" },
    ],
    [
      { event: null, data: '{"type":"tide"}' },
      { type: "unknown", name: "tide", value: { type: "tide" } },
    ],
    [
      { event: null, data: "[1]" },
      { type: "unknown", name: "message", value: [1] },
    ],
    [
      { event: "constructor", data: "{}" },
      { type: "unknown", name: "constructor", value: {} },
    ],
  ])("%j", (frame, event) => {
    expect(readEvent(frame)).toEqual(event);
  });

  test("a frame without a name takes it from its data", () => {
    expect(readEvent({ event: null, data: '{"type":"message_stop"}' })).toEqual({
      type: "message_stop",
    });
  });

  test("a frame without a name and with broken JSON may have been anything, so it fails", () => {
    expect(readStreamEvent({ event: null, data: '{"type":"content_bl' }).ok).toBe(false);
  });

  test("a name cannot end its field", () => {
    const event: StreamEvent = { type: "unknown", name: "a\r\ndata: x\n\nevent: error", value: 1 };
    expect(framesOf(writeStreamEvent(event))).toHaveLength(1);
  });
});

test("any event survives being written and read", () => {
  fc.assert(
    fc.property(anyEvent(), (event) => {
      const frames = framesOf(writeStreamEvent(event));
      expect(frames.map(readEvent)).toEqual([event]);
    }),
  );
});

test("a text delta written in one step is the same frame", () => {
  fc.assert(
    fc.property(fc.nat(), anyText(), (index, text) => {
      const delta = { type: "text_delta", text } as const;
      const event: StreamEvent = { type: "content_block_delta", index, delta };
      expect(writeTextDelta(index, text)).toBe(writeStreamEvent(event));
    }),
  );
});

function anyEvent(): fc.Arbitrary<StreamEvent> {
  const index = fc.nat();
  const count = fc.nat();
  const text = anyText();
  const json = anyJson();
  const block = fc.oneof(
    fc.record({ type: fc.constant("text"), text }),
    fc.record({ type: fc.constant("tool_use"), id: text, name: text, input: json }),
  );
  const delta = fc.oneof(
    fc.record({ type: fc.constant("text_delta"), text }),
    fc.record({ type: fc.constant("input_json_delta"), partial_json: text }),
    fc.record({ type: fc.constant("thinking_delta"), thinking: text }),
    fc.record({ type: fc.constant("depth_delta"), fathoms: json }),
  );
  const usage = fc.record({ input_tokens: count, output_tokens: count, extra: json });
  const stopReason = fc.option(fc.constantFrom("end_turn", "max_tokens", "refusal"));
  const message = fc.record({
    id: text,
    type: fc.constant("message" as const),
    role: fc.constant("assistant" as const),
    model: text,
    content: fc.array(block),
    stop_reason: stopReason,
    stop_sequence: fc.option(text),
    usage,
    container: json,
  });
  const name = fc.stringMatching(/^[a-z]\w{0,20}$/).map((word) => `x_${word}`);
  return fc.oneof(
    fc.record({ type: fc.constant("message_start" as const), message }),
    fc.record({ type: fc.constant("content_block_start" as const), index, content_block: block }),
    fc.record({ type: fc.constant("content_block_delta" as const), index, delta }),
    fc.record({ type: fc.constant("content_block_stop" as const), index }),
    fc.record({
      type: fc.constant("message_delta" as const),
      delta: fc.record({ stop_reason: stopReason, stop_details: json }),
      usage: fc.record({ output_tokens: fc.option(count), input_tokens: fc.option(count) }),
    }),
    fc.constant<StreamEvent>({ type: "message_stop" }),
    fc.constant<StreamEvent>({ type: "ping" }),
    fc.record({
      type: fc.constant("error" as const),
      error: fc.record({ type: text, message: text, details: json }),
      request_id: fc.option(text),
    }),
    fc.record({ type: fc.constant("unknown" as const), name, value: json }),
  );
}

function shortName(event: StreamEvent): string {
  if (event.type === "content_block_delta") return `${event.delta.type} ${event.index.toString()}`;
  if (event.type === "unknown") return `unknown ${event.name}`;
  return "index" in event ? `${event.type} ${event.index.toString()}` : event.type;
}

function readEvent(frame: SseFrame): StreamEvent {
  const read = readStreamEvent(frame);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

function framesOf(text: string): SseFrame[] {
  const frames: SseFrame[] = [];
  const reader = createSseReader((frame) => frames.push(frame));
  reader.push(Buffer.from(text));
  reader.end();
  return frames;
}
