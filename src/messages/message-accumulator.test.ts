import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createMessageAccumulator } from "./message-accumulator.ts";
import type { MessageAccumulator } from "./message-accumulator.ts";
import type { Message, StreamEvent } from "./message.ts";
import { createSseReader } from "./sse-reader.ts";
import { readStreamEvent } from "./stream-event.ts";

const EMPTY_MESSAGE: Message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-haiku-4-5",
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 10, output_tokens: 1 },
};
const START: StreamEvent = { type: "message_start", message: EMPTY_MESSAGE };
const STOP: StreamEvent = { type: "message_stop" };
const END_TURN: StreamEvent = {
  type: "message_delta",
  delta: { stop_reason: "end_turn" },
  usage: { output_tokens: 7 },
};

describe("a whole stream", () => {
  const accumulator = accumulatedFixture("whole-stream.sse");

  test("becomes the message that a non-streaming call would have given", () => {
    expect(accumulator.message()).toEqual({
      id: "msg_01Sounding",
      type: "message",
      role: "assistant",
      model: "claude-opus-4-7",
      content: [
        {
          type: "thinking",
          thinking: 'The chart says seven fathoms, but the lead line is "wet" to nine.',
          signature: "EqQBCgIYAhIM1gbcDa9GJwZA2b3h",
        },
        {
          type: "text",
          text: "Nine fathoms 🌊, naïve chart.\n",
          citations: [
            {
              type: "char_location",
              cited_text: "9 fm",
              document_index: 0,
              document_title: "Log",
              start_char_index: 0,
              end_char_index: 4,
            },
          ],
        },
        {
          type: "web_search_tool_result",
          tool_use_id: "srvtoolu_01",
          content: [
            {
              type: "web_search_result",
              title: "Tides",
              url: "https://example.com/tides",
              encrypted_content: "Eo8L",
              page_age: null,
            },
          ],
        },
        {
          type: "tool_use",
          id: "toolu_01Lead",
          name: "take_sounding",
          input: { side: "larboard", casts: 2 },
        },
      ],
      stop_reason: "tool_use",
      stop_sequence: null,
      stop_details: null,
      container: null,
      context_management: { applied_edits: [] },
      usage: {
        input_tokens: 472,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 2048,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
        output_tokens: 89,
        output_tokens_details: { thinking_tokens: 31 },
        server_tool_use: { web_search_requests: 1 },
        service_tier: "standard",
        inference_geo: "global",
      },
    });
  });

  test("is complete and without a problem", () => {
    expect(accumulator).toMatchObject({
      isComplete: true,
      stopReason: "tool_use",
      reportedModel: "claude-opus-4-7",
      error: null,
      problem: null,
    });
  });
});

describe("a stream that breaks", () => {
  test("keeps what came before the error, and is never a message", () => {
    const accumulator = accumulatedFixture("broken-stream.sse");
    expect(accumulator.message()).toBeNull();
    expect(accumulator.partial()?.content).toEqual([{ type: "text", text: "Half a" }]);
    expect(accumulator.error).toEqual({
      type: "overloaded_error",
      message: "Overloaded",
      details: { error_code: null },
    });
    expect(accumulator).toMatchObject({ isComplete: false, stopReason: null });
  });

  test("has nothing before its first event", () => {
    const accumulator = createMessageAccumulator();
    expect(accumulator.partial()).toBeNull();
    expect(accumulator).toMatchObject({ usage: null, reportedModel: null, stopReason: null });
  });

  test("keeps the first of two errors", () => {
    const accumulator = accumulated([
      { type: "error", error: { type: "api_error", message: "first" } },
      { type: "error", error: { type: "api_error", message: "second" } },
    ]);
    expect(accumulator.error?.message).toBe("first");
  });
});

describe("usage", () => {
  test("is cumulative: a number replaces, null does not", () => {
    const accumulator = accumulated([
      START,
      { ...END_TURN, usage: { input_tokens: null, output_tokens: 3 } },
      { ...END_TURN, usage: { input_tokens: 12, output_tokens: null } },
    ]);
    expect(accumulator.usage).toEqual({ input_tokens: 12, output_tokens: 3 });
  });
});

