import { createServer as createHttpServer } from "node:http";
import type { IncomingMessage, RequestListener } from "node:http";
import { createServer, Socket } from "node:net";
import type { Server } from "node:net";

import { afterEach, describe, expect, test, vi } from "vitest";

import { sleep } from "../../support/sleep.ts";
import { describeProvider } from "../provider.contract.ts";
import { DEFAULT_TIMEOUTS } from "../provider.ts";
import type { Provider, UpstreamRequest } from "../provider.ts";
import { createRecordingSink } from "../recording-sink.fixture.ts";
import type { RecordingSink } from "../recording-sink.fixture.ts";
import { startSimulatedServer } from "../simulated/simulated-server.ts";
import { createAnthropicProvider } from "./anthropic-provider.ts";
import type { AnthropicProviderOptions } from "./anthropic-provider.ts";

describeProvider("anthropic provider", async ({ timeScale }) => {
  const upstream = await startSimulatedServer({ seed: "contract", timeScale });
  const gone = await startSimulatedServer({ seed: "contract" });
  await gone.close();
  const silent = await listen(createServer());
  return {
    provider: providerAt(upstream.url),
    refused: providerAt(gone.url),
    // A TLS connection stands only after a handshake, which nobody answers here.
    unanswered: providerAt(silent.url.replace("http:", "https:")),
    calls: upstream.calls,
    close: async () => {
      await upstream.close();
      await silent.close();
    },
  };
});

interface Listening {
  readonly url: string;
  readonly connections: () => number;
  close(): Promise<void>;
}

const open: Listening[] = [];
const silentListener: RequestListener = () => undefined;

afterEach(async () => {
  for (const listening of open.splice(0)) await listening.close();
});

describe("credentials", () => {
  const clientHeaders = {
    "x-api-key": "client-key",
    authorization: "Bearer client-token",
    "anthropic-beta": ["one", "two"],
  };

  test("passthrough forwards the client's own", async () => {
    const { provider, seen } = await echo({ auth: { kind: "passthrough" } });
    await completed(provider, { headers: clientHeaders });
    expect(seen[0]?.headers).toMatchObject({ ...clientHeaders, "anthropic-beta": "one, two" });
  });

  test("api_key replaces them", async () => {
    const { provider, seen } = await echo({ auth: { kind: "api_key", apiKey: "our-key" } });
    await completed(provider, { headers: clientHeaders });
    expect(seen[0]?.headers).toMatchObject({
      "x-api-key": "our-key",
      "anthropic-beta": "one, two",
    });
    expect(seen[0]?.headers).not.toHaveProperty("authorization");
  });
});

describe("the base URL", () => {
  test.each([
    ["", "/v1/messages?beta=true"],
    ["/", "/v1/messages?beta=true"],
    ["/team/anthropic/", "/team/anthropic/v1/messages?beta=true"],
  ])("with the path %j puts it before the request's own", async (path, expected) => {
    const { provider, seen } = await echo({}, path);
    await completed(provider, { path: "/v1/messages?beta=true" });
    expect(seen[0]?.url).toBe(expected);
  });

  test.each(["api.anthropic.com", "ftp://host", "http://", "https://u:secret@host", "http://h/?q"])(
    "%j is refused without being repeated",
    (baseUrl) => {
      const create = (): Provider => providerAt(baseUrl);
      expect(create).toThrow(expect.objectContaining({ code: "base_url_invalid" }));
      expect(create).not.toThrow(/secret/);
    },
  );
});

describe("connections", () => {
  test("are used again", async () => {
    const { provider, connections } = await echo({});
    for (let i = 0; i < 20; i += 1) await completed(provider, {});
    // A call made in the very moment another ends finds that one's connection still taken.
    expect(connections()).toBeLessThanOrEqual(2);
  });

  test("carry no delay, so that small events leave at once", async () => {
    const setNoDelay = vi.spyOn(Socket.prototype, "setNoDelay");
    const { provider } = await echo({});
    await completed(provider, {});
    const clientCalls = setNoDelay.mock.calls.filter(([isOn]) => isOn === true);
    setNoDelay.mockRestore();
    expect(clientCalls.length).toBeGreaterThan(0);
  });

  test("that are all taken make a call wait, no longer than it may", async () => {
    const upstream = await listening(createHttpServer(silentListener));
    const provider = providerAt(upstream.url, { connections: 1 });
    const first = createRecordingSink();
    const call = provider.send(requestOf({}), first);
    const second = await completed(provider, { timeouts: { connectMs: 50 } });
    expect(second.failure).toMatchObject({ code: "connect_timeout", isSafeToRetry: true });
    expect(second.failure?.message).toContain("no free connection");
    call.abort();
  });

  test("that the server closed while idle cost no call", async () => {
    const { provider, sockets, connections } = await echo({});
    await completed(provider, {});
    for (const socket of sockets) socket.destroy();
    await sleep(20);
    expect((await completed(provider, {})).head?.status).toBe(200);
    expect(connections()).toBe(2);
  });

  test("that are reset under a second call make it safe to retry", async () => {
    let count = 0;
    const upstream = await listening(
      createHttpServer((request, response) => {
        count += 1;
        if (count === 1) response.end("{}");
        else request.socket.resetAndDestroy();
      }),
    );
    const provider = providerAt(upstream.url);
    await completed(provider, {});
    const sink = await completed(provider, {});
    expect(sink.failure).toMatchObject({ code: "connection_lost", isSafeToRetry: true });
    const streamed = await completed(provider, { body: oneChunk() });
    expect(streamed.failure).toMatchObject({ code: "connection_lost", isSafeToRetry: false });
  });
});

