import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import type { ClientSink } from "../router/router.ts";
import { createFakeRouter, startTestGateway } from "./fake-router.fixture.ts";
import type { Gateway } from "./start-gateway.ts";
import { HELLO, call, openRaw, rawPost } from "./test-client.fixture.ts";
import type { RawConnection } from "./test-client.fixture.ts";

const STREAM = { "content-type": "text/event-stream; charset=utf-8" };
const open: Gateway[] = [];

/** A gateway whose router does this with each message call. */
async function startWith(messages: (sink: ClientSink) => Promise<void> | void): Promise<Gateway> {
  const router = createFakeRouter({ messages: (_request, sink) => messages(sink) });
  const gateway = await startTestGateway({ router });
  open.push(gateway);
  return gateway;
}

function post(port: number): RawConnection {
  return openRaw(port, rawPost(port, "/v1/messages", HELLO));
}

function until(isTrue: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (isTrue()) resolve();
      else setTimeout(look, 2);
    };
    look();
  });
}

afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close();
});

describe("headers", () => {
  test("connection-bound ones are dropped, repeated and odd ones survive", async () => {
    const { port } = await startWith((sink) => {
      sink.open(201, {
        connection: "keep-alive, x-hop",
        "keep-alive": "timeout=5",
        "transfer-encoding": "chunked",
        "x-hop": "1",
        "request-id": "req_up",
        "x-latin": "caf\u00e9",
        "x-broken": "a\u0000b",
        "x-wide": "\u20ac",
        "set-cookie": ["a=1", "b=2"],
        "content-length": "2",
      });
      sink.write(Buffer.from("ok"));
      sink.end();
    });
    const { status, headers, body } = await call(port, "/v1/messages", { body: HELLO });
    expect([status, body]).toEqual([201, "ok"]);
    expect(headers).toMatchObject({
      "request-id": "req_up",
      "x-latin": "caf\u00e9",
      "set-cookie": ["a=1", "b=2"],
      "content-length": "2",
    });
    for (const name of ["x-hop", "keep-alive", "transfer-encoding", "x-broken", "x-wide"]) {
      expect(headers).not.toHaveProperty(name);
    }
  });

  test("those of a stream leave before its first chunk", async () => {
    const sinks: ClientSink[] = [];
    const { port } = await startWith((sink) => {
      sink.open(200, STREAM);
      sinks.push(sink);
      return new Promise((resolve) => sink.onClientGone(resolve));
    });
    const raw = post(port);
    expect(await raw.seen(/\r\n\r\n$/)).toMatch(/^HTTP\/1\.1 200 /);
    sinks[0]?.write(Buffer.from("data: 1\n\n"));
    await raw.seen(/data: 1/);
    raw.socket.destroy();
  });
});

describe("writing", () => {
  test("a small frame does not wait until the one before is acknowledged", async () => {
    const rounds = 10;
    const sinks: ClientSink[] = [];
    const { port } = await startWith((sink) => {
      sink.open(200, STREAM);
      sinks.push(sink);
      return new Promise((resolve) => sink.onClientGone(resolve));
    });
    // Systems acknowledge late only where each side has answered the other for a while.
    const raw = openRaw(port);
    let slowFrames = 0;
    for (let round = 0; round < rounds; round += 1) {
      raw.socket.write(rawPost(port, "/v1/messages", HELLO));
      await until(() => sinks.length > round);
      for (let frame = 0; frame < 4; frame += 1) {
        const startedMs = performance.now();
        sinks[round]?.write(Buffer.from(`data: ${round}.${frame};\n\n`));
        await raw.seen(new RegExp(`data: ${round}.${frame};`));
        if (performance.now() - startedMs > 30) slowFrames += 1;
      }
      sinks[round]?.end();
    }
    // Waiting takes 40 ms or more. A busy machine may be slow now and then for reasons of its own.
    expect(slowFrames).toBeLessThan(rounds / 2);
    raw.socket.destroy();
  });

  test("a slow reader holds the writer back, and gets every byte", async () => {
    const chunk = randomBytes(256 * 1024);
    const chunks = 64;
    let waits = 0;
    const { port } = await startWith(
      (sink) =>
        new Promise((resolve) => {
          let written = 0;
          const writeOn = (): void => {
            while (written < chunks) {
              written += 1;
              if (!sink.write(chunk)) {
                waits += 1;
                return;
              }
            }
            sink.end();
            resolve();
          };
          sink.open(200, { "content-length": String(chunks * chunk.byteLength) });
          sink.onDrain(writeOn);
          writeOn();
        }),
    );
    const raw = post(port);
    raw.socket.pause();
    await until(() => waits > 0);
    const waitsWhilePaused = waits;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(waits).toBe(waitsWhilePaused);
    raw.socket.resume();
    await until(() => raw.text().length >= chunks * chunk.byteLength);
    expect(raw.text().endsWith(chunk.toString("latin1"))).toBe(true);
    raw.socket.destroy();
  });
});

