import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyText } from "./any-text.fixture.ts";
import { createSseReader } from "./sse-reader.ts";
import type { SseFrame, SseReaderOptions } from "./sse-reader.ts";

interface Reading {
  readonly frames: SseFrame[];
  readonly hasPartialFrame: boolean;
  readonly problem: string | null;
}

describe("frames", () => {
  test.each<[string, string, SseFrame[]]>([
    ["event and data", "event: ping\ndata: {}\n\n", [{ event: "ping", data: "{}" }]],
    ["no space after the colon", "event:a\ndata:b\n\n", [{ event: "a", data: "b" }]],
    ["only one space is taken", "data:  b\n\n", [{ event: null, data: " b" }]],
    ["several data lines", "data: a\ndata:\ndata: b\n\n", [{ event: null, data: "a\n\nb" }]],
    ["the last event field counts", "event: a\nevent: b\ndata: x\n\n", [{ event: "b", data: "x" }]],
    ["comments are dropped", ": hi\ndata: x\n:\n\n", [{ event: null, data: "x" }]],
    ["unknown fields are dropped", "tide: ebb\nid: 3\ndata: x\n\n", [{ event: null, data: "x" }]],
    ["no data, no frame", "event: ping\n\n", []],
    ["many blank lines", "\n\n\ndata: x\n\n\n\n", [{ event: null, data: "x" }]],
    ["CRLF", "event: a\r\ndata: b\r\n\r\n", [{ event: "a", data: "b" }]],
    ["CR", "event: a\rdata: b\r\r", [{ event: "a", data: "b" }]],
    ["a mix", "event: a\r\ndata: b\rdata: c\n\r\n", [{ event: "a", data: "b\nc" }]],
    ["a byte order mark", "\uFEFFdata: x\n\n", [{ event: null, data: "x" }]],
    ["only one byte order mark is dropped", "\uFEFF\uFEFFdata: x\n\n", []],
    ["a byte order mark later is text", "data: \uFEFFx\n\n", [{ event: null, data: "\uFEFFx" }]],
    ["emoji", "data: 🌊⚓\n\n", [{ event: null, data: "🌊⚓" }]],
    ["an unterminated frame is dropped", "data: a\n\ndata: b\n", [{ event: null, data: "a" }]],
  ])("%s", (_, text, frames) => {
    expect(readAtOnce(Buffer.from(text)).frames).toEqual(frames);
    expect(readByteByByte(Buffer.from(text)).frames).toEqual(frames);
  });

  test("broken UTF-8 becomes replacement characters, the same however it is cut", () => {
    const bytes = Buffer.concat([
      Buffer.from("data: "),
      Buffer.from([0xf0, 0x9f, 0x8c, 0x41, 0xff, 0xe2, 0x82]),
      Buffer.from("\n\n"),
    ]);
    const frames = [{ event: null, data: "\uFFFDA\uFFFD\uFFFD" }];
    expect(readAtOnce(bytes).frames).toEqual(frames);
    expect(readByteByByte(bytes).frames).toEqual(frames);
  });
});

describe("hasPartialFrame", () => {
  test.each([
    ["", false],
    ["\n", false],
    ["data: x\n\n", false],
    ["data: x\r\n\r\n", false],
    ["data: x\r\r", false],
    ["data: x\n\r\n", false],
    ["data: x\n\n\n", false],
    ["d", true],
    ["data: x", true],
    ["data: x\n", true],
    ["data: x\r\n", true],
    ["data: x\r", true],
    ["data: x\n\ndata: y\n", true],
    ["data: x\n\n\u{1F30A}", true],
  ])("after %j it is %j", (text, hasPartialFrame) => {
    expect(readAtOnce(Buffer.from(text)).hasPartialFrame).toBe(hasPartialFrame);
    expect(readByteByByte(Buffer.from(text)).hasPartialFrame).toBe(hasPartialFrame);
  });

  test("half a character at the end is part of a frame", () => {
    expect(readAtOnce(Buffer.from([0x0a, 0x0a, 0xf0, 0x9f])).hasPartialFrame).toBe(true);
  });
});

describe("the limit", () => {
  const limit = { maxFrameBytes: 100 };

  test("a frame of exactly the limit passes", () => {
    const bytes = Buffer.from(`data: ${"x".repeat(100)}\n\n`);
    expect(readAtOnce(bytes, limit)).toMatchObject({ problem: null });
    expect(readByteByByte(bytes, limit).frames).toHaveLength(1);
  });

  test.each([
    ["one line", `data: ${"x".repeat(101)}\n\n`],
    ["many lines", `${"data: xxxx\n".repeat(25)}\n`],
    ["a very long line", `data: ${"x".repeat(5000)}\n\n`],
  ])("%s over it stops the reading", (_, frame) => {
    const bytes = Buffer.from(`data: before\n\n${frame}data: after\n\n`);
    const expected = { frames: [{ event: null, data: "before" }], problem: "frame_too_large" };
    expect(readAtOnce(bytes, limit)).toMatchObject(expected);
    expect(readByteByByte(bytes, limit)).toMatchObject(expected);
  });

  test("a line without an end does not fill the memory", () => {
    const reader = createSseReader(() => undefined, limit);
    for (let i = 0; i < 200; i += 1) reader.push(Buffer.from("data: xxxxxxxxxxxxxxxxxxxx"));
    expect(reader.problem).toBe("frame_too_large");
  });
});

