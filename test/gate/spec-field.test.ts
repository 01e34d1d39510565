import { afterEach, describe, expect, test } from "vitest";
import { createSseReader, type SseFrame } from "../../src/messages/sse-reader.ts";
import { ask, call, readAnswer } from "../harness/call.ts";
import { openStack, type Stack } from "../harness/open-stack.ts";

let stack: Stack;
afterEach(async () => {
  await stack.close();
});

const FORMAT = {
  type: "json_schema",
  schema: {
    type: "object",
    properties: { classification: { type: "string" }, confidence: { type: "number" } },
    required: ["classification", "confidence"],
    additionalProperties: false,
  },
};
/** The confidence comes first, so that most of the answer is still to come when it is known. */
const LONG_FORMAT = {
  type: "json_schema",
  schema: {
    type: "object",
    properties: { confidence: { type: "number" }, answer: { type: "string" } },
    required: ["confidence", "answer"],
    additionalProperties: false,
  },
};
const FIELD = { protocol: { field: "confidence" } };
/** The field stands last, so that everything before it has to wait. */
const SURE = '{ "classification": "bi\\u006cling",\n "confidence": 0.80 }';
const UNSURE = '{"classification":"billing","confidence":0.7999}';

function classify(isStreaming: boolean): Record<string, unknown> {
  return { ...ask("Sort this", isStreaming), output_config: { format: FORMAT } };
}

function saying(text: string): Record<string, string> {
  return { "x-simulate": `claude-haiku-4-5:text=${encodeURIComponent(text)}` };
}

function sentBody(index: number): Record<string, unknown> {
  const call = stack.upstream.calls()[index];
  return JSON.parse(Buffer.from(call?.body ?? []).toString("utf8")) as Record<string, unknown>;
}

describe("a route whose clients state the confidence in a field of their own schema", () => {
  test("asks the cheap model the client's own question, with nothing of ours in it", async () => {
    stack = await openStack({ route: FIELD });
    const body = classify(false);
    await call(stack.url, { body, headers: saying(SURE) });
    expect(sentBody(0)).toEqual({ ...body, model: "claude-haiku-4-5", stream: true });
  });

  test.each([undefined, 1, 7, 50])(
    "ships the stream byte for byte at or above the threshold (%s bytes a chunk)",
    async (bytesPerChunk) => {
      stack = await openStack({ route: FIELD, upstream: bytesPerChunk ? { bytesPerChunk } : {} });
      const response = await call(stack.url, { body: classify(true), headers: saying(SURE) });
      const direct = await call(stack.upstream.url, {
        body: { ...classify(true), model: "claude-haiku-4-5" },
        headers: saying(SURE),
      });
      expect(response.headers).toMatchObject({
        "x-leadsman-decision": "shipped",
        "x-leadsman-confidence": "0.8",
      });
      expect(withoutIds(response.body)).toBe(withoutIds(direct.body));
      expect(readAnswer(response).text).toBe(SURE);
    },
  );

  test("ships the text as it came to a client that does not stream", async () => {
    stack = await openStack({ route: FIELD });
    const response = await call(stack.url, { body: classify(false), headers: saying(SURE) });
    const direct = await call(stack.upstream.url, {
      body: { ...classify(false), model: "claude-haiku-4-5" },
      headers: saying(SURE),
    });
    expect(readAnswer(response)).toMatchObject({ text: SURE, stopReason: "end_turn" });
    expect(JSON.parse(withoutIds(response.body))).toEqual(JSON.parse(withoutIds(direct.body)));
  });

  test.each([true, false])("escalates below the threshold (streaming: %s)", async (isStreaming) => {
    stack = await openStack({ route: FIELD });
    const body = JSON.stringify(classify(isStreaming));
    const response = await call(stack.url, { body, headers: saying(UNSURE) });
    expect(response.headers).toMatchObject({
      "x-leadsman-decision": "escalated",
      "x-leadsman-reason": "low_confidence",
      "x-leadsman-confidence": "0.7999",
      "x-leadsman-tier": "1",
    });
    const deep = stack.upstream.calls()[1];
    expect(Buffer.from(deep?.body ?? []).toString("utf8")).toBe(body);
    expect(readAnswer(response).text).not.toBe("billing");
    expect(readAnswer(response).error).toBeNull();
  });

  test.each([
    [
      "a field that is no probability",
      '{"classification":"a","confidence":80}',
      "confidence_invalid",
    ],
    ["no field", '{"classification":"a"}', "confidence_missing"],
    ["no JSON", "billing", "verdict_unreadable"],
  ])("escalates on %s", async (_, text, reason) => {
    stack = await openStack({ route: FIELD });
    const response = await call(stack.url, { body: classify(true), headers: saying(text) });
    expect(response.headers["x-leadsman-reason"]).toBe(reason);
  });

  test("does not triage a request whose schema lacks the field", async () => {
    stack = await openStack({ route: FIELD });
    for (const body of [ask("Sort this"), { ...classify(false), output_config: undefined }]) {
      const response = await call(stack.url, { body });
      expect(response.headers["x-leadsman-reason"]).toBe("no_confidence_field");
    }
    expect(stack.upstream.calls().every(({ model }) => model === "claude-opus-4-7")).toBe(true);
  });

  test("a stream that breaks after it began ends in an error event, wherever it is cut", async () => {
    stack = await openStack({ route: { ...FIELD, threshold: 0 } });
    const body = { ...classify(true), output_config: { format: LONG_FORMAT } };
    const whole = await call(stack.url, { body });
    let broken = 0;
    for (let after = whole.body.length - 420; after < whole.body.length - 40; after += 17) {
      const headers = { "x-simulate": `claude-haiku-4-5:die-after=${String(after)}` };
      const response = await call(stack.url, { body, headers });
      if (response.headers["x-leadsman-decision"] !== "shipped") continue;
      broken += 1;
      expect(response.isCut).toBe(false);
      expect(lastEvent(response.body)).toMatchObject({ event: "error" });
    }
    expect(broken).toBeGreaterThan(5);
  });
});

/** The last event as a reader of event streams sees it; one that was cut comes before it. */
function lastEvent(body: Buffer): SseFrame | undefined {
  const frames: SseFrame[] = [];
  const reader = createSseReader((frame) => {
    frames.push(frame);
  });
  reader.push(body);
  return frames.at(-1);
}

function withoutIds(body: Buffer): string {
  return body.toString("utf8").replaceAll(/(msg|req)_sim_[0-9a-f]+/g, "$1_sim_");
}
