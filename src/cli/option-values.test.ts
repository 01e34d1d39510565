import { InvalidArgumentError } from "commander";
import { describe, expect, test } from "vitest";
import {
  amountValue,
  modeValue,
  nameValue,
  portValue,
  shareValue,
  timeValue,
} from "./option-values.ts";

const NOW_MS = Date.UTC(2026, 10, 23, 12);

describe("times", () => {
  test.each([
    ["2026-11-01", Date.UTC(2026, 10, 1)],
    ["2026-11-01T09:30", Date.UTC(2026, 10, 1, 9, 30)],
    ["2026-11-01T09:30:15Z", Date.UTC(2026, 10, 1, 9, 30, 15)],
    ["2026-11-01T09:30+01:00", Date.UTC(2026, 10, 1, 8, 30)],
    ["90m", NOW_MS - 90 * 60_000],
    ["24h", NOW_MS - 86_400_000],
    ["7d", NOW_MS - 7 * 86_400_000],
    ["2w", NOW_MS - 14 * 86_400_000],
  ])("%s", (text, expected) => {
    expect(timeValue(text, NOW_MS)).toBe(expected);
  });

  test.each([
    "",
    "yesterday",
    "7",
    "7y",
    "2026-13-01",
    "2026-02-30",
    "1795459320614",
    "11/01/2026",
  ])("%s is none", (text) => {
    expect(() => timeValue(text, NOW_MS)).toThrow(InvalidArgumentError);
  });
});

describe("other values", () => {
  test.each([
    [portValue, "0", 0],
    [portValue, "65535", 65_535],
    [shareValue, "5%", 0.05],
    [shareValue, "0.25", 0.25],
    [shareValue, "0", 0],
    [amountValue, "0.1", 0.1],
    [nameValue, "week 47 ☃", "week 47 ☃"],
    [modeValue, "off", "off"],
    [modeValue, "canary 5%", { canary: 0.05 }],
  ] as const)("%o reads %s", (read, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test.each([
    [portValue, "65536"],
    [portValue, "80a"],
    [portValue, ""],
    [shareValue, "101%"],
    [shareValue, "1.5"],
    [shareValue, ""],
    [shareValue, "-1%"],
    [amountValue, "-1"],
    [amountValue, "Infinity"],
    [amountValue, " "],
    [nameValue, ""],
    [nameValue, " "],
    [nameValue, "a\nb"],
    [nameValue, "red\u001b[31m"],
    [nameValue, "x".repeat(129)],
    [modeValue, "on"],
    [modeValue, "canary"],
  ] as const)("%o refuses %o", (read, text) => {
    expect(() => read(text)).toThrow(InvalidArgumentError);
  });
});
