import fc from "fast-check";
import { expect, test } from "vitest";

import { LineSplitter } from "./line-splitter.ts";

function linesOf(chunks: readonly Uint8Array[]): { lines: string[]; rest: string } {
  const splitter = new LineSplitter();
  const lines: string[] = [];
  for (const chunk of chunks) {
    splitter.push(chunk);
    for (let line = splitter.take(); line !== null; line = splitter.take()) {
      lines.push(Buffer.from(line).toString());
    }
  }
  return { lines, rest: Buffer.from(splitter.takeRest()).toString() };
}

test("any cut of any text gives its lines", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "é", "😀", "\n", "\r", "") });
  fc.assert(
    fc.property(text, fc.array(fc.nat(60)), (whole, cuts) => {
      const bytes = Buffer.from(whole);
      const ends = [0, ...cuts.filter((at) => at <= bytes.length).sort((a, b) => a - b)];
      const chunks = [...ends.slice(1), bytes.length].map((end, i) => bytes.subarray(ends[i], end));
      const wanted = whole.split("\n");
      expect(linesOf(chunks)).toEqual({ lines: wanted.slice(0, -1), rest: wanted.at(-1) });
    }),
  );
});

test("what waits is counted until its line is whole", () => {
  const splitter = new LineSplitter();
  splitter.push(Buffer.from("abc"));
  splitter.push(Buffer.from("de"));
  expect(splitter.take()).toBeNull();
  expect(splitter.begunBytes).toBe(5);
  splitter.push(Buffer.from("f\nxy"));
  expect(Buffer.from(splitter.take() ?? []).toString()).toBe("abcdef");
  expect(splitter.begunBytes).toBe(0);
  expect(splitter.take()).toBeNull();
  expect(splitter.begunBytes).toBe(2);
});
