import { describe, expect, test } from "vitest";
import { MALFORMED_VERDICTS } from "../../src/providers/simulated/malformed-verdicts.ts";
import { ask, call, readAnswer } from "../harness/call.ts";
import { openStack } from "../harness/open-stack.ts";

/** Verdicts with everything that a cut can split: numbers, escapes, pairs, multi-byte characters. */
const VERDICTS: Readonly<Record<string, string>> = {
  ...MALFORMED_VERDICTS,
  number_at_threshold: '{"confidence":0.8,"answer":"at the line"}',
  number_below: '{"confidence":0.7999999999999999,"answer":"just below"}',
  zero_first: '{"confidence":0.93,"answer":"not zero"}',
  raw_emoji: '{"confidence":0.93,"answer":"👩‍👩‍👧 und Grüße, 你好 – “quoted”"}',
  escapes: '{"confidence":0.93,"answer":"line\\nbreak \\"x\\" \\u00e9 \\ud83d\\ude80 \\\\end"}',
  nested_before: '{"why":{"a":[1,{"confidence":0.1}]},"confidence":0.93,"answer":"after nested"}',
};

/** Decision and text of every verdict, streamed and not, with the upstream cut in this way. */
async function readAll(bytesPerChunk: number | undefined): Promise<Record<string, unknown>> {
  const stack = await openStack({ upstream: bytesPerChunk === undefined ? {} : { bytesPerChunk } });
  const outcomes: Record<string, unknown> = {};
  for (const [name, verdict] of Object.entries(VERDICTS)) {
    for (const isStreaming of [true, false]) {
      const response = await call(stack.url, {
        body: ask("Cut this. [task:faq#5]", isStreaming),
        headers: { "x-simulate": `triage:text=${encodeURIComponent(verdict)}` },
      });
      outcomes[`${name} ${isStreaming ? "streamed" : "whole"}`] = {
        decision: response.headers["x-leadsman-decision"],
        reason: response.headers["x-leadsman-reason"],
        confidence: response.headers["x-leadsman-confidence"],
        ...readAnswer(response),
      };
    }
  }
  await stack.close();
  return outcomes;
}

describe("any chunking of the upstream gives the same decision and the same client stream", () => {
  const expected = readAll(undefined);

  test("the uncut stream ships and escalates as it should", async () => {
    expect(await expected).toMatchObject({
      "number_at_threshold streamed": { decision: "shipped", text: "at the line" },
      "number_below streamed": { decision: "escalated", reason: "low_confidence" },
      "zero_first whole": { decision: "shipped", confidence: "0.93" },
      "raw_emoji streamed": { text: "👩‍👩‍👧 und Grüße, 你好 – “quoted”" },
      "escapes whole": { text: 'line\nbreak "x" é 🚀 \\end' },
      "nested_before streamed": { decision: "shipped", text: "after nested" },
    });
  });

  test.each([1, 2, 3, 7, 64, 1_000_000])("%i bytes at a time", async (bytesPerChunk) => {
    expect(await readAll(bytesPerChunk)).toEqual(await expected);
  });
});
