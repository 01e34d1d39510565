import { expect, test } from "vitest";
import { createModelLabel } from "./model-label.ts";

const label = createModelLabel(new Set(["claude-haiku-4-5", "claude-odd-20200101"]));

test.each([
  ["claude-haiku-4-5", "claude-haiku-4-5"],
  ["claude-haiku-4-5-20251001", "claude-haiku-4-5"],
  ["claude-odd-20200101", "claude-odd-20200101"],
  ["claude-haiku-4-5-2025100", "other"],
  ["", "other"],
  ['x"} 1\nleadsman_requests_total 9', "other"],
])("the model %j goes by %s", (model, expected) => {
  expect(label(model)).toBe(expected);
});