test("a stop reason stays when a later message_delta names none", () => {
  const later: StreamEvent = { ...END_TURN, delta: { stop_reason: null } };
  expect(accumulated([START, END_TURN, later, STOP]).message()?.stop_reason).toBe("end_turn");
});

describe("a snapshot", () => {
  test("does not change with later events", () => {
    const accumulator = accumulated([START, textStart(0), textDelta(0, "one")]);
    const before = accumulator.partial();
    accumulator.push(textDelta(0, " two"));
    expect(before?.content).toEqual([{ type: "text", text: "one" }]);
    expect(accumulator.partial()?.content).toEqual([{ type: "text", text: "one two" }]);
  });
});

describe("tool input", () => {
  const inputAfter = (pieces: readonly string[]): MessageAccumulator =>
    accumulated([
      START,
      {
        type: "content_block_start",
        index: 0,
        content_block: { type: "tool_use", id: "t", name: "n", input: {} },
      },
      ...pieces.map((piece): StreamEvent => ({
        type: "content_block_delta",
        index: 0,
        delta: { type: "input_json_delta", partial_json: piece },
      })),
      { type: "content_block_stop", index: 0 },
      STOP,
    ]);

  test.each([
    [[], {}, null],
    [[""], {}, null],
    [['{"a"', ":1}"], { a: 1 }, null],
    [['{"a":'], {}, "malformed_tool_input"],
    [["[1]"], {}, "malformed_tool_input"],
  ])("pieces %j give %j, problem %j", (pieces, input, problem) => {
    const accumulator = inputAfter(pieces);
    expect(accumulator.message()?.content[0]?.["input"]).toEqual(input);
    expect(accumulator.problem).toBe(problem);
  });
});

describe("events out of order are ignored and reported", () => {
  test.each<[string, StreamEvent[]]>([
    ["a block before the message", [textStart(0)]],
    ["the end before the message", [STOP]],
    ["a second message_start", [START, START]],
    ["a delta of a block that was not begun", [START, textDelta(3, "x")]],
    ["the end of a block that was not begun", [START, { type: "content_block_stop", index: 0 }]],
    ["a block begun twice", [START, textStart(0), textStart(0)]],
    ["text after the end", [START, textStart(0), STOP, textDelta(0, "x")]],
  ])("%s", (_, events) => {
    expect(accumulated(events).problem).toBe("out_of_order");
  });

  test("pings and unknown events may stand anywhere", () => {
    const ping: StreamEvent = { type: "ping" };
    const unknown: StreamEvent = { type: "unknown", name: "tide", value: null };
    const events = [ping, unknown, START, ping, unknown, END_TURN, ping, STOP, ping, unknown];
    expect(accumulated(events)).toMatchObject({ isComplete: true, problem: null });
  });
});

test("blocks stand in the order of their index", () => {
  const events = [START, textStart(1), textStart(0), textDelta(1, "b"), textDelta(0, "a"), STOP];
  const texts = accumulated(events)
    .message()
    ?.content.map((block) => block.text);
  expect(texts).toEqual(["a", "b"]);
});

test("content that the start already carries is kept and grows", () => {
  const message = { ...EMPTY_MESSAGE, content: [{ type: "text", text: "Ahoy" }] };
  const events: StreamEvent[] = [{ type: "message_start", message }, textDelta(0, "!"), STOP];
  expect(accumulated(events).message()?.content).toEqual([{ type: "text", text: "Ahoy!" }]);
});

function textStart(index: number): StreamEvent {
  return { type: "content_block_start", index, content_block: { type: "text", text: "" } };
}

function textDelta(index: number, text: string): StreamEvent {
  return { type: "content_block_delta", index, delta: { type: "text_delta", text } };
}

function accumulated(events: readonly StreamEvent[]): MessageAccumulator {
  const accumulator = createMessageAccumulator();
  for (const event of events) accumulator.push(event);
  return accumulator;
}

function accumulatedFixture(name: string): MessageAccumulator {
  const accumulator = createMessageAccumulator();
  const reader = createSseReader((frame) => {
    const read = readStreamEvent(frame);
    expect(read.ok).toBe(true);
    if (read.ok) accumulator.push(read.value);
  });
  reader.push(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
  reader.end();
  return accumulator;
}
