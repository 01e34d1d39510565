import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyText } from "./any-text.fixture.ts";
import { createUsageTap } from "./usage-tap.ts";
import type { UsageTap } from "./usage-tap.ts";

const wholeStream = readFileSync(new URL("fixtures/whole-stream.sse", import.meta.url));
const brokenStream = readFileSync(new URL("fixtures/broken-stream.sse", import.meta.url));

/** All generated text of the whole stream, decoded. */
const WHOLE_TEXT = [
  'The chart says seven fathoms, but the lead line is "wet" to nine.',
  "Nine fathoms 🌊, naïve chart.\n",
  '{"side": "larboard", "casts": 2}',
].join("");

test("a whole stream tells its usage, model and end", () => {
  expect(stateOf(tapped([wholeStream]))).toEqual({
    usage: {
      input_tokens: 472,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 2048,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      output_tokens: 89,
      output_tokens_details: { thinking_tokens: 31 },
      server_tool_use: { web_search_requests: 1 },
      service_tier: "standard",
      inference_geo: "global",
    },
    reportedModel: "claude-opus-4-7",
    messageId: "msg_01Sounding",
    stopReason: "tool_use",
    isStopped: true,
    problem: null,
    error: null,
    outputTextBytes: Buffer.byteLength(WHOLE_TEXT),
  });
});

test("a stream that breaks tells its error and what had come", () => {
  expect(stateOf(tapped([brokenStream]))).toMatchObject({
    usage: { input_tokens: 25, output_tokens: 1 },
    stopReason: null,
    isStopped: false,
    error: { type: "overloaded_error", message: "Overloaded" },
    outputTextBytes: 6,
  });
});

test("a stop reason stays when a later message_delta names none", () => {
  const delta = (reason: string): Buffer =>
    Buffer.from(`event: message_delta\ndata: {"delta":{"stop_reason":${reason}},"usage":{}}\n\n`);
  expect(tapped([wholeStream, delta("null")]).stopReason).toBe("tool_use");
  expect(tapped([wholeStream, delta('"refusal"')]).stopReason).toBe("refusal");
});

test("any cutting of the bytes tells the same", () => {
  const expected = stateOf(tapped([wholeStream]));
  const positions = fc.array(fc.nat(wholeStream.length), { maxLength: 40 });
  fc.assert(
    fc.property(positions, (cuts) => {
      expect(stateOf(tapped(pieces(wholeStream, cuts)))).toEqual(expected);
    }),
  );
  const everyByte = [...wholeStream.keys()];
  expect(stateOf(tapped(pieces(wholeStream, everyByte)))).toEqual(expected);
});

describe("servers that deviate", () => {
  test("frames without names are known by their data", () => {
    const nameless = wholeStream.toString().replaceAll(/^event: .*\n/gm, "");
    const expected = stateOf(tapped([wholeStream]));
    expect(stateOf(tapped([Buffer.from(nameless)]))).toEqual(expected);
  });

  test.each([
    ["nothing", ""],
    ["an HTML page", "<html>\n\n<p>data: x</p>\n\n"],
    ["a broken start", "event: message_start\ndata: {\n\n"],
    ["a start of another shape", 'event: message_start\ndata: {"message":{"usage":7}}\n\n'],
    ["an error without a shape", 'event: error\ndata: "oh"\n\n'],
    ["a delta without text", 'event: content_block_delta\ndata: {"delta":{}}\n\n'],
    ["a delta of broken escapes", 'event: content_block_delta\ndata: {"text":"\\u12"}\n\n'],
    ["counts before the start", 'event: message_delta\ndata: {"delta":{},"usage":{}}\n\n'],
  ])("%s tells nothing and does no harm", (_, text) => {
    expect(stateOf(tapped([Buffer.from(text)]))).toEqual(stateOf(createUsageTap()));
  });
});

describe("outputTextBytes", () => {
  test("counts decoded UTF-8 bytes of any text, however it is written", () => {
    const member = fc.constantFrom("text", "thinking", "partial_json");
    const text = anyText();
    const indent = fc.constantFrom(undefined, 1);
    fc.assert(
      fc.property(member, text, indent, fc.boolean(), (name, value, spaces, isAscii) => {
        const type = `${name}_delta`;
        const json = JSON.stringify({ index: 0, delta: { type, [name]: value } }, null, spaces);
        const written = isAscii ? escaped(json) : json;
        const lines = written.split("\n").map((line) => `data: ${line}\n`);
        const frame = `event: content_block_delta\n${lines.join("")}\n`;
        const tap = tapped([Buffer.from(frame)]);
        expect(tap.outputTextBytes).toBe(Buffer.byteLength(value));
      }),
    );
  });

  test("a text that looks like a member is not counted twice", () => {
    const text = '"text":"not me" \\';
    const data = JSON.stringify({ delta: { type: "text_delta", text } });
    const tap = tapped([Buffer.from(`event: content_block_delta\ndata: ${data}\n\n`)]);
    expect(tap.outputTextBytes).toBe(text.length);
  });

  test("a delta of megabytes is counted without trouble", () => {
    const text = '\\"'.repeat(1_000_000);
    const data = JSON.stringify({ delta: { type: "text_delta", text } });
    const tap = tapped([Buffer.from(`event: content_block_delta\ndata: ${data}\n\n`)]);
    expect(tap.outputTextBytes).toBe(text.length);
  });
});

function tapped(chunks: readonly Uint8Array[]): UsageTap {
  const tap = createUsageTap();
  for (const chunk of chunks) tap.push(chunk);
  return tap;
}

function stateOf(tap: UsageTap): Omit<UsageTap, "push"> {
  const { usage, reportedModel, messageId, stopReason, isStopped, problem } = tap;
  const { error, outputTextBytes } = tap;
  const said = { usage, reportedModel, messageId, stopReason, error };
  return { ...said, isStopped, problem, outputTextBytes };
}

function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const ends = [...cuts, bytes.length].sort((a, b) => a - b);
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}

/** The same JSON in ASCII, as servers write it that escape all else. */
function escaped(json: string): string {
  return json.replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
