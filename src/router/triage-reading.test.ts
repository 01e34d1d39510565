import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TriageEnd } from "../cascade/decide.ts";
import { createProtocol } from "../cascade/protocols/create-protocol.ts";
import type { ProtocolChoice } from "../cascade/route.ts";
import { VERDICT_TEXTS } from "../cascade/verdict-texts.fixture.ts";
import { TriageReading } from "./triage-reading.ts";

const ENVELOPE: ProtocolChoice = { kind: "envelope" };
const FIELD: ProtocolChoice = { kind: "field", field: "confidence" };
const SURE = '{"confidence":0.93,"answer":"Grüße 🌊"}';
const BROKEN_OFF = /^The answer broke off after it had begun \((.*)\)\./;

function readingOf(protocol: ProtocolChoice = ENVELOPE, keepsMessage = false): TriageReading {
  return new TriageReading({ protocol: createProtocol(protocol), threshold: 0.8, keepsMessage });
}

function event(type: string, members: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
}

const START = event("message_start", {
  message: {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude-haiku-4-5-20251001",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 100, output_tokens: 1 },
  },
});
const BLOCK = event("content_block_start", { index: 0, content_block: { type: "text", text: "" } });
const BLOCK_END = event("content_block_stop", { index: 0 });
const PING = event("ping");
const STOP = event("message_stop");
const OVERLOADED = { type: "overloaded_error", message: "Too busy." };
const ERROR = event("error", { error: OVERLOADED });

function text(piece: string): string {
  return event("content_block_delta", { index: 0, delta: { type: "text_delta", text: piece } });
}

function ending(stopReason: string | null, outputTokens = 20): string {
  const delta = { stop_reason: stopReason, stop_sequence: null };
  return event("message_delta", { delta, usage: { output_tokens: outputTokens } }) + STOP;
}

/** A whole stream whose text comes in these pieces. */
function streamOf(pieces: readonly string[], stopReason: string | null = "end_turn"): string {
  return [START, PING, BLOCK, ...pieces.map(text), BLOCK_END, ending(stopReason)].join("");
}

function pushText(reading: TriageReading, stream: string): void {
  reading.push(Buffer.from(stream, "utf8"));
}

/** Everything that must not depend on how the bytes were cut. */
function outcomeOf(reading: TriageReading, answer: string, raw: readonly Uint8Array[]): object {
  const { decision, verdict, end, trouble, usage, stopReason, message, textBytes } = reading;
  const { confidence, answerBegan, reportedModel } = reading;
  return {
    ...{ decision, verdict, end, trouble, usage, stopReason, message, textBytes },
    ...{ confidence, answerBegan, reportedModel, answer, raw: Buffer.concat(raw).toString("hex") },
  };
}

function readInPieces(
  protocol: ProtocolChoice,
  pieces: readonly Uint8Array[],
  finish: TriageEnd | null,
): object {
  const reading = readingOf(protocol, true);
  const raw: Uint8Array[] = [];
  let answer = "";
  for (const piece of pieces) {
    reading.push(piece);
    answer += reading.takeAnswerText();
    raw.push(...reading.takeRaw());
  }
  if (finish !== null) reading.finish(finish);
  return outcomeOf(reading, answer + reading.takeAnswerText(), raw);
}

function cutAt(bytes: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % bytes.length), bytes.length])];
  places.sort((left, right) => left - right);
  return places.slice(1).map((to, index) => bytes.subarray(places[index], to));
}

describe("any way to cut a stream into chunks", () => {
  const anyStream = fc.oneof(
    fc.constantFrom(...VERDICT_TEXTS).map((verdict) => streamOf([verdict.text])),
    fc
      .record({
        pieces: fc.array(
          fc.constantFrom('{"confidence":0.', "9", '","answer":"', "é🌊", "x", '"}'),
        ),
        stop: fc.constantFrom("end_turn", "max_tokens", "refusal", "stop_sequence", null),
      })
      .map(({ pieces, stop }) => streamOf(pieces, stop)),
    fc
      .array(fc.constantFrom(START, BLOCK, PING, text(SURE), text("x"), ERROR, STOP, "data: {\n\n"))
      .map((events) => events.join("")),
    fc.constant(streamOf([SURE]).replaceAll("\n", "\r\n")),
  );
  const anyEnd = fc.constantFrom<TriageEnd | null>(
    null,
    { kind: "connection" },
    { kind: "timeout" },
    { kind: "http_error" },
  );

  test.each([
    ["envelope", ENVELOPE],
    ["field", FIELD],
  ])("gives one decision, text, trouble and books (%s)", (_kind, protocol) => {
    const cuts = fc.array(fc.nat(4_000), { maxLength: 12 });
    const property = fc.property(anyStream, cuts, anyEnd, (stream, places, end) => {
      const bytes = Buffer.from(`${stream}: behind\n\n`, "utf8");
      const whole = readInPieces(protocol, [bytes], end);
      expect(readInPieces(protocol, cutAt(bytes, places), end)).toEqual(whole);
    });
    fc.assert(property, { numRuns: 150 });
  });

  test("byte by byte too", () => {
    for (const verdict of VERDICT_TEXTS.slice(0, 40)) {
      const bytes = Buffer.from(streamOf([verdict.text]), "utf8");
      const bytewise = Array.from(bytes, (_byte, at) => bytes.subarray(at, at + 1));
      expect(readInPieces(ENVELOPE, bytewise, null)).toEqual(readInPieces(ENVELOPE, [bytes], null));
    }
  });
});

