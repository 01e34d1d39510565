import { describe, expect, test } from "vitest";
import { tupleToAttempt } from "./attempt-row.ts";
import { createRowReader } from "./row-reader.ts";

const CORRUPT = expect.objectContaining({ code: "ledger_corrupt" });
const asText = (item: unknown): string | undefined => (typeof item === "string" ? item : undefined);

describe("numbers and money", () => {
  test.each([5, 5n, "5"])("%o is read as drivers give it", (value) => {
    const read = createRowReader({ value });
    expect(read.number("value")).toBe(5);
    expect(read.money("value")).toBe(5n);
    expect(read.flag("value")).toBe(true);
  });

  test("money is exact beyond what a number holds", () => {
    expect(createRowReader({ value: "9007199254740993" }).money("value")).toBe(9007199254740993n);
  });

  test.each([null, undefined, "five", Number.NaN])("%o is no number", (value) => {
    expect(() => createRowReader({ value }).number("value")).toThrow(CORRUPT);
  });
});

describe("what may be null", () => {
  test("is null when the column is null or not there", () => {
    for (const read of [createRowReader({ value: null }), createRowReader({})]) {
      expect(read.textOrNull("value")).toBeNull();
      expect(read.numberOrNull("value")).toBeNull();
      expect(read.moneyOrNull("value")).toBeNull();
      expect(read.wordOrNull("value")).toBeNull();
      expect(read.list("value", asText)).toEqual([]);
    }
  });

  test("is not, where a value is wanted", () => {
    const read = createRowReader({ value: null });
    expect(() => read.text("value")).toThrow(CORRUPT);
    expect(() => read.money("value")).toThrow(CORRUPT);
    expect(() => read.word("value")).toThrow(CORRUPT);
  });
});

describe("lists", () => {
  test.each(["{}", "[1]", '["a", null]', "[", "words"])("%s is no list of texts", (value) => {
    expect(() => createRowReader({ value }).list("value", asText)).toThrow(CORRUPT);
  });

  test("keep their order", () => {
    expect(createRowReader({ value: '["b","a"]' }).list("value", asText)).toEqual(["b", "a"]);
  });
});

test("an attempt that lacks what it must have is found out", () => {
  expect(() => tupleToAttempt([0, "triage"])).toThrow(CORRUPT);
  expect(tupleToAttempt("triage")).toBeUndefined();
});
