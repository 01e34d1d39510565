import { describe, expect, test } from "vitest";
import { readJson, readJsonBytes } from "./read-json.ts";

test("JSON is read", () => {
  expect(readJson('{"a":[1,null]}')).toEqual({ ok: true, value: { a: [1, null] } });
});

describe("a syntax error", () => {
  test.each<[string, number | null]>([
    ["[1 2]", 3],
    ["[1,]", null],
    ['{"a":1', 6],
    ["", null],
  ])("in %j is at %j, as far as the engine tells", (text, position) => {
    expect(readJson(text)).toEqual({ ok: false, problem: { position } });
  });
});

describe("bytes", () => {
  test("are UTF-8", () => {
    expect(readJsonBytes(Buffer.from('"né🌊"'))).toEqual({ ok: true, value: "né🌊" });
  });

  test("that are not become one replacement character for each broken sequence", () => {
    const bytes = Buffer.from([0x22, 0xf0, 0x9f, 0x8c, 0xff, 0x22]);
    expect(readJsonBytes(bytes)).toEqual({ ok: true, value: "\uFFFD\uFFFD" });
  });

  test.each([
    ["sound", Buffer.from("\uFEFF{}")],
    [
      "broken",
      Buffer.concat([Buffer.from('\uFEFF{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]),
    ],
  ])("that begin with a byte order mark are no JSON, be they %s or not", (_, bytes) => {
    expect(readJsonBytes(bytes).ok).toBe(false);
  });
});
