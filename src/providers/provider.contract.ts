import { setImmediate as nextTick } from "node:timers/promises";

import { afterEach, describe, expect, test } from "vitest";

import { createRandom } from "../support/random.ts";
import { sleep } from "../support/sleep.ts";
import { DEFAULT_TIMEOUTS } from "./provider.ts";
import type { Provider, UpstreamCall, UpstreamRequest, UpstreamTimeouts } from "./provider.ts";
import { createRecordingSink } from "./recording-sink.fixture.ts";
import type { RecordingSink, SinkEvent } from "./recording-sink.fixture.ts";
import type { RecordedCall } from "./simulated/call-log.ts";

/** A provider in front of the simulated upstream, which does what the header `x-simulate` says. */
export interface ProviderUnderTest {
  readonly provider: Provider;
  /** The same kind of provider; its connections are refused. */
  readonly refused: Provider;
  /** The same kind of provider; its connections are never answered. */
  readonly unanswered: Provider;
  /** What reached the upstream of `provider`. */
  calls(): readonly RecordedCall[];
  close(): Promise<void>;
}

export interface ProviderSetting {
  /** How much of a real model's time the upstream takes. */
  readonly timeScale: number;
}

type SetUp = (setting: ProviderSetting) => Promise<ProviderUnderTest>;

/** What every provider must do, whatever stands behind it. */
export function describeProvider(name: string, setUp: SetUp): void {
  let underTest: ProviderUnderTest | null = null;
  const open: SetUp = async (setting) => {
    underTest = await setUp(setting);
    return underTest;
  };
  afterEach(async () => {
    await underTest?.close();
    underTest = null;
  });
  describe(name, () => {
    describe("a response", () => {
      testResponses(open);
    });
    describe("a failure", () => {
      testFailures(open);
    });
    describe("abort, pause, resume and close", () => {
      testControl(open);
    });
  });
}

function testResponses(open: SetUp): void {
  test("comes as a head, chunks and one end", async () => {
    const { provider } = await open({ timeScale: 0 });
    const sink = await completed(provider, messageRequest({ stream: true }));
    expect(sink.events[0]).toBe("head");
    expect(sink.events.at(-1)).toBe("end");
    expect(new Set(sink.events.slice(1, -1))).toEqual(new Set(["chunk"]));
    expect(sink.head?.status).toBe(200);
    expect(sink.header("content-type")).toContain("text/event-stream");
    expect(sink.text()).toMatch(/^event: message_start\n[\s\S]*event: message_stop\n.*\n\n$/);
    await nextTick();
    expect(sink.events.filter(isEnding)).toHaveLength(1);
  });

  test("never begins inside send", async () => {
    const { provider, refused } = await open({ timeScale: 0 });
    const faulty = { ...messageRequest({}), headers: { "x-broken": "line\nbreak" } };
    const requests: [Provider, UpstreamRequest][] = [
      [provider, messageRequest({})],
      [provider, messageRequest({ simulate: "die-before-head" })],
      [provider, faulty],
      [refused, messageRequest({})],
    ];
    for (const [target, request] of requests) {
      const sink = createRecordingSink();
      target.send(request, sink);
      expect(sink.events).toEqual([]);
      await sink.over;
    }
  });

  test("is one JSON body when no stream was asked for", async () => {
    const { provider } = await open({ timeScale: 0 });
    const sink = await completed(provider, messageRequest({}));
    expect(sink.header("content-length")).toBe(String(sink.bytes().length));
    expect(JSON.parse(sink.text())).toMatchObject({ type: "message", stop_reason: "end_turn" });
  });

  test.each([
    [400, "invalid_request_error"],
    [401, "authentication_error"],
    [429, "rate_limit_error"],
    [500, "api_error"],
    [529, "overloaded_error"],
  ])("of status %i is a response, not a failure", async (status, type) => {
    const { provider } = await open({ timeScale: 0 });
    const request = messageRequest({ simulate: `status=${String(status)}`, stream: true });
    const sink = await completed(provider, request);
    expect(sink.head?.status).toBe(status);
    expect(sink.events.at(-1)).toBe("end");
    expect(sink.header("content-length")).toBe(String(sink.bytes().length));
    expect(sink.header("retry-after")).toBe(status === 429 ? "7" : undefined);
    expect(JSON.parse(sink.text())).toMatchObject({
      type: "error",
      error: { type },
      request_id: sink.header("request-id"),
    });
  });

  test("arrives as it is written, not when it is complete", async () => {
    const { provider } = await open({ timeScale: 0 });
    const sink = createRecordingSink();
    const call = provider.send(messageRequest({ stream: true, simulate: "stall-at-start" }), sink);
    await until(() => sink.text().includes("message_start"));
    expect(sink.events).not.toContain("end");
    call.abort();
  });

  test("answers exactly the bytes and headers that were sent", async () => {
    const { provider, calls } = await open({ timeScale: 0 });
    const body = Buffer.from(`  {"model" : "claude-opus-4-7","max_tokens":9,"messages":[
      {"role":"user","content":"caf\\u00e9 – ünïcode 🙏"}],"unknown_member":1e0}`);
    const headers = {
      "anthropic-version": "2023-06-01",
      "anthropic-beta": "one-2026-01-01,two-2026-02-02",
      "x-odd": 'q="a, b"; c=é'.replace("é", "e"),
    };
    const request = { ...messageRequest({}), path: "/v1/messages?beta=true", headers, body };
    expect((await completed(provider, request)).head?.status).toBe(200);
    const streamed = { ...request, body: inPieces(body, 7) };
    expect((await completed(provider, streamed)).head?.status).toBe(200);
    expect(calls()).toHaveLength(2);
    for (const call of calls()) {
      expect(call).toMatchObject({ method: "POST", path: "/v1/messages?beta=true", headers });
      expect(Buffer.from(call.body).equals(body)).toBe(true);
    }
  });

  test("comes to each of two hundred calls at once", async () => {
    const { provider } = await open({ timeScale: 0 });
    const sinks = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        completed(provider, messageRequest({ stream: i % 2 === 0 })),
      ),
    );
    expect(sinks.map((sink) => sink.failure)).toEqual(sinks.map(() => null));
    expect(new Set(sinks.map((sink) => sink.header("request-id"))).size).toBe(200);
  });

  test("may have no body", async () => {
    const { provider } = await open({ timeScale: 0 });
    const request = { ...messageRequest({}), method: "HEAD", path: "/", body: null };
    expect((await completed(provider, request)).events).toEqual(["head", "end"]);
    const models = { ...request, method: "GET", path: "/v1/models?limit=1000" };
    expect(JSON.parse((await completed(provider, models)).text())).toHaveProperty("data");
  });
}