describe("the decision", () => {
  test("falls with the first character of a sure answer", () => {
    const reading = readingOf();
    pushText(reading, START + BLOCK + text('{"confidence":0.93,"answer":"'));
    expect([reading.decision.kind, reading.confidence]).toEqual(["wait", 0.93]);
    expect(reading.answerBegan).toBe(false);
    pushText(reading, text("P"));
    expect([reading.decision.kind, reading.answerBegan]).toEqual(["ship", true]);
    expect([reading.takeAnswerText(), reading.takeAnswerText()]).toEqual(["P", ""]);
    expect(reading.isFinished).toBe(false);
  });

  test("falls with a confidence below the threshold, before any answer", () => {
    const reading = readingOf();
    pushText(reading, START + BLOCK + text('{"confidence":0.79,'));
    expect(reading.decision).toEqual({ kind: "escalate", reason: "low_confidence" });
  });

  test("stands whatever comes later", () => {
    const shipping = readingOf();
    pushText(shipping, START + BLOCK + text('{"confidence":0.93,"answer":"P') + ERROR);
    expect([shipping.decision.kind, shipping.trouble]).toEqual(["ship", OVERLOADED]);
    const escalating = readingOf();
    pushText(escalating, streamOf(['{"confidence":0.2,"answer":"x"}']));
    expect(escalating.decision).toEqual({ kind: "escalate", reason: "low_confidence" });
  });

  test.each([
    ["end_turn", "answer_missing"],
    ["refusal", "triage_refused"],
    ["max_tokens", "triage_max_tokens"],
    ["stop_sequence", "triage_stopped"],
    ["a_reason_of_tomorrow", "triage_stopped"],
    [null, "triage_stopped"],
  ])("of a stop with %j before an answer is %s", (stopReason, reason) => {
    const cut = stopReason === "end_turn" ? '{"confidence":0.93}' : '{"confidence":0.93';
    const reading = readingOf();
    pushText(reading, streamOf([cut], stopReason));
    expect(reading.decision).toEqual({ kind: "escalate", reason });
    expect(reading.end).toEqual({ kind: "stopped", stopReason });
  });

  test.each([
    ["connection", "triage_connection"],
    ["timeout", "triage_timeout"],
    ["http_error", "triage_http_error"],
  ] as const)("of a stream ended from outside by %s is %s", (kind, reason) => {
    const reading = readingOf();
    pushText(reading, START + BLOCK);
    reading.finish({ kind });
    expect(reading.decision).toEqual({ kind: "escalate", reason });
    reading.finish({ kind: "stream_error" });
    pushText(reading, text(SURE) + ERROR);
    expect([reading.end, reading.textBytes]).toEqual([{ kind }, 0]);
  });
});