describe("any cutting of the bytes gives the same frames", () => {
  test("for lines of all kinds", () => {
    const lineEnd = fc.constantFrom("\n", "\r\n", "\r");
    const line = fc.oneof(
      { weight: 4, arbitrary: anyText().map((text) => `data: ${text}`) },
      { weight: 2, arbitrary: fc.constantFrom("event: ping", "event: 🌊", "event:", "data") },
      { weight: 2, arbitrary: fc.constantFrom(": comment", "id: 7", "retry: x", "dat", "ï»¿") },
      { weight: 3, arbitrary: fc.constant("") },
    );
    const stream = fc
      .tuple(fc.constantFrom("", "\uFEFF"), fc.array(fc.tuple(line, lineEnd)))
      .map(([mark, lines]) => Buffer.from(mark + lines.flat().join("")));
    fc.assert(fc.property(stream, cuts(), checkCutting), { numRuns: 500 });
  });

  test("for frames that come one in a chunk, between others that do not", () => {
    const name = fc.constantFrom("a", "ping", " ", "", "🌊", "\uFEFF", "a\r");
    const data = fc.oneof(anyText(), fc.constantFrom("", " ", "{}", "\r", "x\ndata: y", "x\n"));
    const frame = fc.tuple(name, data).map(([event, text]) => `event: ${event}\ndata: ${text}\n\n`);
    const odd = fc.constantFrom("\uFEFF", "data: x\n", "event: a\n", "\n", ": hi\n\n", "\r\n\r\n");
    const chunk = fc.oneof({ weight: 3, arbitrary: frame }, odd, fc.tuple(frame, odd).map(String));
    fc.assert(
      fc.property(fc.array(chunk), (texts) => {
        const chunks = texts.map((text) => Buffer.from(text));
        const whole = readAtOnce(Buffer.concat(chunks));
        expect(readChunks(chunks)).toEqual(whole);
      }),
      { numRuns: 1000 },
    );
  });

  test("for a frame of its own chunk whose data are as long as the limit, and one longer", () => {
    const chunks = [10, 10, 11, 10].map((length) =>
      Buffer.from(`event: a\ndata: ${"x".repeat(length)}\n\n`),
    );
    const reading = readChunks(chunks, { maxFrameBytes: 10 });
    expect(reading.problem).toBe("frame_too_large");
    expect(reading.frames).toHaveLength(2);
  });

  test("for bytes that are not even text", () => {
    const byte = fc.oneof(fc.nat(255), fc.constantFrom(0x0a, 0x0d, 0xef, 0xbb, 0xbf, 0xf0, 0x9f));
    const stream = fc
      .array(byte)
      .map((bytes) =>
        Buffer.concat([Buffer.from("data:"), Buffer.from(bytes), Buffer.from("\n\n")]),
      );
    fc.assert(fc.property(stream, cuts(), checkCutting), { numRuns: 500 });
  });
});

function cuts(): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1 });
}

function checkCutting(bytes: Buffer, sizes: readonly number[]): void {
  const whole = readAtOnce(bytes);
  expect(readByteByByte(bytes)).toEqual(whole);
  expect(readInPieces(bytes, sizes)).toEqual(whole);
}

function readAtOnce(bytes: Buffer, options?: SseReaderOptions): Reading {
  return readInPieces(bytes, [bytes.length], options);
}

function readByteByByte(bytes: Buffer, options?: SseReaderOptions): Reading {
  return readInPieces(bytes, [1], options);
}

/** @param sizes lengths of the pieces, repeated until the bytes are used up */
function readInPieces(
  bytes: Buffer,
  sizes: readonly number[],
  options?: SseReaderOptions,
): Reading {
  const isEndless = sizes.every((size) => size === 0);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = isEndless ? bytes.length : (sizes[chunks.length % sizes.length] ?? 1);
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return readChunks(chunks, options);
}

function readChunks(chunks: readonly Buffer[], options: SseReaderOptions = {}): Reading {
  const frames: SseFrame[] = [];
  const reader = createSseReader((frame) => frames.push(frame), options);
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return { frames, hasPartialFrame: reader.hasPartialFrame, problem: reader.problem };
}
