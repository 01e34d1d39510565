import fc from "fast-check";
import { expect, test } from "vitest";
import { createLineSplitter, type Line } from "./line-splitter.ts";

function split(bytes: Uint8Array, cuts: readonly number[], maxLineBytes?: number): Line[] {
  const splitter = createLineSplitter(maxLineBytes);
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length];
  edges.sort((left, right) => left - right);
  const lines: Line[] = [];
  for (let at = 1; at < edges.length; at += 1) {
    // A copy, as the reader of a file may use its buffer again.
    const chunk = Uint8Array.from(bytes.subarray(edges[at - 1], edges[at]));
    lines.push(...splitter.push(chunk));
  }
  return [...lines, ...splitter.end()];
}

test.each([
  ["a\nb\n", ["1 a", "2 b"]],
  ["a\r\nb", ["1 a", "2 b"]],
  ["\n \n\r\na\n\n", ["4 a"]],
  ["\uFEFFa\n\uFEFFb", ["1 a", "2 \uFEFFb"]],
  ["\uFEFF\n", []],
  ["", []],
  ["12345\n123456\n1\r\n12345\r\n", ["1 12345", "2 line_too_long", "3 1", "4 12345"]],
  ["123456", ["1 line_too_long"]],
  ["1234567890\nok", ["1 line_too_long", "2 ok"]],
])("%j is read as %j", (text, expected) => {
  const lines = split(Buffer.from(text), [], 5);
  expect(lines.map(({ number, text: read, problem }) => `${number} ${read ?? problem}`)).toEqual(
    expected,
  );
});

test("a line that is no UTF-8 is named and the next is read", () => {
  const bytes = Buffer.concat([Buffer.from([0xff, 0x0a]), Buffer.from("ä\n")]);
  expect(split(bytes, [])).toEqual([
    { number: 1, text: null, problem: "invalid_utf8" },
    { number: 2, text: "ä", problem: null },
  ]);
});

test("any chunking gives the same lines", () => {
  const piece = fc.constantFrom(
    "\n",
    "\r\n",
    "\r",
    "ä",
    "𝄞",
    "x",
    " ",
    '{"a":1}',
    "\uFEFF",
    "123456",
  );
  const bytes = fc.oneof(
    fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.from(pieces.join(""))),
    fc.uint8Array({ maxLength: 60 }),
  );
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(200)), (content, cuts) => {
      expect(split(content, cuts, 9)).toEqual(split(content, [], 9));
    }),
    { numRuns: 500 },
  );
});