function testFailures(open: SetUp): void {
  test.each([
    ["hang", "first_byte_timeout", { firstByteMs: 40 }, ["failure"]],
    ["stall-at-start", "idle_timeout", { idleMs: 40 }, ["head", "chunk", "failure"]],
    ["stall-at-start", "total_timeout", { totalMs: 60 }, ["head", "chunk", "failure"]],
    ["hang", "total_timeout", { totalMs: 40 }, ["failure"]],
  ] as const)("after %s is %s", async (simulate, code, limits, events) => {
    const { provider, calls } = await open({ timeScale: 0 });
    const request = messageRequest({ stream: true, simulate, timeouts: limits });
    const sink = await completed(provider, request);
    expect(sink.failure).toMatchObject({ code, isSafeToRetry: false });
    expect(sink.failure?.message).toContain(`${String(Object.values(limits)[0])} ms`);
    expect(sink.events).toEqual(events);
    // The upstream must not go on working for nobody.
    await until(() => calls().at(-1)?.aborted === true);
  });

  test("to connect is connect_failed, safe to retry", async () => {
    const { refused } = await open({ timeScale: 0 });
    const sink = await completed(refused, messageRequest({}));
    expect(sink.events).toEqual(["failure"]);
    expect(sink.failure).toMatchObject({ code: "connect_failed", isSafeToRetry: true });
  });

  test("to connect in time is connect_timeout, safe to retry", async () => {
    const { unanswered } = await open({ timeScale: 0 });
    const sink = await completed(unanswered, messageRequest({ timeouts: { connectMs: 40 } }));
    expect(sink.events).toEqual(["failure"]);
    expect(sink.failure).toMatchObject({ code: "connect_timeout", isSafeToRetry: true });
  });

  test("before the response is connection_lost, safe to retry", async () => {
    const { provider } = await open({ timeScale: 0 });
    const sink = await completed(provider, messageRequest({ simulate: "die-before-head" }));
    expect(sink.events).toEqual(["failure"]);
    expect(sink.failure).toMatchObject({ code: "connection_lost", isSafeToRetry: true });
  });

  test.each([true, false])("inside a body (stream: %s) is never a clean end", async (stream) => {
    const { provider } = await open({ timeScale: 0 });
    const sink = await completed(provider, messageRequest({ stream, simulate: "die-mid-answer" }));
    expect(sink.failure).toMatchObject({ code: "connection_lost", isSafeToRetry: false });
    expect(sink.events[0]).toBe("head");
    expect(sink.events.filter(isEnding)).toEqual(["failure"]);
    expect(sink.text()).not.toBe("");
  });

  test("says nothing of the request's headers and body", async () => {
    const { provider, refused } = await open({ timeScale: 0 });
    const secret = "sk-ant-very-secret";
    for (const target of [provider, refused]) {
      for (const simulate of ["hang", "die-before-head", "die-at-start"]) {
        const request = messageRequest({ simulate, timeouts: { firstByteMs: 30 } });
        const headers = { ...request.headers, authorization: `Bearer ${secret}` };
        const sink = await completed(target, { ...request, headers });
        expect(sink.failure).not.toBeNull();
        expect(JSON.stringify(sink.failure)).not.toContain(secret);
      }
    }
  });
}

