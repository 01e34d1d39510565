import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFakeRouter, startTestGateway, type FakeRouter } from "./fake-router.fixture.ts";
import type { Gateway } from "./start-gateway.ts";
import { HELLO, call } from "./test-client.fixture.ts";

let router: FakeRouter;
let gateway: Gateway;
beforeEach(async () => {
  router = createFakeRouter();
  gateway = await startTestGateway({ router });
});
afterEach(() => gateway.close());

async function refusal(path: string): Promise<readonly [number, string]> {
  const { status, body } = await call(gateway.port, path, { body: HELLO });
  const { error } = JSON.parse(body) as { error: { type: string; message: string } };
  return [status, `${error.type}: ${error.message}`];
}

describe("a path that comes of a wrong base URL is refused with the right one", () => {
  test.each([
    ["/v1", 404, "not_found_error: There is nothing at this path"],
    ["/v2/messages", 404, "not_found_error: There is nothing at this path"],
    ["/anthropic/v1/messages?beta=true", 404, "not_found_error: There is nothing at this path"],
    ["//v1/messages", 400, "invalid_request_error: The path is not a plain one"],
    ["/v1//v1/messages", 400, "invalid_request_error: The path is not a plain one"],
  ])("%s: %d", async (path, status, fault) => {
    const baseUrl = `http://127.0.0.1:${String(gateway.port)}`;
    expect(await refusal(path)).toEqual([
      status,
      `${fault}. Give clients the base URL without a path, without /v1 and without a slash at its ` +
        `end, such as ${baseUrl}`,
    ]);
    expect([router.messageCalls, router.forwardedCalls]).toEqual([[], []]);
  });
});

test.each([
  ["/favicon.ico", 404],
  ["/_leadsman/api/v1/receipts/", 404],
  ["/files/..", 400],
])("%s has nothing to do with one, and is told nothing of it", async (path, status) => {
  const [found, message] = await refusal(path);
  expect([found, message.includes("base URL")]).toEqual([status, false]);
});
