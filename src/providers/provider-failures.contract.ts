import { expect, test } from "vitest";

import { completed, isEnding, messageRequest, until } from "./provider-under-test.fixture.ts";
import type { OpenProvider } from "./provider-under-test.fixture.ts";

/** What a failure is called, and what it may not say. */
export function describeFailures(open: OpenProvider): void {
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