function testControl(open: SetUp): void {
  test("abort right after send: nothing is heard, nothing breaks", async () => {
    const { provider, refused, unanswered } = await open({ timeScale: 0 });
    for (const target of [provider, refused, unanswered]) {
      const sink = createRecordingSink();
      const call = target.send(messageRequest({ timeouts: { connectMs: 30 } }), sink);
      call.abort();
      call.abort();
      await sleep(60);
      expect(sink.events).toEqual([]);
    }
  });

  test.each(["head", "chunk"] as const)("abort inside a %s is the last word", async (last) => {
    const { provider, calls } = await open({ timeScale: 0 });
    const call: { current: UpstreamCall | null } = { current: null };
    const sink = createRecordingSink((event) => {
      if (event === last) call.current?.abort();
    });
    call.current = provider.send(
      messageRequest({ stream: true, simulate: "stall-mid-answer" }),
      sink,
    );
    await until(() => calls().at(-1)?.aborted === true);
    await sleep(20);
    expect(sink.events.filter((event) => event === last)).toHaveLength(1);
    expect(sink.events.at(-1)).toBe(last);
  });

  test("abort closes the connection of an upstream that is still silent", async () => {
    const { provider, calls } = await open({ timeScale: 0 });
    const sink = createRecordingSink();
    const call = provider.send(messageRequest({ simulate: "hang" }), sink);
    await until(() => calls().length === 1);
    call.abort();
    await until(() => calls()[0]?.aborted === true);
    expect(sink.events).toEqual([]);
  });

  test("nothing happens to a call that is over", async () => {
    const { provider } = await open({ timeScale: 0 });
    const sink = createRecordingSink();
    const call = provider.send(messageRequest({ stream: true }), sink);
    await sink.over;
    const heard = sink.events.length;
    call.pause();
    call.resume();
    call.abort();
    await sleep(10);
    expect(sink.events).toHaveLength(heard);
  });

  test.each([
    ["inside a chunk", "chunk"],
    ["inside the head", "head"],
  ] as const)("pause %s stops the chunks, resume brings them all", async (_where, when) => {
    const { provider } = await open({ timeScale: 0.02 });
    const call: { current: UpstreamCall | null } = { current: null };
    let isFirst = true;
    const sink = createRecordingSink((event) => {
      if (event !== when || !isFirst) return;
      isFirst = false;
      call.current?.pause();
    });
    call.current = provider.send(messageRequest({ stream: true }), sink);
    await until(() => sink.events.includes(when));
    await expectSilence(sink);
    call.current.resume();
    await sink.over;
    expect(sink.events.at(-1)).toBe("end");
    expect(answerText(sink)).toBe(
      answerText(await completed(provider, messageRequest({ stream: true }))),
    );
  });

  test("pause from outside stops the chunks, as often as it is called", async () => {
    // Slow enough that the pauses do not outlast the answer.
    const { provider } = await open({ timeScale: 0.5 });
    const sink = createRecordingSink();
    const call = provider.send(messageRequest({ stream: true }), sink);
    call.pause();
    await sleep(30);
    expect(sink.events).not.toContain("chunk");
    for (let round = 1; round <= 3; round += 1) {
      call.resume();
      const seen = countChunks(sink);
      await until(() => countChunks(sink) > seen);
      call.pause();
      call.pause();
      await expectSilence(sink);
    }
    call.resume();
    await sink.over;
    expect(sink.text()).toMatch(/event: message_stop\n.*\n\n$/);
  });

  test("pausing and resuming in any rhythm, also from within other calls, loses nothing", async () => {
    const { provider } = await open({ timeScale: 0.01 });
    const whole = answerText(await completed(provider, messageRequest({ stream: true })));
    const random = createRandom("rhythm");
    const calls: UpstreamCall[] = [];
    const sinks = Array.from({ length: 20 }, () =>
      createRecordingSink((event) => {
        if (event !== "chunk") return;
        const call = calls[Math.floor(random() * calls.length)];
        if (random() < 0.5) call?.pause();
        else call?.resume();
      }),
    );
    for (const sink of sinks) calls.push(provider.send(messageRequest({ stream: true }), sink));
    const waking = setInterval(() => {
      for (const call of calls) if (random() < 0.5) call.resume();
    }, 3);
    await Promise.all(sinks.map((sink) => sink.over));
    clearInterval(waking);
    expect(sinks.map(answerText)).toEqual(sinks.map(() => whole));
    for (const sink of sinks) expect(sink.events.filter(isEnding)).toEqual(["end"]);
  });

  test("abort of a paused call is the last word", async () => {
    const { provider, calls } = await open({ timeScale: 0 });
    const sink = createRecordingSink();
    const call = provider.send(
      messageRequest({ stream: true, simulate: "stall-mid-answer" }),
      sink,
    );
    await until(() => sink.events.includes("chunk"));
    call.pause();
    const heard = sink.events.length;
    call.abort();
    call.resume();
    await until(() => calls().at(-1)?.aborted === true);
    expect(sink.events).toHaveLength(heard);
  });

  test("a paused call may take longer than the idle limit", async () => {
    const { provider } = await open({ timeScale: 0.02 });
    const sink = createRecordingSink();
    const request = messageRequest({ stream: true, timeouts: { idleMs: 300 } });
    const call = provider.send(request, sink);
    await until(() => sink.events.includes("chunk"));
    call.pause();
    // Well past the limit, also for a provider whose timers are a second late.
    await sleep(1_400);
    call.resume();
    await sink.over;
    expect(sink.failure).toBeNull();
  });

  test("close lets calls end, and refuses new ones", async () => {
    const { provider } = await open({ timeScale: 0.02 });
    const sink = createRecordingSink();
    provider.send(messageRequest({ stream: true }), sink);
    await until(() => sink.events.includes("chunk"));
    await Promise.all([provider.close(), provider.close()]);
    await provider.close();
    expect(sink.events.at(-1)).toBe("end");
    const late = await completed(provider, messageRequest({}));
    expect(late.failure?.code).toBe("connect_failed");
  });
}

