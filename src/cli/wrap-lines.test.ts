import fc from "fast-check";
import { expect, test } from "vitest";
import { wrapLines } from "./wrap-lines.ts";

test.each([
  ["", [""]],
  ["one two three four", ["one two", "three four"]],
  ["abcdefghijklmnop", ["abcdefghij", "klmnop"]],
  ["a\nb\r\n\nc", ["a", "b", "", "c"]],
  ["red \u001B[31mtext", ["red", "[31mtext"]],
])("%j", (text, lines) => {
  expect(wrapLines(text, 10)).toEqual(lines);
});

test("loses no word, obeys nothing, and no line is too long", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 10, max: 40 }), (text, width) => {
      const lines = wrapLines(text, width);
      expect(lines.every((line) => line.length <= width)).toBe(true);
      expect(lines.join("")).not.toMatch(/[\p{Cc}]/u);
      expect(lines.every((line) => line.isWellFormed() || !text.isWellFormed())).toBe(true);
      const letters = (words: string): string => words.replaceAll(/[^a-z]/g, "");
      expect(letters(lines.join(""))).toBe(letters(text));
    }),
  );
});
