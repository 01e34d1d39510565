import fc from "fast-check";
import { expect, test } from "vitest";
import { anyText } from "./any-text.fixture.ts";
import { createMessageAccumulator } from "./message-accumulator.ts";
import type { ContentBlock, Message } from "./message.ts";
import { createSseReader } from "./sse-reader.ts";
import { readStreamEvent } from "./stream-event.ts";
import { streamOfMessage } from "./stream-of-message.ts";

const anyBlock: fc.Arbitrary<ContentBlock> = fc.oneof(
  anyText().map((text) => ({ type: "text", text })),
  anyText().map((text) => ({ type: "text", text, citations: [{ type: "page", page: 3 }] })),
  anyText().map((thinking) => ({ type: "thinking", thinking, signature: "s" })),
  anyText().map((query) => ({ type: "tool_use", id: "t", name: "find", input: { query } })),
  fc.constant({ type: "container_upload", file_id: "f" }),
);

const anyMessage: fc.Arbitrary<Message> = fc.record({
  id: fc.constant("msg_1"),
  type: fc.constant("message"),
  role: fc.constant("assistant"),
  model: fc.constant("claude-haiku-4-5"),
  content: fc.array(anyBlock, { maxLength: 4 }),
  stop_reason: fc.constantFrom("end_turn", "refusal", "max_tokens", "word_of_tomorrow"),
  stop_sequence: fc.constantFrom(null, "END"),
  stop_details: fc.constantFrom(null, { category: "cyber" }),
  usage: fc.constant({ input_tokens: 12, output_tokens: 34, service_tier: "batch" }),
});

function readBack(stream: string): Message | null {
  const accumulator = createMessageAccumulator();
  const reader = createSseReader((frame) => {
    const event = readStreamEvent(frame);
    expect(event.ok).toBe(true);
    if (event.ok) accumulator.push(event.value);
  });
  reader.push(Buffer.from(stream));
  expect([accumulator.problem, accumulator.error, reader.problem]).toEqual([null, null, null]);
  return accumulator.message();
}

test("whoever reads the stream has the message", () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      expect(readBack(streamOfMessage(message))).toEqual(message);
    }),
  );
});

test("text comes as deltas, after its block has begun without it", () => {
  const message: Message = {
    ...{ id: "msg_1", type: "message", role: "assistant", model: "haiku" },
    content: [{ type: "text", text: "Yes." }],
    ...{ stop_reason: "end_turn", stop_sequence: null },
    usage: { input_tokens: 1, output_tokens: 2 },
  };
  expect(streamOfMessage(message).match(/^event: .*$/gm)).toEqual([
    "event: message_start",
    "event: content_block_start",
    "event: content_block_delta",
    "event: content_block_stop",
    "event: message_delta",
    "event: message_stop",
  ]);
  expect(streamOfMessage(message)).toContain('"content_block":{"type":"text","text":""}');
});
