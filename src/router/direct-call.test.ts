import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createCatalogue } from "../catalogue/catalogue.ts";
import {
  DEFAULT_TIMEOUTS,
  type HttpHeaders,
  type Provider,
  type UpstreamFailure,
  type UpstreamSink,
} from "../providers/provider.ts";
import { createManualClock } from "../support/clock.ts";
import { OpenAttempt } from "./attempt-log.ts";
import { DirectCall, type DirectResult } from "./direct-call.ts";

const CATALOGUE = createCatalogue();
const STREAM = { "content-type": "text/event-stream; charset=utf-8" };
const JSON_TYPE = { "content-type": "application/json" };

const LOST: UpstreamFailure = {
  code: "connection_lost",
  message: "The connection was lost.",
  isSafeToRetry: false,
};

const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-opus-4-7-20260101",
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 100, output_tokens: 1 },
};

function event(type: string, members: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
}

const START = event("message_start", { message: MESSAGE });
const BLOCK = event("content_block_start", { index: 0, content_block: { type: "text", text: "" } });
const TEXT = event("content_block_delta", { index: 0, delta: { type: "text_delta", text: "Hi" } });
const BLOCK_END = event("content_block_stop", { index: 0 });
const DELTA = event("message_delta", {
  delta: { stop_reason: "end_turn", stop_sequence: null },
  usage: { output_tokens: 20 },
});
const STOP = event("message_stop");
const OVERLOADED = { type: "overloaded_error", message: "Too busy." };
const ERROR = event("error", { error: OVERLOADED });

/** A call whose upstream the test plays. */
interface PlayedCall {
  readonly call: DirectCall;
  readonly upstream: UpstreamSink;
  /** What was done with the answer and with the connection, in order. */
  readonly events: readonly string[];
  head(status: number, headers: HttpHeaders): void;
  chunk(text: string): void;
}

function play(keepsMessage = false): PlayedCall {
  const events: string[] = [];
  const sinks: UpstreamSink[] = [];
  const provider: Provider = {
    name: "anthropic",
    isSimulated: false,
    send: (_request, sink) => {
      sinks.push(sink);
      return {
        abort: () => events.push("abort"),
        pause: () => undefined,
        resume: () => undefined,
      };
    },
    close: () => Promise.resolve(),
  };
  const context = { clock: createManualClock(), catalogue: CATALOGUE, arrivedMonotonicMs: 0 };
  const attempt = new OpenAttempt(
    0,
    {
      role: "answer",
      tier: 1,
      provider,
      model: "claude-opus-4-7",
      edits: [],
      promptHash: null,
      promptBytes: 400,
    },
    context,
  );
  const call = new DirectCall({
    provider,
    request: {
      method: "POST",
      path: "/v1/messages",
      headers: {},
      body: Buffer.from("{}"),
      timeouts: DEFAULT_TIMEOUTS,
    },
    attempt,
    answer: {
      beginStream: ({ status }) => events.push(`begin ${status}`),
      stream: (chunk) => events.push(Buffer.from(chunk).toString("utf8")),
    },
    onSent: () => events.push("sent"),
    keepsMessage,
  });
  const [upstream] = sinks;
  if (upstream === undefined) throw new Error("Nothing was sent");
  return {
    call,
    upstream,
    events,
    head: (status, headers) => {
      upstream.onHead({ status, headers });
    },
    chunk: (text) => {
      upstream.onChunk(Buffer.from(text, "utf8"));
    },
  };
}

type Streamed = Extract<DirectResult, { readonly kind: "streamed" }>;

async function streamedResult({ call }: PlayedCall): Promise<Streamed> {
  const result = await call.result;
  if (result.kind !== "streamed") throw new Error(`Expected a stream, found ${result.kind}`);
  return result;
}

function textOf(chunks: readonly Uint8Array[]): string {
  return Buffer.concat(chunks).toString("utf8");
}

