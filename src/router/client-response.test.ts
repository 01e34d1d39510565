import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { UpstreamCall } from "../providers/provider.ts";
import { createManualClock, type ManualClock } from "../support/clock.ts";
import { ClientResponse } from "./client-response.ts";
import type { ClientSink } from "./router.ts";

const ERROR = { type: "overloaded_error", message: "Too busy." };
const HEADERS = { "x-leadsman-decision": "pending" };

/** A client that remembers what it was sent; it reads, stalls and leaves when told to. */
interface FakeClient extends ClientSink {
  readonly events: unknown[];
  canTakeMore: boolean;
  drain(): void;
  leave(): void;
}

function fakeClient(): FakeClient {
  const events: unknown[] = [];
  let onGone: () => void = () => undefined;
  let onDrain: () => void = () => undefined;
  let hasLeft = false;
  const client: FakeClient = {
    events,
    canTakeMore: true,
    open: (status, headers) => events.push(["open", status, headers]),
    write: (chunk) => {
      events.push(Buffer.from(chunk).toString("utf8"));
      return client.canTakeMore;
    },
    end: () => events.push("end"),
    destroy: () => events.push("destroy"),
    onDrain: (callback) => {
      onDrain = callback;
    },
    onClientGone: (callback) => {
      onGone = callback;
      if (hasLeft) callback();
    },
    drain: () => onDrain(),
    leave: () => {
      hasLeft = true;
      onGone();
    },
  };
  return client;
}

interface Opened {
  readonly client: FakeClient;
  readonly clock: ManualClock;
  readonly response: ClientResponse;
}

function openResponse({ isStreaming = true, client = fakeClient() } = {}): Opened {
  const clock = createManualClock();
  const options = { clock, arrivedMonotonicMs: 0, isStreaming };
  return { client, clock, response: new ClientResponse(client, options) };
}

function fakeCall(events: string[]): UpstreamCall {
  return {
    abort: () => events.push("abort"),
    pause: () => events.push("pause"),
    resume: () => events.push("resume"),
  };
}

const PING = 'event: ping\ndata: {"type":"ping"}\n\n';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a response", () => {
  test("counts its bytes and the time to the first of them, not that of the head", () => {
    const { client, clock, response } = openResponse();
    expect([response.isOpen, response.status, response.firstByteMs]).toEqual([false, 0, null]);
    clock.advance(5);
    response.open(200, { a: "1" });
    expect([response.isOpen, response.status, response.firstByteMs]).toEqual([true, 200, null]);
    clock.advance(7);
    response.write("é");
    clock.advance(7);
    response.write(Buffer.from("abc"));
    response.end();
    expect([response.bytesSent, response.firstByteMs]).toEqual([5, 12]);
    expect(client.events).toEqual([["open", 200, { a: "1" }], "é", "abc", "end"]);
  });

  test("has one head", () => {
    const { client, response } = openResponse();
    response.open(200, { a: "1" });
    response.open(500, { a: "2" });
    expect(client.events).toEqual([["open", 200, { a: "1" }]]);
    expect(response.status).toBe(200);
  });

  test("in one piece names its length in bytes", () => {
    const { client, response } = openResponse({ isStreaming: false });
    response.send(404, { a: "1" }, "né");
    expect(client.events).toEqual([["open", 404, { a: "1", "content-length": "3" }], "né", "end"]);
  });

  test("in one piece may be empty", () => {
    const { client, response } = openResponse({ isStreaming: false });
    response.send(200, {}, "");
    expect(client.events).toEqual([["open", 200, { "content-length": "0" }], "end"]);
    expect(response.firstByteMs).toBeNull();
  });
});

describe("an error", () => {
  test("before the head is a response with Anthropic's envelope", () => {
    const { client, response } = openResponse();
    response.sendError(529, { a: "1" }, ERROR, "lm_1");
    const body = JSON.stringify({ type: "error", error: ERROR, request_id: "lm_1" });
    const headers = {
      a: "1",
      "content-type": "application/json",
      "content-length": String(body.length),
    };
    expect(client.events).toEqual([["open", 529, headers], body, "end"]);
  });

  test("after the head is the last event of the stream", () => {
    const { client, response } = openResponse();
    response.open(200, {});
    response.sendError(529, { a: "1" }, ERROR, "lm_1");
    const event = `event: error\ndata: ${JSON.stringify({ type: "error", error: ERROR })}\n\n`;
    expect(client.events).toEqual([["open", 200, {}], event, "end"]);
    expect(response.status).toBe(200);
  });
});

