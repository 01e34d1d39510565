import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ask, call } from "../harness/call.ts";
import { openStack, type Stack } from "../harness/open-stack.ts";

let stack: Stack;
beforeEach(async () => {
  // Slow enough to leave in the middle of everything.
  stack = await openStack({ upstream: { timeScale: 0.2 } });
});
afterEach(async () => {
  await stack.close();
});

const SURE = `triage:text=${encodeURIComponent(
  JSON.stringify({ confidence: 0.97, answer: "word ".repeat(200) }),
)}`;
/** Goes on for long after its confidence, so that closing it early can be seen. */
const UNSURE = `triage:text=${encodeURIComponent(
  JSON.stringify({ confidence: 0.3, answer: "word ".repeat(200) }),
)}`;
const LONG = `deep:text=${encodeURIComponent("word ".repeat(200))}`;

/** Waits until all upstream calls are over and the record is there. */
async function aftermath() {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const calls = stack.upstream.calls();
    const [record] = await stack.records();
    if (record !== undefined && calls.every(({ endedMs }) => endedMs !== null)) {
      return { calls, record };
    }
    if (Date.now() > deadline) throw new Error("the upstream call was not closed");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe.each([
  ["streaming", true],
  ["not streaming", false],
])("a client that leaves, %s", (_, isStreaming) => {
  test("before the triage's first byte", async () => {
    await call(stack.url, {
      body: ask("Hello [task:faq#1]", isStreaming),
      headers: { "x-simulate": "triage:hang" },
      leaveAfterMs: 60,
    });
    const { calls, record } = await aftermath();
    expect(calls).toHaveLength(1);
    expect(calls[0]?.aborted).toBe(true);
    expect(record).toMatchObject({ decision: "abandoned", reason: "client_left", status: 499 });
    expect(record.attempts[0]).toMatchObject({ outcome: "client_left", isEstimated: true });
  });

  test("after the triage, before the deep call's first byte", async () => {
    await call(stack.url, {
      body: ask("Hello [task:faq#1]", isStreaming),
      headers: { "x-simulate": `${UNSURE},deep:hang` },
      leaveAfterMs: 800,
    });
    const { calls, record } = await aftermath();
    expect(calls.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(record).toMatchObject({ decision: "escalated", reason: "low_confidence", status: 499 });
    expect(record.attempts.map(({ outcome }) => outcome)).toEqual(["aborted", "client_left"]);
  });

  test("in the middle of its own body: nothing is sent, and its place is free again", async () => {
    const text = JSON.stringify(ask("Hello [task:faq#1]", isStreaming));
    const { hostname, port, host } = new URL(stack.url);
    const socket = connect(Number(port), hostname);
    const length = `content-length: ${String(text.length)}`;
    socket.write(
      `POST /v1/messages HTTP/1.1\r\nhost: ${host}\r\n${length}\r\n\r\n${text.slice(0, 40)}`,
    );
    const inFlight = (): number => stack.open.gateway.stats().inFlight;
    await expect.poll(inFlight).toBe(1);
    socket.destroy();
    await expect.poll(inFlight).toBe(0);
    expect(stack.upstream.calls()).toEqual([]);
    expect(await stack.records()).toEqual([]);
  });

  test("in the middle of a deep answer", async () => {
    await call(stack.url, {
      body: ask("Hello [task:faq#1]", isStreaming),
      headers: { "x-simulate": `${UNSURE},${LONG}` },
      leaveAfterMs: 800,
    });
    const { calls, record } = await aftermath();
    expect(calls.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(record).toMatchObject({ decision: "escalated", status: 499 });
    expect(record.attempts[1]).toMatchObject({ outcome: "client_left", isEstimated: true });
  });

  test("in the middle of an answer that ships", async () => {
    await call(stack.url, {
      body: ask("Hello [task:faq#1]", isStreaming),
      headers: { "x-simulate": SURE },
      leaveAfterMs: 400,
    });
    const { calls, record } = await aftermath();
    expect(calls).toHaveLength(1);
    expect(calls[0]?.aborted).toBe(true);
    expect(record).toMatchObject({ decision: "shipped", status: 499 });
    expect(record.attempts[0]?.tokens.outputTokens).toBeGreaterThan(10);
  });
});

test("the upstream is closed within a few milliseconds of the client", async () => {
  let leftAtMs = 0;
  await call(stack.url, {
    body: ask("Hello [task:faq#1]", true),
    headers: { "x-simulate": SURE },
    leaveOn: (soFar) => {
      const hasText = soFar.includes("word");
      if (hasText && leftAtMs === 0) leftAtMs = Date.now();
      return hasText;
    },
  });
  const { calls } = await aftermath();
  expect((calls[0]?.endedMs ?? Infinity) - leftAtMs).toBeLessThan(250);
});
