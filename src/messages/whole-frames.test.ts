import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSseReader } from "./sse-reader.ts";
import { createWholeFrames } from "./whole-frames.ts";

describe("pushing", () => {
  test.each([
    ["a whole frame goes at once", ["data: a\n\n"], ["data: a\n\n"]],
    ["a part waits for the rest", ["data: a", "\n\n"], [null, "data: a\n\n"]],
    ["what follows a frame waits", ["data: a\n\ndat", "a: b\n\n"], ["data: a\n\n", "data: b\n\n"]],
    ["CRLF", ["data: a\r\n\r\ndata: b"], ["data: a\r\n\r\n"]],
    ["CR", ["data: a\r\rdata: b"], ["data: a\r\r"]],
    ["a blank line parted between chunks", ["data: a\n", "\ndata: b"], [null, "data: a\n\n"]],
    ["an empty chunk", [""], [null]],
  ])("%s", (_, chunks, expected) => {
    const frames = createWholeFrames();
    const texts = chunks.map((chunk) => {
      const whole = frames.push(Buffer.from(chunk));
      return whole === null ? null : Buffer.from(whole).toString();
    });
    expect(texts).toEqual(expected);
  });

  test("a frame that is too long to be held goes out in parts", () => {
    const frames = createWholeFrames();
    const long = Buffer.alloc(1024 * 1024 + 1, "x");
    expect(frames.push(long)).toEqual(long);
    expect(frames.takeRest()).toBeNull();
  });
});

test("however the stream is cut: same bytes in all, and never half a frame at a cut", () => {
  const line = fc.constantFrom("data: a", "event: b", ": c", "", "", "data: \u{1F30A}", "\r", "x");
  const lineEnd = fc.constantFrom("\n", "\r\n", "\r");
  const stream = fc
    .array(fc.tuple(line, lineEnd))
    .map((lines) => Buffer.from(lines.flat().join("")));
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
  fc.assert(
    fc.property(stream, sizes, (bytes, cuts) => {
      const frames = createWholeFrames();
      const reader = createSseReader(() => undefined);
      const out: Uint8Array[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const size = cuts[turn % cuts.length] ?? 1;
        const whole = frames.push(bytes.subarray(at, at + size));
        at += size;
        if (whole === null) continue;
        out.push(whole);
        reader.push(whole);
        expect(reader.hasPartialFrame).toBe(false);
      }
      const rest = frames.takeRest();
      expect(Buffer.concat(rest === null ? out : [...out, rest])).toEqual(bytes);
    }),
    { numRuns: 1_000 },
  );
});