describe("trouble", () => {
  test("there is none when a whole answer ends well", () => {
    const reading = readingOf();
    pushText(reading, streamOf([SURE]));
    expect([reading.trouble, reading.takeAnswerText()]).toEqual([null, "Grüße 🌊"]);
  });

  test.each(["max_tokens", "refusal"])("a cut answer that says %s is no trouble", (stopReason) => {
    const reading = readingOf();
    pushText(reading, streamOf(['{"confidence":0.93,"answer":"Gr'], stopReason));
    expect([reading.decision.kind, reading.trouble]).toEqual(["ship", null]);
    expect([reading.stopReason, reading.takeAnswerText()]).toEqual([stopReason, "Gr"]);
  });

  test.each(["tool_use", "pause_turn", null])(
    "an answer that stops with %j would go on in blocks that no client is given",
    (stopReason) => {
      const reading = readingOf();
      pushText(reading, streamOf([SURE], stopReason));
      expect(reading.decision).toEqual({ kind: "ship" });
      expect(reading.trouble?.message).toMatch(BROKEN_OFF);
      // Bytes that ship as they came hold those blocks.
      const verbatim = readingOf(FIELD);
      pushText(verbatim, streamOf(['{"confidence":0.93}'], stopReason));
      expect(verbatim.trouble).toBeNull();
    },
  );

  test("is upstream's own error, word for word", () => {
    const reading = readingOf();
    pushText(reading, START + BLOCK + text(SURE) + ERROR);
    expect([reading.trouble, reading.end]).toEqual([OVERLOADED, { kind: "stream_error" }]);
  });

  test("an error before any answer escalates", () => {
    const reading = readingOf();
    pushText(reading, START + ERROR);
    expect(reading.decision).toEqual({ kind: "escalate", reason: "triage_stream_error" });
  });

  test.each([
    ["a stream without message_start", BLOCK + text(SURE) + STOP, "no message_start"],
    ["an event that is no JSON", START + BLOCK + text(SURE) + "data: {\n\n", "malformed event"],
  ])("%s is a stream error", (_name, stream, detail) => {
    const reading = readingOf();
    pushText(reading, stream);
    expect(reading.end).toEqual({ kind: "stream_error" });
    expect(reading.trouble?.message).toMatch(BROKEN_OFF);
    expect(reading.trouble?.message).toContain(detail);
  });

  test("an answer that its end leaves open is told of, though upstream says all went well", () => {
    const reading = readingOf();
    pushText(reading, streamOf(['{"confidence":0.93,"answer":"Gr']));
    expect(reading.decision).toEqual({ kind: "ship" });
    expect(reading.trouble).toMatchObject({ type: "api_error" });
    expect(reading.trouble?.message).toMatch(BROKEN_OFF);
  });

  test("a lost connection is named", () => {
    const reading = readingOf();
    pushText(reading, START + BLOCK + text('{"confidence":0.93,"answer":"Gr'));
    reading.finish({ kind: "connection" });
    expect(BROKEN_OFF.exec(reading.trouble?.message ?? "")?.[1]).toBe("connection");
  });
});

describe("what is kept", () => {
  test("counts, model and stop reason, whether or not the message is wanted", () => {
    for (const keepsMessage of [false, true]) {
      const reading = readingOf(ENVELOPE, keepsMessage);
      expect([reading.usage, reading.stopReason, reading.reportedModel]).toEqual([
        null,
        null,
        null,
      ]);
      pushText(reading, streamOf([SURE]));
      expect(reading.usage).toMatchObject({ input_tokens: 100, output_tokens: 20 });
      expect(reading.stopReason).toBe("end_turn");
      expect(reading.reportedModel).toBe("claude-haiku-4-5-20251001");
      expect(reading.textBytes).toBe(Buffer.byteLength(SURE));
    }
  });

  test("the message with its text when it is wanted, not before its end", () => {
    const reading = readingOf(ENVELOPE, true);
    pushText(reading, START + BLOCK + text(SURE));
    expect(reading.message).toBeNull();
    pushText(reading, BLOCK_END + ending("end_turn"));
    expect(reading.message?.content).toEqual([{ type: "text", text: SURE }]);
  });

  test("the stream's bytes of a protocol that ships them, each of them once", () => {
    const stream = streamOf(['{"confidence":0.93,"label":"spam"}']);
    const bytes = Buffer.from(stream, "utf8");
    const reading = readingOf(FIELD);
    reading.push(bytes.subarray(0, 100));
    const first = reading.takeRaw();
    reading.push(bytes.subarray(100));
    const second = reading.takeRaw();
    expect(Buffer.concat([...first, ...second]).toString("utf8")).toBe(stream);
    expect(reading.takeRaw()).toEqual([]);
  });

  test("no bytes of a protocol whose answer is written anew", () => {
    const reading = readingOf(ENVELOPE);
    pushText(reading, streamOf([SURE]));
    expect(reading.takeRaw()).toEqual([]);
  });

  test("each sign of life until it is taken", () => {
    const reading = readingOf();
    expect(reading.takePing()).toBe(false);
    pushText(reading, PING + PING);
    expect([reading.takePing(), reading.takePing()]).toEqual([true, false]);
  });

  test("thinking and unknown events say nothing about the verdict", () => {
    const reading = readingOf();
    const thinking = event("content_block_delta", {
      index: 0,
      delta: { type: "thinking_delta", thinking: '{"confidence":0.1}' },
    });
    pushText(reading, START + BLOCK + thinking + event("news_of_tomorrow") + text(SURE));
    expect([reading.decision.kind, reading.textBytes]).toEqual(["ship", Buffer.byteLength(SURE)]);
  });
});