interface MessageRequestOptions {
  readonly stream?: boolean;
  readonly simulate?: string;
  readonly timeouts?: Partial<UpstreamTimeouts>;
}

/** The answer takes a real model several seconds. */
const PROMPT = "Which clause applies? [task:legal_ambiguity#3]";

function messageRequest(options: MessageRequestOptions): UpstreamRequest {
  const { stream = false, simulate, timeouts } = options;
  const body = {
    model: "claude-haiku-4-5",
    max_tokens: 500,
    stream,
    messages: [{ role: "user", content: PROMPT }],
  };
  return {
    method: "POST",
    path: "/v1/messages",
    headers: {
      "content-type": "application/json",
      ...(simulate === undefined ? {} : { "x-simulate": simulate }),
    },
    body: Buffer.from(JSON.stringify(body)),
    timeouts: { ...DEFAULT_TIMEOUTS, ...timeouts },
  };
}

function completed(provider: Provider, request: UpstreamRequest): Promise<RecordingSink> {
  const sink = createRecordingSink();
  provider.send(request, sink);
  return sink.over;
}

function answerText(sink: RecordingSink): string {
  const texts = sink.text().matchAll(/"text_delta","text":(".*?[^\\]")\}/g);
  return Array.from(texts, (match) => match[1]).join("");
}

function countChunks(sink: RecordingSink): number {
  return sink.events.filter((event) => event === "chunk").length;
}

async function expectSilence(sink: RecordingSink): Promise<void> {
  const heard = sink.events.length;
  await sleep(40);
  expect(sink.events).toHaveLength(heard);
}

function isEnding(event: SinkEvent): boolean {
  return event === "end" || event === "failure";
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    await nextTick();
    yield bytes.subarray(at, at + size);
  }
}

/** Waits until a claim holds; gives up with the test's own limit. */
async function until(claim: () => boolean): Promise<void> {
  while (!claim()) await sleep(2);
}
