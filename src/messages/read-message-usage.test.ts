import { expect, test } from "vitest";
import { readMessageResponse } from "./read-message-usage.ts";

const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-opus-4-7",
  content: [{ type: "text", text: "Nine fathoms." }],
  stop_reason: "end_turn",
  stop_sequence: null,
  container: null,
  usage: { input_tokens: 12, cache_read_input_tokens: null, output_tokens: 5 },
};

test("a message is read with all its members", () => {
  expect(readMessageResponse(Buffer.from(JSON.stringify(MESSAGE)))).toEqual(MESSAGE);
});

test.each<[string, unknown]>([
  ["an error", { type: "error", error: { type: "api_error", message: "m" } }],
  ["a count of tokens", { input_tokens: 12 }],
  ["a message without usage", { ...MESSAGE, usage: undefined }],
  [
    "a message with a count that is none",
    { ...MESSAGE, usage: { ...MESSAGE.usage, output_tokens: "5" } },
  ],
  ["a list", [MESSAGE]],
])("%s is no message", (_, body) => {
  expect(readMessageResponse(Buffer.from(JSON.stringify(body)))).toBeNull();
});

test("what is not JSON is no message", () => {
  expect(readMessageResponse(Buffer.from("<html>"))).toBeNull();
  expect(readMessageResponse(Buffer.from(JSON.stringify(MESSAGE)).subarray(0, -1))).toBeNull();
});
