import { expect, test } from "vitest";

import { readBatchResult } from "./batch-result.ts";

const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "m",
  content: [{ type: "text", text: "hi" }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 2, service_tier: "batch" },
};
const ERROR = { type: "overloaded_error", message: "Overloaded", details: { a: 1 } };

function read(value: unknown): unknown {
  return readBatchResult(Buffer.from(typeof value === "string" ? value : JSON.stringify(value)));
}

test.each([
  [
    { type: "succeeded", message: MESSAGE },
    { type: "succeeded", message: MESSAGE },
  ],
  [
    { type: "errored", error: { type: "error", error: ERROR, request_id: "req_1" } },
    { type: "errored", error: ERROR },
  ],
  [{ type: "canceled" }, { type: "canceled" }],
  [{ type: "expired", more: 1 }, { type: "expired" }],
  [
    { type: "postponed", until: "noon" },
    { type: "unknown", name: "postponed", value: { type: "postponed", until: "noon" } },
  ],
])("%j is read", (result, wanted) => {
  expect(read({ custom_id: "a", result })).toEqual({ customId: "a", result: wanted });
});

test.each([
  ["{"],
  ["null"],
  [{ result: { type: "canceled" } }],
  [{ custom_id: 1, result: { type: "canceled" } }],
  [{ custom_id: "a" }],
  [{ custom_id: "a", result: [] }],
  [{ custom_id: "a", result: { type: 1 } }],
  [{ custom_id: "a", result: { type: "succeeded" } }],
  [{ custom_id: "a", result: { type: "succeeded", message: { ...MESSAGE, usage: null } } }],
  [{ custom_id: "a", result: { type: "errored", error: null } }],
  [{ custom_id: "a", result: { type: "errored", error: { type: "error", error: "x" } } }],
])("%j is no result", (value) => {
  expect(read(value)).toBeNull();
});
