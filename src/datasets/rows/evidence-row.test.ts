import fc from "fast-check";
import { expect, test } from "vitest";
import { evidenceOf } from "../../ledger/contract/evidence.fixture.ts";
import { csvCell, csvCells } from "./csv-cells.ts";
import { evidenceCsvHeading, evidenceCsvLine, evidenceCsvRow } from "./evidence-csv.ts";
import { anyEvidence } from "./evidence-row.fixture.ts";
import { evidenceLine } from "./evidence-row.ts";
import { readRow, readRowObject } from "./read-row.ts";

test("evidence written as JSON is read as the same", () => {
  fc.assert(
    fc.property(anyEvidence(), fc.boolean(), (evidence, hasBodies) => {
      const answer = `answer:${String(evidence.deepTier)}`;
      const texts = hasBodies ? { request: "ä\n", [answer]: { base64: "/wA=" } } : null;
      const text = evidenceLine({ evidence, bodies: texts });
      expect(text).not.toMatch(/[\r\n]/);
      expect(readRow({ number: 1, text, problem: null })).toEqual({
        ok: true,
        value: { kind: "evidence", row: { evidence, bodies: texts } },
      });
    }),
  );
});

test("a text that is of neither side is refused", () => {
  const evidence = evidenceOf("itm_1", { deepTier: 2 });
  const text = evidenceLine({ evidence, bodies: { "answer:1": "of an attempt, perhaps" } });
  expect(readRow({ number: 1, text, problem: null })).toEqual({
    ok: false,
    problem: {
      code: "invalid_member",
      message: '"bodies" is not an object of request, answer:0, answer:2, ideal',
    },
  });
});

test("evidence written as CSV is read as the same", () => {
  const columns = evidenceCsvHeading().split(",");
  expect(new Set(columns).size).toBe(columns.length);
  fc.assert(
    fc.property(anyEvidence(), (evidence) => {
      const line = evidenceCsvLine(evidence);
      expect(line).not.toMatch(/[\r\n]/);
      const row = evidenceCsvRow(line);
      expect(row === null ? null : readRowObject(row)).toEqual({
        ok: true,
        value: { kind: "evidence", row: { evidence, bodies: null } },
      });
    }),
  );
});

test("any cells are read as they were written", () => {
  const cell = fc.option(fc.oneof(fc.string(), fc.constantFrom("=1", "'", '"', ",", "\r\n")), {
    nil: null,
  });
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
      expect(csvCells(cells.map(csvCell).join(","))).toEqual(cells);
    }),
  );
});

test.each(['"a', '"a"b', 'a,"b""'])("cells whose quotes do not pair are none: %s", (line) => {
  expect(csvCells(line)).toBeNull();
});

test("a spreadsheet is given no formula", () => {
  expect(csvCell("=HYPERLINK(1)")).toBe("'=HYPERLINK(1)");
});
