import { expect, test } from "vitest";
import {
  formatConfidence,
  formatCount,
  formatDuration,
  formatShare,
  formatTime,
} from "./format-number.ts";

test.each([
  [0.42, "0.4 ms"],
  [9.96, "10 ms"],
  [71.4, "71 ms"],
  [999.6, "1.00 s"],
  [2_413, "2.41 s"],
  [59_999, "1 min 0 s"],
  [185_000, "3 min 5 s"],
])("%d milliseconds read %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

test.each([
  [0.8, "0.80"],
  [0.7999, "0.7999"],
  [1, "1.00"],
  [1.01, "1.01"],
  [1e-9, "1e-9"],
])("the confidence %d reads %s and never looks like another", (confidence, text) => {
  expect(formatConfidence(confidence)).toBe(text);
});

test("counts have separators, shares one decimal, times their zone", () => {
  expect(formatCount(1_234_567)).toBe("1,234,567");
  expect(formatCount(412)).toBe("412");
  expect(formatShare(0.6784)).toBe("67.8 %");
  expect(formatTime(Date.UTC(2026, 10, 23, 14, 5, 59))).toBe("2026-11-23 14:05 UTC");
});
