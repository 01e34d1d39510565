import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { LookupAddress } from "node:dns";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ResolveHost } from "./checked-lookup.ts";
import {
  createMessagePoster,
  type MessagePoster,
  type MessagePosterOptions,
} from "./post-message.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const never = new AbortController().signal;
const ok: Answer = (_request, response) => {
  response.end("ok");
};

let answer: Answer = ok;
let port = 0;
let received: string[] = [];
const posters: MessagePoster[] = [];
const server = createServer((request, response) => {
  received.push(`${request.method ?? ""} ${request.headers.host ?? ""}${request.url ?? ""}`);
  answer(request, response);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
afterEach(async () => {
  answer = ok;
  received = [];
  await Promise.all(posters.splice(0).map((poster) => poster.close()));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function open(options: Partial<MessagePosterOptions> = {}): MessagePoster {
  const poster = createMessagePoster({ allowPrivate: true, timeoutMs: 5_000, ...options });
  posters.push(poster);
  return poster;
}

function message(host = "127.0.0.1"): Parameters<MessagePoster["post"]>[0] {
  return { url: `http://${host}:${port}/hook`, headers: { "x-one": "1" }, body: "{}" };
}

describe("what a receiver answers", () => {
  test.each<[number, Record<string, string>, object]>([
    [200, {}, { kind: "delivered", status: 200 }],
    [202, {}, { kind: "delivered", status: 202 }],
    [204, {}, { kind: "delivered", status: 204 }],
    [301, { location: "/other" }, { reason: "redirect", mayRetry: false }],
    [307, { location: "/other" }, { reason: "redirect", mayRetry: false }],
    [400, {}, { reason: "status_400", mayRetry: false, detail: "no_text" }],
    [404, {}, { reason: "status_404", mayRetry: false }],
    [408, {}, { reason: "status_408", mayRetry: true }],
    [410, {}, { reason: "status_410", mayRetry: false }],
    [429, { "retry-after": "30" }, { reason: "status_429", mayRetry: true, retryAfterMs: 30_000 }],
    [500, { "retry-after": "soon" }, { reason: "status_500", mayRetry: true, retryAfterMs: null }],
    [503, {}, { reason: "status_503", mayRetry: true }],
  ])("with %d %j", async (status, headers, outcome) => {
    answer = (_request, response) => {
      response.writeHead(status, headers);
      response.end(status === 204 ? undefined : "no_text");
    };
    expect(await open().post(message(), never)).toMatchObject(outcome);
    expect(received).toEqual([`POST 127.0.0.1:${port}/hook`]);
  });

  test("is read to a limit, however much there is", async () => {
    let written = 0;
    answer = (_request, response) => {
      response.writeHead(500);
      const more = (): void => {
        if (response.destroyed) return;
        written += 65_536;
        response.write("x".repeat(65_536), () => setImmediate(more));
      };
      more();
    };
    const outcome = await open().post(message(), never);
    expect(outcome).toMatchObject({ reason: "status_500", detail: "x".repeat(200) });
    expect(written).toBeLessThan(32 * 1024 ** 2);
  });

  test("may take so long and no longer", async () => {
    answer = () => undefined;
    expect(await open({ timeoutMs: 100 }).post(message(), never)).toMatchObject({
      ...{ reason: "timeout", mayRetry: true },
    });
    answer = (_request, response) => {
      response.write("and so");
    };
    expect(await open({ timeoutMs: 100 }).post(message(), never)).toMatchObject({
      ...{ reason: "timeout", mayRetry: true },
    });
  });

  test("is not waited for when the process stops", async () => {
    answer = () => undefined;
    const outcome = await open().post(message(), AbortSignal.timeout(50));
    expect(outcome).toMatchObject({ reason: "interrupted", mayRetry: true });
  });

  test("may be nothing: nobody listens, or there is no such host", async () => {
    const resolve: ResolveHost = (host, told) => {
      told(new Error(`nobody knows ${host}`), []);
    };
    const poster = open({ resolve });
    expect(await poster.post(message("nowhere.test"), never)).toMatchObject({
      ...{ reason: "network", mayRetry: true, detail: "nobody knows nowhere.test" },
    });
    const url = "http://127.0.0.1:1/";
    expect(await poster.post({ ...message(), url }, never)).toMatchObject({ reason: "network" });
  });
});

describe("addresses that are not public", () => {
  const at = (...addresses: readonly string[]): ResolveHost => {
    const found = addresses.map((address): LookupAddress => ({
      address,
      family: address.includes(":") ? 6 : 4,
    }));
    return (_host, told) => {
      told(null, found);
    };
  };

  test.each([
    ...["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "0.0.0.0", "0"],
    ...["%31%32%37.0.0.1", "127.0.0.1.", "１２７.０.０.１", "169.254.169.254", "10.0.0.7"],
    ...["192.168.1.1", "100.100.100.200", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"],
    ...["[fd00:ec2::254]", "[fe80::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"],
  ])("are refused in any spelling: %s", async (host) => {
    const outcome = await open({ allowPrivate: false }).post(message(host), never);
    expect(outcome).toMatchObject({ reason: "address_refused", mayRetry: false });
    expect(received).toEqual([]);
  });

  test.each([
    ["localhost", ["127.0.0.1"]],
    ["metadata.test", ["169.254.169.254"]],
    ["half.test", ["93.184.216.34", "127.0.0.1"]],
    ["six.test", ["2606:4700::1", "::ffff:10.0.0.1"]],
  ])("are refused behind a name: %s", async (host, addresses) => {
    const poster = open({ allowPrivate: false, resolve: at(...addresses) });
    const outcome = await poster.post(message(host), never);
    expect(outcome).toMatchObject({ reason: "address_refused", mayRetry: false });
    expect(received).toEqual([]);
  });

  test("are what this machine's own name for itself leads to", async () => {
    const outcome = await open({ allowPrivate: false }).post(message("localhost"), never);
    expect(outcome).toMatchObject({ reason: "address_refused" });
  });

  test("are connected under a name where they are allowed: at the address that was checked", async () => {
    let asked = 0;
    const poster = open({
      resolve: (host, told) => {
        asked += 1;
        at("127.0.0.1")(host, told);
      },
    });
    const outcomes = [
      await poster.post(message("hook.test"), never),
      await poster.post(message("hook.test"), never),
    ];
    expect(outcomes).toMatchObject([{ kind: "delivered" }, { kind: "delivered" }]);
    expect(received).toEqual(new Array(2).fill(`POST hook.test:${port}/hook`));
    expect(asked).toBe(2);
  });
});
