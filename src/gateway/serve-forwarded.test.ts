import { Agent } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import type { ClientSink, ForwardedRequest } from "../router/router.ts";
import { answer, createFakeRouter, startTestGateway } from "./fake-router.fixture.ts";
import type { FakeRouter } from "./fake-router.fixture.ts";
import type { Gateway } from "./start-gateway.ts";
import { HELLO, call, openRaw } from "./test-client.fixture.ts";

const open: Gateway[] = [];

async function startWith(
  forwarded: (request: ForwardedRequest, sink: ClientSink) => Promise<void> | void,
): Promise<{ gateway: Gateway; router: FakeRouter }> {
  const router = createFakeRouter({ forwarded });
  const virtualModels = (): string[] => [
    "leadsman",
    "leadsman/support",
    "claude-leadsman-support",
    "claude-leadsman-code",
  ];
  const gateway = await startTestGateway({ router, virtualModels, limits: { maxBodyBytes: 100 } });
  open.push(gateway);
  return { gateway, router };
}

afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close();
});

describe("other calls", () => {
  test.each(["/v1/files", "/v1/models"])(
    "who expects 100-continue before the body of %s is told to go on",
    async (path) => {
      const { gateway } = await startWith((_request, sink) => answer(sink, { data: [] }));
      const host = `host: 127.0.0.1:${String(gateway.port)}\r\n`;
      const length = "content-length: 2\r\nexpect: 100-continue\r\n\r\n";
      const raw = openRaw(gateway.port, `GET ${path} HTTP/1.1\r\n${host}${length}`);
      await raw.seen(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
      raw.socket.destroy();
    },
  );

  test.each([
    ["GET", "/v1/messages/batches?limit=2"],
    ["DELETE", "/v1/files/file_1"],
    ["GET", "/v1/messages"],
    ["HEAD", "/v1/models"],
    ["OPTIONS", "/v1/messages"],
    ["POST", "/v1/models"],
  ])("%s %s is forwarded without a body", async (method, path) => {
    const { gateway, router } = await startWith((_request, sink) => answer(sink, {}));
    const headers = { "x-api-key": "sk-ant-1", "content-length": "0" };
    expect((await call(gateway.port, path, { method, headers })).status).toBe(200);
    expect(router.forwardedCalls).toMatchObject([{ method, path, body: null }]);
    expect(router.forwardedCalls[0]?.headers).toEqual({ "x-api-key": "sk-ant-1" });
  });

  test("a body is handed on as it comes, without a limit or a buffer", async () => {
    const sizes: number[] = [];
    const { gateway } = await startWith(async ({ body }, sink) => {
      for await (const chunk of body ?? []) {
        sizes.push(typeof chunk === "number" ? 1 : chunk.byteLength);
        if (sizes.length === 1) {
          sink.open(200, {});
          sink.write(Buffer.from("first;"));
        }
      }
      sink.write(Buffer.from("all"));
      sink.end();
    });
    const host = `host: 127.0.0.1:${String(gateway.port)}\r\n`;
    const raw = openRaw(gateway.port);
    raw.socket.write(`POST /v1/files HTTP/1.1\r\n${host}content-length: 2000\r\n\r\n`);
    raw.socket.write("x".repeat(1_000));
    await raw.seen(/first;/);
    expect(gateway.stats().inFlightBytes).toBe(0);
    raw.socket.write("x".repeat(1_000));
    await raw.seen(/all/);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(2_000);
    raw.socket.destroy();
  });

  test("an answer may come before the end of the body, and the connection goes on", async () => {
    const { gateway } = await startWith(async ({ body }, sink) => {
      for await (const chunk of body ?? []) if (chunk !== 0) break;
      answer(sink, { early: true }, 413);
    });
    const body = Array.from({ length: 20 }, () => Buffer.alloc(100_000));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = 0; i < 3; i += 1) {
      const { status, body: text } = await call(gateway.port, "/v1/files", { body, agent });
      expect([status, text]).toEqual([413, '{"early":true}']);
    }
    agent.destroy();
  });

  test("a client that leaves while sending breaks its body off", async () => {
    const ends: string[] = [];
    const { gateway } = await startWith(async ({ body }, sink) => {
      sink.onClientGone(() => ends.push("gone"));
      try {
        for await (const chunk of body ?? []) ends.push(String(chunk));
        ends.push("complete");
      } catch {
        ends.push("broken");
      }
    });
    const raw = openRaw(
      gateway.port,
      `POST /v1/files HTTP/1.1\r\nhost: 127.0.0.1:${String(gateway.port)}\r\n` +
        "content-length: 9\r\n\r\nabc",
    );
    while (ends.length === 0) await new Promise(setImmediate);
    raw.socket.destroy();
    while (gateway.stats().inFlight > 0) await new Promise(setImmediate);
    expect(ends.toSorted()).toEqual(["abc", "broken", "gone"]);
  });

  test("an ambiguous path gets 400 and is not forwarded", async () => {
    const { gateway, router } = await startWith((_request, sink) => answer(sink, {}));
    for (const path of ["/v1/%2e%2e/x", "/v1//files", "/v1/%6dessages"]) {
      expect((await call(gateway.port, path, { body: HELLO })).status).toBe(400);
    }
    const raw = openRaw(
      gateway.port,
      `GET http://127.0.0.1/v1/files HTTP/1.1\r\nhost: 127.0.0.1:${String(gateway.port)}\r\n\r\n`,
    );
    expect(await raw.seen(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 400 /);
    raw.socket.destroy();
    expect(router.forwardedCalls).toEqual([]);
  });
});

describe("the model list", () => {
  const upstream = { data: [{ type: "model", id: "claude-opus-4-7" }], has_more: false };
  const json = { "content-type": "application/json; charset=utf-8" };

  async function modelsWith(
    status: number,
    headers: Record<string, string>,
    chunks: readonly string[],
  ): Promise<{ status: number; body: string }> {
    const { gateway, router } = await startWith((_request, sink) => {
      sink.open(status, headers);
      for (const chunk of chunks) sink.write(Buffer.from(chunk));
      sink.end();
    });
    const asked = { headers: { "accept-encoding": "gzip" } };
    const result = await call(gateway.port, "/v1/models?limit=1000", asked);
    expect(router.forwardedCalls[0]?.path).toBe("/v1/models?limit=1000");
    expect(router.forwardedCalls[0]?.headers["accept-encoding"]).toBe("identity");
    return result;
  }

  test("gets our virtual models at its end, whatever its declared length was", async () => {
    const text = JSON.stringify(upstream);
    const headers = { ...json, "content-length": String(text.length), etag: '"1"' };
    const { status, body } = await modelsWith(200, headers, [text.slice(0, 9), text.slice(9)]);
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({
      data: [
        { type: "model", id: "claude-opus-4-7" },
        {
          type: "model",
          id: "claude-leadsman-support",
          display_name: "Leadsman: support",
          created_at: "1970-01-01T00:00:00Z",
        },
        {
          type: "model",
          id: "claude-leadsman-code",
          display_name: "Leadsman: code",
          created_at: "1970-01-01T00:00:00Z",
        },
      ],
      has_more: false,
    });
  });

  const long = JSON.stringify({ data: ["x".repeat(1024 * 1024)] });
  test.each([
    ["an error", 401, json, '{"type":"error"}'],
    ["another status", 203, json, JSON.stringify(upstream)],
    ["a page before the last", 200, json, JSON.stringify({ ...upstream, has_more: true })],
    ["no JSON", 200, json, "{"],
    ["no list", 200, json, '{"data":{}}'],
    ["HTML", 200, { "content-type": "text/html" }, "<p>"],
    ["compressed", 200, { ...json, "content-encoding": "gzip" }, "zipped"],
    ["longer than 1 MiB", 200, json, long],
  ])("%s is passed on unmodified", async (_name, status, headers, text) => {
    const chunks = [text.slice(0, 1), text.slice(1)];
    expect(await modelsWith(status, headers, chunks)).toMatchObject({ status, body: text });
  });

  test("that breaks off is broken off", async () => {
    const { gateway } = await startWith((_request, sink) => {
      sink.open(200, json);
      sink.write(Buffer.from(JSON.stringify(upstream)));
      sink.destroy();
    });
    await expect(call(gateway.port, "/v1/models")).rejects.toThrow();
  });
});