describe.each([
  ["whose message is kept", true],
  ["whose counts are read only", false],
])("a stream %s", (_name, keepsMessage) => {
  test("is passed on up to the chunk that ends the message", async () => {
    const played = play(keepsMessage);
    played.head(200, STREAM);
    for (const chunk of [START, BLOCK + TEXT, BLOCK_END + DELTA]) played.chunk(chunk);
    expect(played.events).toEqual(["sent", "begin 200", START, BLOCK + TEXT, BLOCK_END + DELTA]);
    played.chunk(STOP);
    played.chunk(": behind\n\n");
    played.upstream.onEnd();
    const { rest, trouble, attempt, message } = await streamedResult(played);
    expect(textOf(rest)).toBe(STOP);
    expect(played.events).toHaveLength(5);
    expect(trouble).toBeNull();
    expect(attempt).toMatchObject({
      outcome: "completed",
      stopReason: "end_turn",
      reportedModel: "claude-opus-4-7-20260101",
      isEstimated: false,
      tokens: { inputTokens: 100, outputTokens: 20 },
    });
    const content = [{ type: "text", text: "Hi" }];
    if (keepsMessage) expect(message).toMatchObject({ content, stop_reason: "end_turn" });
    else expect(message).toBeNull();
  });

  test("that ends without message_stop is broken", async () => {
    const played = play(keepsMessage);
    played.head(200, STREAM);
    played.chunk(START + BLOCK + TEXT + DELTA);
    played.upstream.onEnd();
    const { rest, trouble, attempt, message } = await streamedResult(played);
    expect([rest, message]).toEqual([[], null]);
    expect(trouble?.type).toBe("api_error");
    expect(trouble?.message).toContain("It ended before the message did.");
    expect(attempt).toMatchObject({
      outcome: "failed",
      failureCode: "connection_lost",
      isEstimated: true,
    });
  });

  test("that fails on the way is broken", async () => {
    const played = play(keepsMessage);
    played.head(200, STREAM);
    played.chunk(START);
    played.upstream.onFailure({ ...LOST, code: "idle_timeout" });
    const { trouble, attempt } = await streamedResult(played);
    expect(trouble?.message).toContain(LOST.message);
    expect(attempt).toMatchObject({ outcome: "failed", failureCode: "idle_timeout", status: 200 });
  });

  test("that fails before its first byte is broken too", async () => {
    const played = play(keepsMessage);
    played.head(200, STREAM);
    played.upstream.onFailure(LOST);
    const { trouble, attempt } = await streamedResult(played);
    expect(trouble).not.toBeNull();
    expect(attempt).toMatchObject({ isEstimated: true, tokens: { inputTokens: 100 } });
  });

  test("that fails after message_stop is whole", async () => {
    const played = play(keepsMessage);
    played.head(200, STREAM);
    played.chunk(START + BLOCK + TEXT + BLOCK_END + DELTA + STOP);
    played.upstream.onFailure(LOST);
    const { rest, trouble, attempt } = await streamedResult(played);
    expect(textOf(rest)).toContain(STOP);
    expect(trouble).toBeNull();
    expect(attempt).toMatchObject({ outcome: "completed", failureCode: null });
  });

  test("with an event too large to be read passes whole, its books a lower bound", async () => {
    const played = play(keepsMessage);
    played.head(200, STREAM);
    played.chunk(START);
    played.chunk(event("content_block_start", { data: "x".repeat(9 * 1024 * 1024) }));
    played.chunk(DELTA + STOP);
    played.upstream.onEnd();
    const { trouble, attempt } = await streamedResult(played);
    expect(trouble).toBeNull();
    expect(attempt).toMatchObject({
      outcome: "stream_error",
      failureCode: "frame_too_large",
      isEstimated: true,
    });
    expect(played.events.at(-1)).toBe(DELTA + STOP);
  });

  test.each(["end", "failure"])("with an error event tells it as it came (%s)", async (last) => {
    const played = play(keepsMessage);
    played.head(200, STREAM);
    played.chunk(START);
    played.chunk(ERROR);
    if (last === "end") played.upstream.onEnd();
    else played.upstream.onFailure(LOST);
    const { rest, trouble, attempt, message } = await streamedResult(played);
    expect([textOf(rest), trouble, message]).toEqual([ERROR, null, null]);
    expect(attempt).toMatchObject({ outcome: "stream_error", failureCode: "overloaded_error" });
  });

  test("is left by its client", async () => {
    const played = play(keepsMessage);
    played.head(200, STREAM);
    played.chunk(START);
    // Twenty bytes of text are five tokens, whatever JSON is around them.
    for (let i = 0; i < 10; i += 1) played.chunk(TEXT);
    played.call.abandon();
    played.call.abandon();
    const result = await played.call.result;
    expect(result).toMatchObject({
      kind: "client_left",
      attempt: {
        outcome: "client_left",
        tokens: { inputTokens: 100, outputTokens: 5 },
        isEstimated: true,
      },
    });
    const before = played.events.length;
    played.chunk(TEXT);
    played.upstream.onEnd();
    expect(played.events).toHaveLength(before);
    expect(played.events.at(-1)).toBe("abort");
  });
});

