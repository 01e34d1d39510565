import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { csvCell } from "../rows/csv-cells.ts";
import type { Line } from "../rows/line-splitter.ts";
import { RowRefusal } from "../rows/row-members.ts";
import { createLabelLines, type LabelLine } from "./label-lines.ts";
import { readLabelRow } from "./read-label-row.ts";

function linesOf(texts: readonly string[]): readonly LabelLine[] {
  const read = createLabelLines();
  return texts.map((text, index): LabelLine => read(lineOf(index + 1, text)));
}

function lineOf(number: number, text: string): Line {
  return { number, text, problem: null };
}

const words = fc.string({ minLength: 1 }).filter((text) => text.trim() !== "");

test("a row of CSV says what the same row of JSON says", () => {
  const rows = fc.array(
    fc.record({
      request_id: words,
      correct: fc.constantFrom("true", "false", "right", "0"),
      tier: fc.constantFrom("cheap", "deep", "1", null),
      note: fc.option(words),
    }),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(rows, (given) => {
      const csv = given.map((row) => Object.values(row).map(csvCell).join(","));
      const [heading, ...fromCsv] = linesOf(["request_id,correct,tier,note", ...csv]);
      const fromJson = linesOf(given.map((row) => JSON.stringify(row)));
      expect(heading).toBe("heading");
      expect(fromCsv.map(labelOf)).toEqual(fromJson.map(labelOf));
    }),
  );
});

function labelOf(line: LabelLine): unknown {
  return line === "heading" || !line.ok ? line : readLabelRow(line.value, false);
}

test.each([
  ["request_id;correct", "not_csv"],
  ["name,colour", "not_csv"],
  ["request_id", "not_csv"],
  ["[1]", "not_csv"],
  ["{", "not_json"],
])("a file that begins with %j is refused line by line", (text, code) => {
  expect(linesOf([text])).toMatchObject([{ ok: false, problem: { code } }]);
});

test("a row with other cells than its heading is refused, the next is read", () => {
  const lines = linesOf(["request_id,correct", "a", "b,true,c", 'c,"tr', "d,true"]);
  expect(lines.map((line) => line === "heading" || line.ok)).toEqual([
    true,
    false,
    false,
    false,
    true,
  ]);
});

describe("what a label may say", () => {
  test.each([
    [
      { request_id: "a", correct: true },
      { outcome: "right", tier: null, grader: null },
    ],
    [
      { itemId: "a", label: "wrong", tier: "deep" },
      { outcome: "wrong", tier: "deep" },
    ],
    [
      { id: 7, outcome: "Incorrect", tier: 2, note: "n" },
      { outcome: "wrong", tier: 2, note: "n" },
    ],
    [
      { id: "a", is_correct: 1, tier: "", grader: "ada" },
      { outcome: "right", grader: "ada" },
    ],
  ])("%j", (row, wanted) => {
    expect(readLabelRow(row, false)).toMatchObject({ id: { kind: "item" }, ...wanted });
  });

  test("of a data set its id is the row's own, and others are not", () => {
    const row = { id: "a", correct: true };
    expect(readLabelRow(row, true).id).toEqual({ kind: "row", text: "a" });
    const direct = { request_id: "a", correct: true };
    expect(readLabelRow(direct, true).id).toEqual({ kind: "item", text: "a" });
  });

  test.each([
    [{ correct: true }, "no_identity"],
    [{ id: "a" }, "invalid_member"],
    [{ id: "a", correct: "maybe" }, "invalid_member"],
    [{ id: "a", correct: true, label: "wrong" }, "ambiguous_member"],
    [{ id: "a", request_id: "b", correct: true }, "ambiguous_member"],
    [{ id: "a", correct: true, tier: -1 }, "invalid_member"],
    [{ id: "a", correct: true, tier: 0.5 }, "invalid_member"],
  ])("%j is refused", (row, code) => {
    let refusal: unknown = null;
    try {
      readLabelRow(row, false);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(RowRefusal);
    expect(refusal).toMatchObject({ problem: { code } });
  });
});
