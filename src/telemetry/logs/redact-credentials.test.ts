import { expect, test } from "vitest";
import { createRedaction } from "./redact-credentials.ts";

const redact = createRedaction(["open", "open-sesame", 'quo"ted']);

test.each([
  ["key sk-ant-api03-abc_DEF-123 was refused", "key [redacted] was refused"],
  ["Authorization: Bearer abc.def-123", "Authorization: [redacted] [redacted]"],
  ["a Bearer abc.def-123", "a Bearer [redacted]"],
  ["basic dXNlcjpwYXNz", "basic [redacted]"],
  ['{"x-api-key":"anything"}', '{"x-api-key":"[redacted]"}'],
  ["password=hunter2, and", "password=[redacted], and"],
  ["postgres://me:hunter2@db.internal/x", "postgres://me:[redacted]@db.internal/x"],
  ["token open-sesame was wrong", "token [redacted] was wrong"],
  ['{"a":"quo\\"ted"}', '{"a":"[redacted]"}'],
  ["a request to claude-opus-4-7 shipped", "a request to claude-opus-4-7 shipped"],
  ["http://127.0.0.1:8787/v1/messages", "http://127.0.0.1:8787/v1/messages"],
])("%s", (line, expected) => {
  expect(redact(line)).toBe(expected);
});
