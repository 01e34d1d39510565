import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { atomsOf } from "./atom.ts";

describe("atomsOf", () => {
  test("counts rows and wrong ones of each distinct confidence, lowest first", () => {
    const rows = [
      { confidence: 0.9, isWrong: false },
      { confidence: 0.6, isWrong: true },
      { confidence: 0.9, isWrong: true },
      { confidence: 0.9, isWrong: false },
    ];
    expect(atomsOf(rows)).toEqual([
      { confidence: 0.6, rows: 1, wrong: 1 },
      { confidence: 0.9, rows: 3, wrong: 1 },
    ]);
    expect(atomsOf([])).toEqual([]);
  });

  test("does not depend on the order of the rows", () => {
    const row = fc.record({
      confidence: fc.constantFrom(0.5, 0.8, 0.85, 0.9, 1),
      isWrong: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        expect(atomsOf(rows.toReversed())).toEqual(atomsOf(rows));
      }),
    );
  });
});
