import { setImmediate as nextTick } from "node:timers/promises";

import { expect, test } from "vitest";

import type { Provider, UpstreamRequest } from "./provider.ts";
import {
  completed,
  inPieces,
  isEnding,
  messageRequest,
  until,
} from "./provider-under-test.fixture.ts";
import type { OpenProvider } from "./provider-under-test.fixture.ts";
import { createRecordingSink } from "./recording-sink.fixture.ts";

/** How a response comes, piece by piece. */
export function describeResponses(open: OpenProvider): void {
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