describe("broken answers never look whole", () => {
  test("destroy before open closes without an answer", async () => {
    const { port } = await startWith((sink) => sink.destroy());
    expect(await post(port).closed()).toBe("");
  });

  test("destroy in a stream closes without the last chunk", async () => {
    const { port } = await startWith((sink) => {
      sink.open(200, STREAM);
      sink.write(Buffer.from("data: 1\n\n"));
      setTimeout(() => sink.destroy(), 20);
      return until(() => false);
    });
    const raw = post(port);
    const text = await raw.closed();
    expect(text).toContain("data: 1");
    expect(text).not.toContain("\r\n0\r\n");
    await expect(call(port, "/v1/messages", { body: HELLO })).rejects.toThrow();
  });

  test("destroy resets an HTTP/1.0 client, to whom a close would be the end", async () => {
    const { port } = await startWith((sink) => {
      sink.open(200, {});
      sink.write(Buffer.from("half"));
      setTimeout(() => sink.destroy(), 20);
      return until(() => false);
    });
    const raw = openRaw(port);
    const codes: unknown[] = [];
    raw.socket.on("error", (error: Error & { code?: string }) => codes.push(error.code));
    raw.socket.write(rawPost(port, "/v1/messages", HELLO).replace("HTTP/1.1", "HTTP/1.0"));
    await raw.closed();
    expect(codes).toEqual(["ECONNRESET"]);
  });

  test.each([
    ["less", "ok"],
    ["more", "ok then"],
  ])("%s than the declared length breaks the connection", async (_name, body) => {
    const { port } = await startWith((sink) => {
      sink.open(200, { "content-length": "4" });
      sink.write(Buffer.from(body));
      sink.end();
    });
    expect((await post(port).closed()).endsWith("then")).toBe(false);
    await expect(call(port, "/v1/messages", { body: HELLO })).rejects.toThrow();
  });

  test("what the router leaves open is broken off", async () => {
    const { port, stats } = await startWith((sink) => sink.open(200, STREAM));
    expect(await post(port).closed()).not.toContain("\r\n0\r\n");
    expect(stats().inFlight).toBe(0);
  });

  test("a router that fails against its promise: the client is told, and somebody who can mend it", async () => {
    const told: unknown[] = [];
    const router = createFakeRouter({ messages: () => Promise.reject(new Error("bug")) });
    const gateway = await startTestGateway({ router, onError: (error) => told.push(error) });
    open.push(gateway);
    const failed = await call(gateway.port, "/v1/messages", { body: HELLO });
    expect(failed.status).toBe(500);
    expect(JSON.parse(failed.body)).toMatchObject({ type: "error", error: { type: "api_error" } });
    expect(told).toEqual([new Error("bug")]);
    expect(gateway.stats().inFlight).toBe(0);
  });

  test("a router that fails in the middle of a stream: its client gets no clean end", async () => {
    const { port } = await startWith((sink) => {
      sink.open(200, STREAM);
      sink.write(Buffer.from("data: 1\n\n"));
      return Promise.reject(new Error("bug"));
    });
    await post(port).seen(/event: error\ndata: \{"type":"error"/);
  });
});

describe("clients that leave", () => {
  test.each([
    ["before the answer", (): void => undefined],
    ["in the middle of it", (sink: ClientSink) => sink.open(200, STREAM)],
  ])("%s: told once, at once when asked late, and later calls do nothing", async (_name, begin) => {
    const told: string[] = [];
    const sinks: ClientSink[] = [];
    const { port, stats } = await startWith(
      (sink) =>
        new Promise((resolve) => {
          begin(sink);
          sinks.push(sink);
          sink.onClientGone(() => {
            told.push("gone");
            sink.onClientGone(() => told.push("gone already"));
            sink.open(200, {});
            expect(sink.write(Buffer.from("x"))).toBe(true);
            sink.end();
            sink.destroy();
            resolve();
          });
        }),
    );
    const raw = post(port);
    await until(() => sinks.length > 0);
    raw.socket.destroy();
    await until(() => told.length > 1);
    expect(told).toEqual(["gone", "gone already"]);
    await until(() => stats().inFlight === 0);
  });

  test("are not told of after a complete answer", async () => {
    const told: string[] = [];
    const { port } = await startWith((sink) => {
      sink.onClientGone(() => told.push("gone"));
      sink.open(200, { "content-length": "2" });
      sink.write(Buffer.from("ok"));
      sink.end();
    });
    const raw = post(port);
    await raw.seen(/ok$/);
    raw.socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(told).toEqual([]);
  });

  test("are noticed for calls that were pipelined behind another", async () => {
    let gone = 0;
    const { port, stats } = await startWith(
      (sink) =>
        new Promise((resolve) =>
          sink.onClientGone(() => {
            gone += 1;
            resolve();
          }),
        ),
    );
    const one = rawPost(port, "/v1/messages", HELLO);
    const raw = openRaw(port, one + one);
    await until(() => stats().inFlight === 2);
    raw.socket.destroy();
    await until(() => stats().inFlight === 0);
    expect(gone).toBe(2);
  });
});
