import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { createPaint } from "./paint.ts";
import { renderFacts, renderTable } from "./table.ts";

const COLUMNS = [{ title: "word" }, { title: "count", align: "right" }, { title: "" }] as const;
const ROWS = [
  ["short", "7", ""],
  ["something longer", "1,234", "x"],
] as const;

test("columns are aligned without a frame and without blanks at line ends", () => {
  expect(renderTable(COLUMNS, ROWS, createPaint(false))).toEqual([
    "  word              count",
    "  short                 7",
    "  something longer  1,234  x",
  ]);
});

test("colours do not count as width", () => {
  const paint = createPaint(true);
  const coloured = ROWS.map(([word, count, mark]) => [paint.good(word), count, mark]);
  const visible = renderTable(COLUMNS, coloured, paint).map((line) =>
    stripVTControlCharacters(line).trimEnd(),
  );
  expect(visible).toEqual(renderTable(COLUMNS, ROWS, createPaint(false)));
});

test("facts have names of one width", () => {
  const facts = [
    ["gateway", "here"],
    ["up", "there"],
  ] as const;
  expect(renderFacts(facts, createPaint(false))).toEqual(["  gateway  here", "  up       there"]);
});
