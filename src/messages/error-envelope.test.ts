import { describe, expect, test } from "vitest";
import { ERROR_STATUS, errorEnvelope, errorTypeOf, readErrorEnvelope } from "./error-envelope.ts";

test("an envelope is one line in the API's order of members", () => {
  const error = { type: "overloaded_error", message: "Over\nloaded", details: { error_code: "x" } };
  expect(errorEnvelope(error, "req_1")).toBe(
    '{"type":"error","error":{"type":"overloaded_error","message":"Over\\nloaded",' +
      '"details":{"error_code":"x"}},"request_id":"req_1"}',
  );
  expect(errorEnvelope({ type: "api_error", message: "m" }, null)).toBe(
    '{"type":"error","error":{"type":"api_error","message":"m"},"request_id":null}',
  );
});

test("an envelope that was written can be read", () => {
  const error = { type: "api_error", message: "🌊", details: null };
  expect(readErrorEnvelope(Buffer.from(errorEnvelope(error, null)))).toEqual(error);
});

test.each([
  "",
  "<html>413</html>",
  "null",
  "[]",
  "{}",
  '{"error":"gone"}',
  '{"error":{"type":"api_error"}}',
  '{"error":{"message":"m"}}',
  '{"error":{"type":5,"message":"m"}}',
])("%s is no envelope", (text) => {
  expect(readErrorEnvelope(Buffer.from(text))).toBeNull();
});

describe("types and statuses", () => {
  test.each(Object.entries(ERROR_STATUS))("%s stands for %i and back", (type, status) => {
    expect(errorTypeOf(status)).toBe(type);
  });

  test.each([
    [408, "invalid_request_error"],
    [418, "invalid_request_error"],
    [502, "api_error"],
    [599, "api_error"],
  ])("%i has no type of its own and counts as %s", (status, type) => {
    expect(errorTypeOf(status)).toBe(type);
  });
});
