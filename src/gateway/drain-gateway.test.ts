import { Agent } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import type { ClientSink } from "../router/router.ts";
import { answer, createFakeRouter, startTestGateway } from "./fake-router.fixture.ts";
import type { Gateway } from "./start-gateway.ts";
import { HELLO, call, openRaw, rawPost } from "./test-client.fixture.ts";

const open: Gateway[] = [];

interface Held {
  readonly gateway: Gateway;
  /** One for each call that is in flight, in the order of arrival. */
  readonly sinks: ClientSink[];
  /** Indexes of the calls whose client is said to be gone. */
  readonly gone: number[];
  /** Lets the router's promise of a call end. */
  readonly settle: (() => void)[];
}

/** A gateway whose message calls stay in flight until the test ends them. */
async function startHolding(): Promise<Held> {
  const sinks: ClientSink[] = [];
  const gone: number[] = [];
  const settle: (() => void)[] = [];
  const router = createFakeRouter({
    messages: (_request, sink) =>
      new Promise((resolve) => {
        const index = sinks.push(sink) - 1;
        settle.push(resolve);
        sink.onClientGone(() => {
          gone.push(index);
          resolve();
        });
      }),
  });
  const gateway = await startTestGateway({ router });
  open.push(gateway);
  return { gateway, sinks, gone, settle };
}

async function untilInFlight(gateway: Gateway, count: number): Promise<void> {
  while (gateway.stats().inFlight !== count) await new Promise(setImmediate);
}

afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close();
});

describe("drain", () => {
  test("ends at once when nothing is in flight, idle connections notwithstanding", async () => {
    const { gateway } = await startHolding();
    const agent = new Agent({ keepAlive: true });
    await call(gateway.port, "/healthz", { agent });
    expect(await gateway.drain(new AbortController().signal)).toEqual({ finished: 0, cut: 0 });
    await expect(call(gateway.port, "/healthz")).rejects.toThrow(/ECONNREFUSED/);
    agent.destroy();
  });

  test("waits for what is in flight, and closes its connections", async () => {
    const { gateway, sinks, settle } = await startHolding();
    const raw = openRaw(gateway.port, rawPost(gateway.port, "/v1/messages", HELLO));
    await untilInFlight(gateway, 1);
    const drained = gateway.drain(new AbortController().signal);
    const late = openRaw(gateway.port);
    expect(await late.closed()).toBe("");
    for (const sink of sinks) answer(sink, { done: true });
    // The record is still being committed: the drain waits for that too.
    const isEarly = await Promise.race([
      drained.then(() => true),
      new Promise((resolve) => setTimeout(() => resolve(false), 50)),
    ]);
    expect(isEarly).toBe(false);
    settle[0]?.();
    expect(await drained).toEqual({ finished: 1, cut: 0 });
    const text = await raw.closed();
    expect(text).toMatch(/connection: close/i);
    expect(text).toContain('{"done":true}');
  });

  test("lets a slow client read what has ended, and then closes its connection", async () => {
    const { gateway, sinks, settle } = await startHolding();
    const raw = openRaw(gateway.port, rawPost(gateway.port, "/v1/messages", HELLO));
    await untilInFlight(gateway, 1);
    sinks[0]?.open(200, { "content-type": "text/event-stream" });
    await raw.seen(/\r\n\r\n/);
    raw.socket.pause();
    sinks[0]?.write(Buffer.alloc(32 * 1024 * 1024, 32));
    sinks[0]?.end();
    settle[0]?.();
    setTimeout(() => raw.socket.resume(), 200);
    const startedMs = performance.now();
    expect(await gateway.drain(new AbortController().signal)).toEqual({ finished: 1, cut: 0 });
    expect(performance.now() - startedMs).toBeLessThan(4_000);
    expect((await raw.closed()).endsWith("\r\n0\r\n\r\n")).toBe(true);
  });

  test("turns new calls on open connections away meanwhile", async () => {
    const { gateway, sinks, settle } = await startHolding();
    const raw = openRaw(gateway.port, rawPost(gateway.port, "/v1/messages", HELLO));
    await untilInFlight(gateway, 1);
    const drained = gateway.drain(new AbortController().signal);
    raw.socket.write(`GET /readyz HTTP/1.1\r\nhost: 127.0.0.1:${String(gateway.port)}\r\n\r\n`);
    raw.socket.write(rawPost(gateway.port, "/v1/messages", HELLO));
    while (gateway.stats().refused === 0) await new Promise(setImmediate);
    expect(gateway.stats()).toMatchObject({ inFlight: 1, accepted: 1 });
    expect(sinks).toHaveLength(1);
    settle[0]?.();
    await drained;
    raw.socket.destroy();
  });

  test("cuts what is left at the deadline so that nothing looks complete", async () => {
    const { gateway, sinks, gone, settle } = await startHolding();
    const post = rawPost(gateway.port, "/v1/messages", HELLO);
    const calls = [];
    for (let i = 0; i < 4; i += 1) {
      calls.push(openRaw(gateway.port, post));
      await untilInFlight(gateway, i + 1);
    }
    const incomplete = openRaw(gateway.port, post.slice(0, -5));
    await untilInFlight(gateway, 5);
    const [stream, plain, , finishing] = sinks;
    stream?.open(200, { "content-type": "text/event-stream" });
    stream?.write(Buffer.from('event: content_block_delta\ndata: {"ty'));
    plain?.open(200, { "content-type": "application/json" });
    plain?.write(Buffer.from('{"half":'));
    const deadline = new AbortController();
    const drained = gateway.drain(deadline.signal);
    if (finishing !== undefined) answer(finishing, { done: true });
    setTimeout(() => deadline.abort(), 30);
    setTimeout(() => settle[3]?.(), 60);
    const texts = await Promise.all(calls.map((raw) => raw.closed()));
    const [streamText = "", plainText = "", waitingText = "", finishedText = ""] = texts;
    expect(streamText).toMatch(/\n\nevent: error\ndata: .*"overloaded_error".*\n\n/);
    expect(plainText).toContain('{"half":');
    expect(plainText).not.toContain("\r\n0\r\n");
    expect(waitingText).toMatch(/^HTTP\/1\.1 529 /);
    expect(finishedText).toContain('{"done":true}');
    expect(await incomplete.closed()).toMatch(/^HTTP\/1\.1 529 /);
    expect(gone).toEqual([0, 1, 2]);
    expect(await drained).toEqual({ finished: 1, cut: 4 });
    expect(gateway.stats()).toMatchObject({ inFlight: 0, inFlightBytes: 0 });
  });

  test("close breaks everything at once", async () => {
    const { gateway, gone } = await startHolding();
    const raw = openRaw(gateway.port, rawPost(gateway.port, "/v1/messages", HELLO));
    await untilInFlight(gateway, 1);
    await gateway.close();
    expect(await raw.closed()).toBe("");
    await untilInFlight(gateway, 0);
    expect(gone).toEqual([0]);
  });
});