describe("a body that is open when its message is whole", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function playWhole(): Promise<PlayedCall> {
    const played = play();
    played.head(200, STREAM);
    played.chunk(START + DELTA + STOP);
    expect((await streamedResult(played)).attempt.outcome).toBe("completed");
    return played;
  }

  test("is closed a moment after the answer was given, and not before", async () => {
    const { call, events } = await playWhole();
    vi.advanceTimersByTime(10_000);
    call.letGo();
    call.letGo();
    vi.advanceTimersByTime(99);
    expect(events).not.toContain("abort");
    vi.advanceTimersByTime(1);
    expect(events.filter((name) => name === "abort")).toHaveLength(1);
  });

  test.each(["end", "failure"])("may come to its %s by then", async (last) => {
    const { call, upstream, events } = await playWhole();
    call.letGo();
    upstream.onChunk(Buffer.from(": behind"));
    if (last === "end") upstream.onEnd();
    else upstream.onFailure(LOST);
    expect(vi.getTimerCount()).toBe(0);
    expect(events).not.toContain("abort");
  });

  test("costs no timer when it has ended before the answer was given", async () => {
    const { call, upstream, events } = await playWhole();
    upstream.onEnd();
    call.letGo();
    expect([vi.getTimerCount(), events.includes("abort")]).toEqual([0, false]);
  });
});

describe("a stream that is compressed though it was asked for plain", () => {
  const packed = { ...STREAM, "content-encoding": "gzip" };

  test("passes as it comes, without counts, and is whole when its connection says so", async () => {
    const played = play();
    played.head(200, packed);
    // Bytes that mean nothing to us may look like the end of a frame.
    played.chunk("\u001f a\n\nb");
    played.chunk("c");
    played.upstream.onEnd();
    const { rest, trouble, attempt, message } = await streamedResult(played);
    expect(played.events).toEqual(["sent", "begin 200", "\u001f a\n\nb", "c"]);
    expect([rest, trouble, message]).toEqual([[], null, null]);
    expect(attempt).toMatchObject({
      outcome: "completed",
      isEstimated: true,
      tokens: { inputTokens: 100, outputTokens: 0 },
    });
  });

  test("is broken when its connection breaks", async () => {
    const played = play();
    played.head(200, packed);
    played.chunk("a");
    played.upstream.onFailure(LOST);
    const { trouble, attempt } = await streamedResult(played);
    expect(trouble?.message).toContain(LOST.message);
    expect(attempt.outcome).toBe("failed");
  });
});