describe("a stream without an outcome", () => {
  test("is opened after the delay and pinged every ten seconds", () => {
    const { client, response } = openResponse();
    response.openEarlyAfter(15_000, () => HEADERS);
    vi.advanceTimersByTime(14_999);
    expect([client.events, response.isOpenedEarly]).toEqual([[], false]);
    vi.advanceTimersByTime(1);
    expect(client.events).toEqual([["open", 200, HEADERS], PING]);
    expect([response.isOpenedEarly, response.isOpen, response.status]).toEqual([true, true, 200]);
    vi.advanceTimersByTime(9_999);
    expect(client.events).toHaveLength(2);
    vi.advanceTimersByTime(10_001);
    expect(client.events.slice(2)).toEqual([PING, PING]);
    expect(response.firstByteMs).toBeNull();
  });

  test("is not opened for a client that had left before we began", () => {
    const client = fakeClient();
    client.leave();
    const { response } = openResponse({ client });
    response.openEarlyAfter(15_000, () => HEADERS);
    vi.advanceTimersByTime(60_000);
    expect(client.events).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("takes its answer without a second head, and pings no more", () => {
    const { client, response } = openResponse();
    response.openEarlyAfter(15_000, () => HEADERS);
    vi.advanceTimersByTime(15_000);
    response.open(200, { "x-leadsman-decision": "shipped" });
    response.write("data");
    vi.advanceTimersByTime(60_000);
    response.end();
    expect(client.events).toEqual([["open", 200, HEADERS], PING, "data", "end"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("tells an upstream error as an event", () => {
    const { client, response } = openResponse();
    response.openEarlyAfter(15_000, () => HEADERS);
    vi.advanceTimersByTime(15_000);
    response.sendError(529, {}, ERROR, "lm_1");
    expect(client.events.slice(2)).toEqual([expect.stringMatching(/^event: error\n/), "end"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("is not opened early once its head has gone out", () => {
    const { client, response } = openResponse();
    response.openEarlyAfter(15_000, () => HEADERS);
    response.open(200, {});
    vi.advanceTimersByTime(60_000);
    expect(client.events).toEqual([["open", 200, {}]]);
    expect(response.isOpenedEarly).toBe(false);
  });

  test("is nothing a client knows that does not stream", () => {
    const { client, response } = openResponse({ isStreaming: false });
    response.openEarlyAfter(15_000, () => HEADERS);
    vi.advanceTimersByTime(60_000);
    expect(client.events).toEqual([]);
  });

  test.each([
    ["before it is opened", 0],
    ["after it was opened", 15_000],
  ])("has nobody to ping when the client leaves %s", (_when, waitMs) => {
    const { client, response } = openResponse();
    response.openEarlyAfter(15_000, () => HEADERS);
    vi.advanceTimersByTime(waitMs);
    const before = [...client.events];
    client.leave();
    vi.advanceTimersByTime(60_000);
    expect(client.events).toEqual(before);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a slow client", () => {
  test("pauses the call that feeds it until it has read", () => {
    const { client, response } = openResponse();
    const events: string[] = [];
    response.feedFrom(fakeCall(events));
    response.open(200, {});
    response.write("a");
    expect(events).toEqual([]);
    client.canTakeMore = false;
    response.write("b");
    expect(events).toEqual(["pause"]);
    client.drain();
    expect(events).toEqual(["pause", "resume"]);
  });

  test("slows the call of the moment, not an earlier one", () => {
    const { client, response } = openResponse();
    const [earlier, later]: [string[], string[]] = [[], []];
    response.feedFrom(fakeCall(earlier));
    response.feedFrom(fakeCall(later));
    client.canTakeMore = false;
    response.open(200, {});
    response.write("a");
    client.drain();
    expect([earlier, later]).toEqual([[], ["pause", "resume"]]);
  });

  test("may be slow before anything feeds it", () => {
    const { client, response } = openResponse();
    client.canTakeMore = false;
    response.open(200, {});
    response.write("a");
    client.drain();
    expect(client.events).toEqual([["open", 200, {}], "a"]);
  });
});

describe("a client that leaves", () => {
  test("is sent and counted nothing more", () => {
    const { client, response } = openResponse();
    response.open(200, {});
    response.write("a");
    client.leave();
    response.write("b");
    expect([response.isGone, response.bytesSent]).toEqual([true, 1]);
    expect(client.events).toEqual([["open", 200, {}], "a"]);
  });

  test("is told to the step of the moment only", () => {
    const { client, response } = openResponse();
    const told: string[] = [];
    response.onGone(() => told.push("triage"));
    response.onGone(() => told.push("answer"));
    client.leave();
    expect(told).toEqual(["answer"]);
  });

  test("is told at once to a step that begins later", () => {
    const { client, response } = openResponse();
    client.leave();
    const told: string[] = [];
    response.onGone(() => told.push("answer"));
    expect(told).toEqual(["answer"]);
  });

  test("may have left before there is a response", () => {
    const client = fakeClient();
    client.leave();
    const { response } = openResponse({ client });
    expect(response.isGone).toBe(true);
  });
});
