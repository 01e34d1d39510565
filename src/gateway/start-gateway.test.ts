import { Agent } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { createFakeRouter, startTestGateway } from "./fake-router.fixture.ts";
import type { TestGatewayOptions } from "./fake-router.fixture.ts";
import type { Gateway } from "./start-gateway.ts";
import { HELLO, call, openRaw, rawPost } from "./test-client.fixture.ts";

const open: Gateway[] = [];

async function start(options: TestGatewayOptions = {}): Promise<Gateway> {
  const gateway = await startTestGateway(options);
  open.push(gateway);
  return gateway;
}

afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close();
});

describe("start", () => {
  test.each(["0.0.0.0", "::", "192.0.2.1", "example.com"])(
    "refuses to listen on %s without a token",
    async (host) => {
      await expect(start({ host })).rejects.toMatchObject({ code: "token_required" });
    },
  );

  test.each(["", "two words", "naïve"])("refuses the token %j", async (token) => {
    await expect(start({ token })).rejects.toMatchObject({ code: "token_invalid" });
  });

  test("listens everywhere with a token and says where it can be reached", async () => {
    const gateway = await start({ host: "0.0.0.0", token: "t0ken" });
    expect(gateway.url).toBe(`http://127.0.0.1:${String(gateway.port)}`);
    expect((await call(gateway.port, "/healthz")).status).toBe(200);
    expect((await call(gateway.port, "/v1/models")).status).toBe(401);
  });

  test("says which address was taken", async () => {
    const { port } = await start();
    await expect(start({ port })).rejects.toMatchObject({
      code: "listen_failed",
      message: expect.stringContaining(`127.0.0.1:${String(port)}`) as string,
    });
  });
});

