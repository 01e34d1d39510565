import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createCatalogue } from "../catalogue/catalogue.ts";
import { createProtocol } from "../cascade/protocols/create-protocol.ts";
import type { Attempt } from "../cascade/receipt.ts";
import {
  DEFAULT_TIMEOUTS,
  type Provider,
  type UpstreamFailure,
  type UpstreamSink,
} from "../providers/provider.ts";
import { createManualClock } from "../support/clock.ts";
import { OpenAttempt } from "./attempt-log.ts";
import { TriageCall, type TriageResult } from "./triage-call.ts";
import { TriageReading } from "./triage-reading.ts";

const CATALOGUE = createCatalogue();
const TIMEOUT_MS = 10_000;
const LOST: UpstreamFailure = {
  code: "idle_timeout",
  message: "Nothing came for a while.",
  isSafeToRetry: false,
};

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
const OVERLOADED = { type: "overloaded_error", message: "Too busy." };
const ERROR = event("error", { error: OVERLOADED });

function text(piece: string): string {
  return event("content_block_delta", { index: 0, delta: { type: "text_delta", text: piece } });
}

function ending(stopReason = "end_turn"): string {
  const delta = { stop_reason: stopReason, stop_sequence: null };
  const usage = { output_tokens: 20 };
  return event("message_delta", { delta, usage }) + event("message_stop");
}

function errorBody(type: string, message: string): string {
  return JSON.stringify({ type: "error", error: { type, message } });
}

const SURE = text('{"confidence":0.93,"answer":"P');
const UNSURE = text('{"confidence":0.4,');

/** A triage whose upstream the test plays. */
interface PlayedTriage {
  readonly call: TriageCall;
  readonly upstream: UpstreamSink;
  /** What was done with the connection and the answer, in order. */
  readonly events: readonly string[];
  readonly runOns: readonly Attempt[];
  head(status?: number): void;
  chunk(text: string): void;
}

function play(mayRunOn: (confidence: number | null) => boolean = () => false): PlayedTriage {
  const events: string[] = [];
  const runOns: Attempt[] = [];
  const sinks: UpstreamSink[] = [];
  const provider: Provider = {
    name: "anthropic",
    isSimulated: false,
    send: (_request, sink) => {
      sinks.push(sink);
      return { abort: () => events.push("abort"), pause: () => undefined, resume: () => undefined };
    },
    close: () => Promise.resolve(),
  };
  const protocol = createProtocol({ kind: "envelope" });
  const attempt = new OpenAttempt(
    0,
    {
      role: "triage",
      tier: 0,
      provider,
      model: "claude-haiku-4-5",
      edits: [],
      promptHash: protocol.promptHash,
      promptBytes: 400,
    },
    { clock: createManualClock(), catalogue: CATALOGUE, arrivedMonotonicMs: 0 },
  );
  const call = new TriageCall({
    provider,
    request: {
      method: "POST",
      path: "/v1/messages",
      headers: {},
      body: Buffer.from("{}"),
      timeouts: DEFAULT_TIMEOUTS,
    },
    attempt,
    reading: new TriageReading({ protocol, threshold: 0.8, keepsMessage: false }),
    timeoutMs: TIMEOUT_MS,
    answer: {
      begin: ({ status }, reading) =>
        events.push(`begin ${status} with ${reading.takeAnswerText()}`),
      advance: (reading) => events.push(`advance with ${reading.takeAnswerText()}`),
    },
    onSent: () => events.push("sent"),
    mayRunOn: (confidence) => {
      events.push(`may ${String(confidence)} run on?`);
      return mayRunOn(confidence);
    },
    onRunOn: (given) => runOns.push(given),
  });
  const [upstream] = sinks;
  if (upstream === undefined) throw new Error("Nothing was sent");
  return {
    call,
    upstream,
    events,
    runOns,
    head: (status = 200) => {
      upstream.onHead({ status, headers: {} });
    },
    chunk: (bytes) => {
      upstream.onChunk(Buffer.from(bytes, "utf8"));
    },
  };
}

