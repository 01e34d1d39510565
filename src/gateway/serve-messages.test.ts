import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { createManualClock } from "../support/clock.ts";
import type { ClientSink } from "../router/router.ts";
import { answer, createFakeRouter, startTestGateway } from "./fake-router.fixture.ts";
import type { TestGatewayOptions } from "./fake-router.fixture.ts";
import type { Gateway } from "./start-gateway.ts";
import { HELLO, call, openRaw, rawPost } from "./test-client.fixture.ts";

const MIB = 1024 * 1024;
const open: Gateway[] = [];

async function start(options: TestGatewayOptions = {}): Promise<Gateway> {
  const gateway = await startTestGateway(options);
  open.push(gateway);
  return gateway;
}

afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close();
});

describe("what the router is given", () => {
  test.each([
    ["/v1/messages", "/v1/messages"],
    ["/v1/messages?beta=true", "/v1/messages?beta=true"],
    ["/messages?beta=true", "/v1/messages?beta=true"],
    ["/v1/v1/messages", "/v1/messages"],
  ])("%s is a message call at %s", async (path, upstreamPath) => {
    const router = createFakeRouter();
    const { port } = await start({ router });
    expect((await call(port, path, { body: HELLO })).status).toBe(200);
    expect(router.messageCalls.map((seen) => seen.path)).toEqual([upstreamPath]);
  });

  test.each([
    ["/v1/messages/count_tokens", "/v1/messages/count_tokens"],
    ["/messages/count_tokens", "/v1/messages/count_tokens"],
    ["/v1/v1/messages/count_tokens?beta=true", "/v1/messages/count_tokens?beta=true"],
  ])("%s counts tokens, without max_tokens", async (path, upstreamPath) => {
    const router = createFakeRouter();
    const { port } = await start({ router });
    const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hi" }] });
    expect((await call(port, path, { body })).status).toBe(200);
    expect(router.countTokensCalls.map((seen) => seen.path)).toEqual([upstreamPath]);
  });

  test("the bytes, the parsed value, an id, the time, and headers of the request itself", async () => {
    const router = createFakeRouter();
    const clock = createManualClock(1_700_000_000_000);
    clock.advance(42);
    const { port } = await start({ router, clock });
    const headers = {
      "Anthropic-Beta": "a,b",
      "x-leadsman-route": "support",
      "X-Api-Key": "sk-ant-1",
      connection: "keep-alive, x-private",
      "x-private": "1",
      te: "trailers",
      "proxy-authorization": "Basic x",
    };
    await call(port, "/v1/messages", { headers, body: HELLO });
    const [seen] = router.messageCalls;
    expect(Buffer.from(seen?.wireBytes ?? []).toString()).toBe(HELLO);
    expect(seen?.parsed.value.model).toBe("claude-opus-4-7");
    expect(seen?.arrivedMonotonicMs).toBe(42);
    expect(seen?.id).toMatch(/^req_\w{26}$/);
    expect(seen?.headers).toEqual({
      "anthropic-beta": "a,b",
      "x-leadsman-route": "support",
      "x-api-key": "sk-ant-1",
    });
  });

  test.each([
    ["identity", (bytes: Buffer) => bytes],
    ["gzip", (bytes: Buffer) => gzipSync(bytes)],
    ["br", (bytes: Buffer) => brotliCompressSync(bytes)],
    ["zstd", (bytes: Buffer) => zstdCompressSync(bytes)],
  ])("a body in %s: decoded to read, original to send", async (encoding, encode) => {
    const router = createFakeRouter();
    const { port, stats } = await start({ router });
    const body = encode(Buffer.from(HELLO));
    const headers = { "content-encoding": encoding };
    expect((await call(port, "/v1/messages", { headers, body })).status).toBe(200);
    const [seen] = router.messageCalls;
    expect(Buffer.compare(Buffer.from(seen?.wireBytes ?? []), body)).toBe(0);
    expect(Buffer.from(seen?.parsed.bytes ?? []).toString()).toBe(HELLO);
    expect(seen?.headers["content-encoding"]).toBe(encoding);
    expect(stats()).toMatchObject({ inFlight: 0, inFlightBytes: 0 });
  });

  test("a body in many pieces is the same body", async () => {
    const router = createFakeRouter();
    const { port } = await start({ router });
    const body = Array.from(HELLO, (character) => Buffer.from(character));
    await call(port, "/v1/messages", { body });
    expect(Buffer.from(router.messageCalls[0]?.wireBytes ?? []).toString()).toBe(HELLO);
  });

  test("who expects 100-continue is told to go on", async () => {
    const { port } = await start();
    const [head = "", body = ""] = rawPost(
      port,
      "/v1/messages",
      HELLO,
      "expect: 100-continue\r\n",
    ).split(/(?<=\r\n\r\n)/);
    const raw = openRaw(port, head);
    await raw.seen(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    raw.socket.write(body);
    await raw.seen(/HTTP\/1\.1 200 /);
    raw.socket.destroy();
  });
});

describe("bodies that are not message calls", () => {
  test.each([
    ["no JSON", "{"],
    ["nothing", ""],
    ["an array", "[]"],
    ["no model", '{"max_tokens":1,"messages":[]}'],
    ["no max_tokens", '{"model":"m","messages":[{"role":"user","content":"x"}]}'],
    ["no messages", '{"model":"m","max_tokens":1}'],
  ])("%s: 400 in the envelope, with an id", async (_name, body) => {
    const router = createFakeRouter();
    const { port, stats } = await start({ router });
    const refused = await call(port, "/v1/messages", { method: "POST", body });
    const id = refused.headers["x-leadsman-id"];
    expect(refused.status).toBe(400);
    expect(refused.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(refused.body)).toEqual({
      type: "error",
      error: { type: "invalid_request_error", message: expect.any(String) as string },
      request_id: id,
    });
    expect(id).toMatch(/^req_/);
    expect(router.messageCalls).toEqual([]);
    expect(stats()).toMatchObject({ inFlight: 0, inFlightBytes: 0, refused: 1 });
  });

  test("an encoding that is unknown gets 415, one that is broken 400", async () => {
    const { port } = await start();
    const statusOf = async (encoding: string): Promise<number> => {
      const headers = { "content-encoding": encoding };
      return (await call(port, "/v1/messages", { headers, body: HELLO })).status;
    };
    expect(await statusOf("compress")).toBe(415);
    expect(await statusOf("gzip")).toBe(400);
  });
});

describe("bodies that are too large", () => {
  const chunks = Array.from({ length: 33 }, () => Buffer.alloc(MIB, 32));

  test("33 MiB declared and sent: 413 reaches the client", async () => {
    const router = createFakeRouter();
    const { port } = await start({ router });
    const { status, body } = await call(port, "/v1/messages", { body: Buffer.concat(chunks) });
    expect([status, JSON.parse(body)]).toMatchObject([
      413,
      { error: { type: "request_too_large" } },
    ]);
    expect(router.messageCalls).toEqual([]);
  });

  test("33 MiB in chunks: 413 reaches the client, and nothing stays booked", async () => {
    const { port, stats } = await start();
    const { status, body } = await call(port, "/v1/messages", { body: chunks });
    expect([status, JSON.parse(body)]).toMatchObject([
      413,
      { error: { type: "request_too_large" } },
    ]);
    expect(stats()).toMatchObject({ inFlight: 0, inFlightBytes: 0 });
  });

  test("a client that reads only after it has sent all finds its 413", async () => {
    const { port } = await start();
    const raw = openRaw(port);
    raw.socket.pause();
    const body = " ".repeat(33 * MIB);
    await new Promise((resolve) => {
      raw.socket.write(rawPost(port, "/v1/messages", body), resolve);
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    raw.socket.resume();
    expect(await raw.closed()).toMatch(/^HTTP\/1\.1 413 [^]*request_too_large/);
  });

  test("a declaration alone is enough, also of who waits for 100-continue", async () => {
    const { port } = await start();
    for (const expectation of ["", "expect: 100-continue\r\n"]) {
      const raw = openRaw(
        port,
        `POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1:${String(port)}\r\n` +
          `content-length: ${String(40 * MIB)}\r\n${expectation}\r\n`,
      );
      expect(await raw.seen(/request_too_large/)).toMatch(/^HTTP\/1\.1 413 /);
      raw.socket.destroy();
    }
  });

  test("exactly the limit is served, one byte more is not", async () => {
    const { port } = await start({ limits: { maxBodyBytes: HELLO.length } });
    expect((await call(port, "/v1/messages", { body: HELLO })).status).toBe(200);
    expect((await call(port, "/v1/messages", { body: `${HELLO} ` })).status).toBe(413);
    const inChunks = [Buffer.from(HELLO), Buffer.from(" ")];
    expect((await call(port, "/v1/messages", { body: inChunks })).status).toBe(413);
  });

  test("a gzip bomb is 413, and its size is never held", async () => {
    const { port, stats } = await start();
    const body = gzipSync(Buffer.alloc(200 * MIB, 32));
    const headers = { "content-encoding": "gzip" };
    expect((await call(port, "/v1/messages", { headers, body })).status).toBe(413);
    expect(stats()).toMatchObject({ inFlight: 0, inFlightBytes: 0 });
  });
});

describe("a full gateway", () => {
  test("turns away by count with 529 and retry-after, and serves again afterwards", async () => {
    const sinks: ClientSink[] = [];
    const router = createFakeRouter({
      messages: (_request, sink) =>
        new Promise((resolve) => {
          sinks.push(sink);
          if (sinks.length > 1) answer(sink, {});
          else setTimeout(() => resolve(answer(sink, {})), 200);
          if (sinks.length > 1) resolve();
        }),
    });
    const { port, stats } = await start({ router, limits: { maxConcurrent: 1 } });
    const first = call(port, "/v1/messages", { body: HELLO });
    while (stats().inFlight === 0) await new Promise(setImmediate);
    const second = await call(port, "/v1/messages", { body: HELLO });
    expect(second.status).toBe(529);
    expect(second.headers["retry-after"]).toBe("1");
    expect(second.body).toContain("overloaded_error");
    expect((await call(port, "/v1/files")).status).toBe(529);
    expect((await call(port, "/healthz")).status).toBe(200);
    expect((await first).status).toBe(200);
    expect((await call(port, "/v1/messages", { body: HELLO })).status).toBe(200);
    expect(stats()).toMatchObject({ inFlight: 0, accepted: 2, refused: 2 });
  });

  test("turns away by bytes, counting what is decoded too", async () => {
    const { port, stats } = await start({ limits: { maxInFlightBytes: 150 } });
    expect((await call(port, "/v1/messages", { body: HELLO })).status).toBe(200);
    const headers = { "content-encoding": "gzip" };
    const zipped = await call(port, "/v1/messages", { headers, body: gzipSync(HELLO) });
    expect([zipped.status, zipped.headers["retry-after"]]).toEqual([529, "1"]);
    const long = HELLO + " ".repeat(100);
    expect((await call(port, "/v1/messages", { body: long })).status).toBe(529);
    const inChunks = [Buffer.from(HELLO), Buffer.alloc(100, 32)];
    expect((await call(port, "/v1/messages", { body: inChunks })).status).toBe(529);
    expect(stats()).toMatchObject({ inFlight: 0, inFlightBytes: 0 });
  });

  test("a client that leaves in the middle of its body gives its place back", async () => {
    const { port, stats } = await start();
    const raw = openRaw(port, rawPost(port, "/v1/messages", HELLO).slice(0, -5));
    while (stats().inFlightBytes === 0) await new Promise(setImmediate);
    raw.socket.destroy();
    while (stats().inFlight > 0) await new Promise(setImmediate);
    expect(stats().inFlightBytes).toBe(0);
  });
});