describe("callers", () => {
  test("a wrong or missing Host gets 421, also on public paths", async () => {
    const router = createFakeRouter();
    const { port } = await start({ router });
    for (const host of ["evil.example", `evil.example:${String(port)}`, "127.0.0.1:1"]) {
      for (const path of ["/v1/models", "/healthz", "/_leadsman/api/v1/health"]) {
        const { status, body } = await call(port, path, { headers: { host } });
        expect([status, JSON.parse(body)]).toMatchObject([421, { type: "error" }]);
      }
    }
    const old = openRaw(port, "GET /healthz HTTP/1.0\r\n\r\n");
    expect(await old.closed()).toContain(" 421 ");
    const missing = openRaw(port, "GET /healthz HTTP/1.1\r\n\r\n");
    expect(await missing.closed()).toContain(" 400 ");
    expect(router.forwardedCalls).toEqual([]);
  });

  test("allowed hosts are served", async () => {
    const { port } = await start({ allowedHosts: ["llm.example.com"] });
    const headers = { host: "llm.example.com" };
    expect((await call(port, "/v1/files", { headers })).status).toBe(200);
  });

  test("a page of another origin gets 403, also for a preflight; our own is served", async () => {
    const router = createFakeRouter();
    const { port } = await start({ router });
    const origin = "https://evil.example";
    const post = { headers: { origin }, body: HELLO };
    expect((await call(port, "/v1/messages", post)).status).toBe(403);
    const preflight = { method: "OPTIONS", headers: { origin } };
    expect((await call(port, "/v1/messages", preflight)).status).toBe(403);
    expect(router.messageCalls).toEqual([]);
    const own = { headers: { origin: `http://127.0.0.1:${String(port)}` }, body: HELLO };
    expect((await call(port, "/v1/messages", own)).status).toBe(200);
  });

  test.each([
    [{ "x-leadsman-token": "t0ken" }, 200, 200],
    [{ "X-Leadsman-Token": "t0ken", "x-api-key": "sk-ant-1" }, 200, 200],
    [{ authorization: "Bearer t0ken" }, 401, 200],
    [{ "x-api-key": "t0ken" }, 401, 200],
    [{ "x-leadsman-token": "T0ken" }, 401, 401],
    [{ authorization: "t0ken" }, 401, 401],
    [{}, 401, 401],
  ])("token in %j", async (headers, status, statusAsApiKey) => {
    for (const [requiresTokenAsApiKey, expected] of [
      [false, status],
      [true, statusAsApiKey],
    ] as const) {
      const { port } = await start({ token: "t0ken", requiresTokenAsApiKey });
      const post = { headers, body: HELLO };
      const { status: given, body } = await call(port, "/v1/messages", post);
      expect(given).toBe(expected);
      if (given === 401) expect(body).toContain("authentication_error");
      expect((await call(port, "/_leadsman/api/v1/health", { headers })).status).toBe(expected);
      expect((await call(port, "/nothing", { headers })).status).toBe(expected === 200 ? 404 : 401);
    }
  });

  test("probes need no token", async () => {
    const { port } = await start({ token: "t0ken" });
    expect(await call(port, "/", { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
    for (const path of ["/", "/healthz", "/readyz"]) {
      expect((await call(port, path)).status).toBe(200);
    }
  });

  test("no form of the token reaches the router", async () => {
    const router = createFakeRouter();
    const { port } = await start({ router, token: "t0ken", requiresTokenAsApiKey: true });
    const headers = {
      "x-leadsman-token": "t0ken",
      "x-api-key": "t0ken",
      authorization: "Bearer t0ken",
    };
    await call(port, "/v1/messages", { headers, body: HELLO });
    await call(port, "/v1/files", { headers });
    for (const seen of [...router.messageCalls, ...router.forwardedCalls]) {
      expect(JSON.stringify(seen.headers)).not.toContain("t0ken");
    }
    expect(router.messageCalls).toHaveLength(1);
    expect(router.forwardedCalls).toHaveLength(1);
  });
});

describe("connections", () => {
  test("a sender of slow headers is told 408 and closed", async () => {
    const { port, stats } = await start({ limits: { headersTimeoutMs: 200 } });
    const slow = openRaw(port, "GET /healthz HTTP/1.1\r\nhost:");
    const text = await slow.closed();
    expect(text).toContain("HTTP/1.1 408 ");
    expect(text).toContain('"timeout_error"');
    expect(stats().refusedByStatus.get(408)).toBe(1);
  });

  test("a sender of a slow body is told 408, and its place is free again", async () => {
    const { port, stats } = await start({
      limits: { headersTimeoutMs: 200, requestTimeoutMs: 300 },
    });
    const slow = openRaw(port, rawPost(port, "/v1/messages", HELLO).slice(0, -5));
    expect(await slow.closed()).toContain("HTTP/1.1 408 ");
    expect(stats()).toMatchObject({ inFlight: 0, inFlightBytes: 0, accepted: 1 });
  });

  test("headers over the limit get 431", async () => {
    const { port } = await start({ limits: { maxHeaderBytes: 2_000 } });
    const { status, body } = await call(port, "/healthz", { headers: { x: "y".repeat(3_000) } });
    expect([status, JSON.parse(body)]).toMatchObject([431, { type: "error" }]);
  });

  test.each([
    ["two lengths", "content-length: 2\r\ncontent-length: 3\r\n"],
    ["length and chunks", "content-length: 2\r\ntransfer-encoding: chunked\r\n"],
    ["no number", "content-length: +2\r\n"],
    ["unknown coding", "transfer-encoding: chunked, identity\r\n"],
    ["space before colon", "content-length : 2\r\n"],
    ["folded line", "x: a\r\n b\r\n"],
  ])("%s is bad HTTP: 400, and nothing after it is read", async (_name, headers) => {
    const router = createFakeRouter();
    const { port } = await start({ router });
    const host = `host: 127.0.0.1:${String(port)}\r\n`;
    const smuggled = `GET /v1/files HTTP/1.1\r\n${host}\r\n`;
    const raw = openRaw(port, `POST /v1/messages HTTP/1.1\r\n${host}${headers}\r\n{}${smuggled}`);
    const text = await raw.closed();
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 400"]);
    expect(text).toContain('"invalid_request_error"');
    expect(router.forwardedCalls).toEqual([]);
  });

  test("one connection serves many calls, refusals of small bodies included", async () => {
    const { port } = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    agent.on("free", (socket: { localPort?: number }) => ports.add(socket.localPort));
    for (const path of ["/v1/messages", "/nothing", "/v1/messages", "/healthz", "/v1/messages"]) {
      await call(port, path, { agent, body: HELLO });
    }
    expect(ports.size).toBe(1);
    agent.destroy();
  });

  test("pipelined calls are answered in their order", async () => {
    const router = createFakeRouter({
      messages: async ({ parsed }, sink) => {
        const delayMs = parsed.value.max_tokens;
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        sink.open(200, { "content-type": "text/event-stream" });
        sink.write(Buffer.from(`waited ${String(delayMs)};`));
        sink.end();
      },
    });
    const { port } = await start({ router });
    const body = (delayMs: number): string => HELLO.replace(":100", `:${String(delayMs)}`);
    const raw = openRaw(
      port,
      rawPost(port, "/v1/messages", body(60)) + rawPost(port, "/v1/messages", body(1)),
    );
    const text = await raw.seen(/waited 1;/);
    expect(text.indexOf("waited 60;")).toBeGreaterThan(0);
    expect(text.indexOf("waited 60;")).toBeLessThan(text.indexOf("waited 1;"));
    raw.socket.destroy();
  });

  test("an upgrade is not made: the request is served as it is", async () => {
    const router = createFakeRouter();
    const { port } = await start({ router });
    const headers =
      "connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n";
    const raw = openRaw(port, rawPost(port, "/v1/messages", HELLO, headers));
    expect(await raw.seen(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 200 /);
    const names = Object.keys(router.messageCalls[0]?.headers ?? {});
    expect(names.filter((name) => /upgrade|http2|connection/.test(name))).toEqual([]);
    raw.socket.destroy();
    const tunnel = openRaw(port, "CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example\r\n\r\n");
    expect(await tunnel.closed()).not.toContain(" 200 ");
  });

  test("answers do not name the software that makes them", async () => {
    const { port } = await start();
    for (const path of ["/v1/messages", "/nothing", "/healthz"]) {
      const { headers } = await call(port, path, { body: HELLO });
      expect(headers).not.toHaveProperty("server");
      expect(headers).not.toHaveProperty("x-powered-by");
    }
  });
});