describe("responses", () => {
  test("that redirect are handed over, not followed", async () => {
    const { provider, seen } = await echo({}, "", (_request, response) => {
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    const sink = await completed(provider, {});
    expect(sink.head).toMatchObject({ status: 307, headers: { location: "/elsewhere" } });
    expect(seen).toHaveLength(1);
  });

  test("announced by an early hint come once", async () => {
    const { provider } = await echo({}, "", (_request, response) => {
      response.writeEarlyHints({ link: "</style.css>; rel=preload" }, () => {
        response.end("done");
      });
    });
    const sink = await completed(provider, {});
    expect(sink.events).toEqual(["head", "chunk", "end"]);
    expect(sink.head?.status).toBe(200);
  });

  test("that are compressed stay compressed", async () => {
    const bytes = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const { provider } = await echo({}, "", (_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(bytes);
    });
    expect(Buffer.from((await completed(provider, {})).bytes()).equals(bytes)).toBe(true);
  });

  test("without a length that end with the connection are complete", async () => {
    const server = createServer((socket) => {
      socket.once("data", () =>
        socket.end("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nall of it"),
      );
    });
    const upstream = await listening(server);
    const sink = createRecordingSink();
    const call = providerAt(upstream.url).send(requestOf({}), sink);
    call.pause();
    await sleep(50);
    expect(sink.events).not.toContain("end");
    call.resume();
    await sink.over;
    expect(sink.events.at(-1)).toBe("end");
    expect(sink.text()).toBe("all of it");
  });
});

test("a request that cannot be sent is not worth a second try", async () => {
  const { provider } = await echo({});
  const sink = await completed(provider, { headers: { "x-key": "secret\nvalue" } });
  expect(sink.failure).toMatchObject({ code: "connect_failed", isSafeToRetry: false });
  expect(sink.failure?.message).toContain("x-key");
  expect(sink.failure?.message).not.toContain("secret");
});

/** A provider in front of a server that says `{}` unless told otherwise. */
async function echo(
  options: Partial<AnthropicProviderOptions>,
  path: string = "",
  listener: RequestListener = (_request, response) => response.end("{}"),
): Promise<{
  provider: Provider;
  seen: readonly IncomingMessage[];
  sockets: readonly Socket[];
  connections: () => number;
}> {
  const seen: IncomingMessage[] = [];
  const sockets: Socket[] = [];
  const server = createHttpServer((request, response) => {
    seen.push(request);
    request.resume();
    listener(request, response);
  });
  server.on("connection", (socket) => sockets.push(socket));
  const upstream = await listening(server);
  return {
    provider: providerAt(upstream.url + path, options),
    seen,
    sockets,
    connections: upstream.connections,
  };
}

function providerAt(baseUrl: string, options: Partial<AnthropicProviderOptions> = {}): Provider {
  return createAnthropicProvider({
    name: "anthropic",
    baseUrl,
    auth: { kind: "passthrough" },
    ...options,
  });
}

type RequestParts = Partial<Omit<UpstreamRequest, "timeouts">> & {
  readonly timeouts?: Partial<UpstreamRequest["timeouts"]>;
};

function requestOf(parts: RequestParts): UpstreamRequest {
  return {
    method: "POST",
    path: "/v1/messages",
    headers: {},
    body: Buffer.from("{}"),
    ...parts,
    timeouts: { ...DEFAULT_TIMEOUTS, ...parts.timeouts },
  };
}

function completed(provider: Provider, parts: RequestParts): Promise<RecordingSink> {
  const sink = createRecordingSink();
  provider.send(requestOf(parts), sink);
  return sink.over;
}

async function* oneChunk(): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield Buffer.from("{}");
}

async function listening(server: Server): Promise<Listening> {
  const started = await listen(server);
  open.push(started);
  return started;
}

async function listen(server: Server): Promise<Listening> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    connections: () => connections,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