/** The result if it is known by now. */
async function resultNow({ call }: PlayedTriage): Promise<TriageResult | null> {
  const later = new Promise<null>((resolve) => {
    setTimeout(() => resolve(null), 0);
  });
  const first = Promise.race([call.result, later]);
  await vi.advanceTimersByTimeAsync(0);
  return first;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("an answer that ships", () => {
  test("begins with its first character, goes on, and leaves its connection to be used", async () => {
    const played = play();
    played.head();
    played.chunk(START);
    played.chunk(SURE);
    played.chunk(text("aris"));
    expect(await resultNow(played)).toBeNull();
    played.chunk(text('"}') + ending());
    expect(await resultNow(played)).toMatchObject({
      kind: "shipped",
      head: { status: 200 },
      attempt: {
        outcome: "completed",
        failureCode: null,
        stopReason: "end_turn",
        confidence: 0.93,
        threshold: 0.8,
        answerBegan: true,
        isEstimated: false,
      },
    });
    played.upstream.onEnd();
    played.call.abandon();
    await vi.runAllTimersAsync();
    const answered = ["begin 200 with P", "advance with aris", "advance with "];
    expect(played.events).toEqual(["sent", ...answered]);
  });

  test("that came in one chunk begins and ends at once", async () => {
    const played = play();
    played.head();
    played.chunk(START + SURE + text('"}') + ending());
    expect((await resultNow(played))?.kind).toBe("shipped");
    expect(played.events).toEqual(["sent", "begin 200 with P"]);
  });

  test("is not held to the timeout any more", async () => {
    const played = play();
    played.head();
    played.chunk(START + SURE);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS * 2);
    expect(await resultNow(played)).toBeNull();
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([
    ["a lost connection", "failed", "idle_timeout"],
    ["an early end", "failed", "connection_lost"],
    ["an error event", "stream_error", "overloaded_error"],
    ["a malformed verdict", "completed", "verdict_unreadable"],
  ])("and breaks with %s is shipped with its trouble", async (trouble, outcome, failureCode) => {
    const played = play();
    played.head();
    played.chunk(START + SURE);
    if (trouble === "a lost connection") played.upstream.onFailure(LOST);
    else if (trouble === "an early end") played.upstream.onEnd();
    else played.chunk(trouble === "an error event" ? ERROR : ending());
    expect(await resultNow(played)).toMatchObject({
      kind: "shipped",
      attempt: { outcome, failureCode, answerBegan: true },
    });
    expect(played.events.includes("abort")).toBe(outcome !== "completed");
  });

  test("is left by its client", async () => {
    const played = play();
    played.head();
    played.chunk(START + SURE);
    played.call.abandon();
    expect(await resultNow(played)).toMatchObject({
      kind: "client_left",
      attempt: { outcome: "client_left", failureCode: null, confidence: 0.93, isEstimated: true },
    });
    expect(played.events.at(-1)).toBe("abort");
  });
});

describe("a triage that escalates", () => {
  test("is closed once the decision has been told", async () => {
    const played = play();
    played.head();
    played.chunk(START + UNSURE);
    expect(played.events).toEqual(["sent", "may 0.4 run on?"]);
    expect(await played.call.result).toMatchObject({
      kind: "escalate",
      reason: "low_confidence",
      attempt: { outcome: "aborted", failureCode: null, confidence: 0.4, isEstimated: true },
    });
    await vi.runAllTimersAsync();
    expect(played.events).toEqual(["sent", "may 0.4 run on?", "abort"]);
    played.chunk(text("more"));
    played.upstream.onEnd();
    expect(played.events).toHaveLength(3);
  });

  test("for its verdict says which problem that had", async () => {
    const played = play();
    played.head();
    played.chunk(START + text('{"confidence":93,'));
    expect(await resultNow(played)).toMatchObject({
      reason: "confidence_invalid",
      attempt: { outcome: "aborted", failureCode: "confidence_invalid" },
    });
  });

  test.each([
    ["before a head", 0],
    ["after a head", 200],
    ["during an error body", 500],
  ])("when no decision fell in time, %s", async (_when, status) => {
    const played = play();
    if (status !== 0) played.head(status);
    if (status !== 0) played.chunk(status === 200 ? START : "{");
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS - 1);
    expect(await resultNow(played)).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(await resultNow(played)).toMatchObject({
      kind: "escalate",
      reason: "triage_timeout",
      attempt: { outcome: "aborted", failureCode: "triage_timeout" },
    });
    await vi.runAllTimersAsync();
    expect(played.events.at(-1)).toBe("abort");
  });

  test.each([
    ["a failure before a head", 0, "triage_connection", "idle_timeout"],
    ["a failure after a head", 200, "triage_connection", "idle_timeout"],
    ["a failure during an error body", 500, "triage_connection", "idle_timeout"],
  ])("after %s", async (_name, status, reason, failureCode) => {
    const played = play();
    if (status !== 0) played.head(status);
    played.upstream.onFailure(LOST);
    const attempt = { outcome: "failed", failureCode };
    expect(await resultNow(played)).toMatchObject({ kind: "escalate", reason, attempt });
    played.upstream.onFailure(LOST);
    await vi.advanceTimersByTimeAsync(5);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("after a stream that ended without message_stop", async () => {
    const played = play();
    played.head();
    played.chunk(START);
    played.upstream.onEnd();
    expect(await resultNow(played)).toMatchObject({
      reason: "triage_connection",
      attempt: { outcome: "failed", failureCode: "connection_lost" },
    });
  });

  test("after an error event", async () => {
    const played = play();
    played.head();
    played.chunk(START + ERROR);
    expect(await resultNow(played)).toMatchObject({
      reason: "triage_stream_error",
      attempt: { outcome: "stream_error", failureCode: "overloaded_error" },
    });
  });
});

describe("an error status", () => {
  test.each([
    ["in Anthropic's envelope", errorBody("overloaded_error", "Too busy."), "overloaded_error"],
    ["in words of a proxy", "<html>", "status_529"],
    ["without a body", "", "status_529"],
  ])("%s escalates and costs nothing", async (_name, body, failureCode) => {
    const played = play();
    played.head(529);
    if (body !== "") played.chunk(body);
    played.upstream.onEnd();
    expect(await resultNow(played)).toMatchObject({
      kind: "escalate",
      reason: "triage_http_error",
      attempt: { outcome: "http_error", status: 529, failureCode, costNanoUsd: 0n },
    });
  });

  test("that finds the prompt too long is told apart, however the body is cut", async () => {
    const played = play();
    played.head(400);
    const body = errorBody("invalid_request_error", "Prompt is too long: 210000 > 200000");
    for (const character of body) played.chunk(character);
    played.upstream.onEnd();
    expect(await resultNow(played)).toMatchObject({
      kind: "input_too_long",
      attempt: { outcome: "http_error", failureCode: "invalid_request_error" },
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  test("is read for 64 KiB and then closed", async () => {
    const played = play();
    played.head(500);
    played.chunk(" ".repeat(64 * 1024));
    expect(await resultNow(played)).toBeNull();
    played.chunk(" ");
    expect(played.events).toContain("abort");
    expect(await resultNow(played)).toMatchObject({
      reason: "triage_http_error",
      attempt: { failureCode: "status_500" },
    });
  });
});

describe("a triage that may run on", () => {
  test("says its outcome at once and its attempt when it has ended", async () => {
    const played = play((confidence) => confidence === 0.4);
    played.head();
    played.chunk(START + UNSURE);
    const escalated = { kind: "escalate", reason: "low_confidence", attempt: null };
    expect(await resultNow(played)).toEqual(escalated);
    played.chunk(text('"answer":"x"}'));
    expect(played.runOns).toEqual([]);
    played.chunk(ending());
    expect(played.runOns).toMatchObject([{ outcome: "completed", confidence: 0.4 }]);
    played.upstream.onEnd();
    await vi.runAllTimersAsync();
    expect(played.runOns).toHaveLength(1);
    expect(played.events).toEqual(["sent", "may 0.4 run on?"]);
  });

  test("has no timeout of its own and survives its client", async () => {
    const played = play(() => true);
    played.head();
    played.chunk(START + UNSURE);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS * 2);
    played.call.abandon();
    expect([played.runOns, played.events.includes("abort")]).toEqual([[], false]);
    played.chunk(ending());
    expect(played.runOns).toHaveLength(1);
  });

  test.each([
    ["a failure", "failed", "idle_timeout"],
    ["an early end", "failed", "connection_lost"],
    ["an error event", "stream_error", "overloaded_error"],
  ])("and breaks with %s books that", async (trouble, outcome, failureCode) => {
    const played = play(() => true);
    played.head();
    played.chunk(START + UNSURE);
    if (trouble === "a failure") played.upstream.onFailure(LOST);
    else if (trouble === "an early end") played.upstream.onEnd();
    else played.chunk(ERROR);
    expect(played.runOns).toMatchObject([{ outcome, failureCode, confidence: 0.4 }]);
    expect(played.events.at(-1)).toBe("abort");
  });

  test("is asked for, but does not when it has ended already", async () => {
    const played = play(() => true);
    played.head();
    played.chunk(START + UNSURE + text('"answer":"x"}') + ending());
    expect(await resultNow(played)).toMatchObject({ attempt: { outcome: "completed" } });
    expect(played.events.slice(0, 2)).toEqual(["sent", "may 0.4 run on?"]);
    expect(played.runOns).toEqual([]);
  });
});

describe("a client that leaves", () => {
  test.each([
    ["before a head", []],
    ["before a confidence", [START]],
  ] as const)("%s closes the connection, once", async (_when, chunks) => {
    const played = play();
    if (chunks.length > 0) played.head();
    for (const chunk of chunks) played.chunk(chunk);
    played.call.abandon();
    played.call.abandon();
    expect(await resultNow(played)).toMatchObject({
      kind: "client_left",
      attempt: { outcome: "client_left", failureCode: null, confidence: null, isEstimated: true },
    });
    expect(played.events).toEqual(["sent", "abort"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("after the outcome changes nothing", async () => {
    const played = play();
    played.head();
    played.chunk(START + UNSURE);
    played.call.abandon();
    expect(await resultNow(played)).toMatchObject({ kind: "escalate", reason: "low_confidence" });
  });
});