describe("a response in one piece", () => {
  test("is held back whole, with its counts read", async () => {
    const body = JSON.stringify({ ...MESSAGE, stop_reason: "end_turn" });
    const played = play();
    played.head(200, JSON_TYPE);
    played.chunk(body.slice(0, 10));
    played.chunk(body.slice(10));
    played.upstream.onEnd();
    const result = await played.call.result;
    expect(result).toMatchObject({
      kind: "whole",
      head: { status: 200 },
      message: { id: "msg_1" },
      attempt: { outcome: "completed", stopReason: "end_turn", isEstimated: false },
    });
    expect(result.kind === "whole" && textOf([result.body])).toBe(body);
    expect(played.events).toEqual(["sent"]);
  });

  test("that is no message is passed on all the same", async () => {
    const played = play();
    played.head(200, JSON_TYPE);
    played.chunk("<html>");
    played.upstream.onEnd();
    const result = await played.call.result;
    expect(result).toMatchObject({
      kind: "whole",
      message: null,
      attempt: { outcome: "stream_error", failureCode: "not_a_message", isEstimated: true },
    });
  });

  const PACKED = gzipSync(JSON.stringify({ ...MESSAGE, stop_reason: "end_turn" }));
  const COUNTED = { outcome: "completed", stopReason: "end_turn", isEstimated: false };
  const UNREAD = { outcome: "completed", stopReason: null, isEstimated: true };
  const TOO_BUSY = JSON.stringify({ type: "error", error: OVERLOADED });
  test.each([
    ["is read from a copy", 200, "gzip", PACKED, COUNTED],
    ["may be two deep", 200, "gzip, br", brotliCompressSync(PACKED), COUNTED],
    ["may be broken, which is no fault", 200, "gzip", Buffer.from("\u001f"), UNREAD],
    ["may be in a coding that nobody here knows", 200, "dcb", PACKED, UNREAD],
    ["may hide more than 16 MiB", 200, "gzip", gzipSync(Buffer.alloc(2 ** 24 + 1, " ")), UNREAD],
    ["may hide what is no message", 200, "gzip", gzipSync("<"), { failureCode: "not_a_message" }],
    ["may hide an error", 529, "gzip", gzipSync(TOO_BUSY), { failureCode: "overloaded_error" }],
  ])("that is compressed %s (%d, %s)", async (_name, status, encoding, bytes, books) => {
    const played = play();
    played.head(status, { ...JSON_TYPE, "content-encoding": encoding });
    played.upstream.onChunk(bytes);
    played.upstream.onEnd();
    // What has come whole is booked as such, whoever leaves while it is being read.
    played.call.abandon();
    const result = await played.call.result;
    expect(result).toMatchObject({ kind: "whole", attempt: books });
    expect(result.kind === "whole" && bytes.equals(result.body)).toBe(true);
    expect(played.events).toEqual(["sent"]);
  });

  test("and a redirect is no answer, and costs nothing", async () => {
    const played = play();
    played.head(307, { location: "/elsewhere" });
    played.upstream.onEnd();
    expect(await played.call.result).toMatchObject({
      kind: "whole",
      attempt: { outcome: "http_error", failureCode: "status_307", costNanoUsd: 0n },
    });
  });

  test.each([
    ["with Anthropic's envelope", JSON.stringify({ type: "error", error: OVERLOADED })],
    ["that nobody can read", "<html>"],
    ["without a body", ""],
  ])("and an error status %s is kept byte for byte", async (_name, body) => {
    const played = play();
    // An error is a whole response even when it calls itself a stream.
    played.head(529, STREAM);
    if (body !== "") played.chunk(body);
    played.upstream.onEnd();
    const result = await played.call.result;
    expect(result).toMatchObject({
      kind: "whole",
      message: null,
      attempt: {
        outcome: "http_error",
        failureCode: body.startsWith("{") ? "overloaded_error" : "status_529",
        costNanoUsd: 0n,
        isEstimated: false,
      },
    });
    expect(result.kind === "whole" && textOf([result.body])).toBe(body);
  });

  test.each(["before its head", "after its head"])("that fails %s has failed", async (when) => {
    const played = play();
    if (when === "after its head") {
      played.head(200, JSON_TYPE);
      played.chunk("{");
    }
    played.upstream.onFailure({ ...LOST, isSafeToRetry: when === "before its head" });
    const result = await played.call.result;
    expect(result).toMatchObject({
      kind: "failed",
      failure: { code: "connection_lost", isSafeToRetry: when === "before its head" },
      attempt: { outcome: "failed", failureCode: "connection_lost" },
    });
  });

  test("may have 64 MiB and not a byte more", async () => {
    const mebibyte = Buffer.alloc(1024 * 1024, " ");
    const played = play();
    played.head(200, JSON_TYPE);
    for (let count = 0; count < 64; count += 1) played.upstream.onChunk(mebibyte);
    expect(played.events).toEqual(["sent"]);
    played.chunk(" ");
    expect(played.events).toEqual(["sent", "abort"]);
    const result = await played.call.result;
    expect(result).toMatchObject({ kind: "failed", failure: { isSafeToRetry: false } });
  });

  test.each(["before its head", "after its head"])("is left by its client %s", async (when) => {
    const played = play();
    if (when === "after its head") played.head(200, JSON_TYPE);
    played.call.abandon();
    const result = await played.call.result;
    expect([result.kind, played.events]).toEqual(["client_left", ["sent", "abort"]]);
  });

  test("is not undone by a client that leaves afterwards", async () => {
    const played = play();
    played.head(200, JSON_TYPE);
    played.chunk("{}");
    played.upstream.onEnd();
    played.call.abandon();
    expect((await played.call.result).kind).toBe("whole");
    expect(played.events).toEqual(["sent"]);
  });
});
