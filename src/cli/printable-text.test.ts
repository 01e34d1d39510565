import fc from "fast-check";
import { expect, test } from "vitest";
import { printableText } from "./printable-text.ts";

test.each([
  ["plain words, ümlaut and 🌊", "plain words, ümlaut and 🌊"],
  ["two\r\nlines", "two lines"],
  ["\u001B[31mred\u001B[0m", " [31mred [0m"],
  ["\u0007bell \u009B2J", " bell  2J"],
  ["abc\u202Edcba", "abcdcba"],
])("%j becomes %j", (text, expected) => {
  expect(printableText(text)).toBe(expected);
});

test("whatever comes, nothing is left that a terminal obeys", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(printableText(text)).not.toMatch(/[\p{Cc}\u202E]/u);
    }),
  );
});
