import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  startSimulatedServer,
  type SimulatedServer,
} from "../../src/providers/simulated/simulated-server.ts";
import { createSimulatedProvider } from "../../src/providers/simulated/simulated-provider.ts";
import { DEFAULT_TIMEOUTS } from "../../src/providers/provider.ts";
import { CAP_NANO_USD, describeMessagesApi } from "./messages-api-suite.ts";
import { rejectedRequests } from "./rejected-requests.ts";
import { fixtureOf, type ReplyFixture } from "./reply-fixture.ts";
import { boundOf, capSpending } from "./spend-cap.ts";

/** Rules that the simulation plays too; the others can only be checked against the real API. */
const SIMULATED_RULES: readonly string[] = [
  ...["sampling", "enabledThinking", "adaptiveThinking", "efforts", "prefill", "systemRole"],
];

const KEY = "sk-ant-simulated-0123";
const kept = new Map<string, ReplyFixture>();
let server: SimulatedServer;

beforeAll(async () => {
  server = await startSimulatedServer({ timeScale: 0.2 });
});
afterAll(async () => {
  await server.close();
  expect(kept.size).toBeGreaterThan(4);
  expect(JSON.stringify([...kept])).not.toMatch(/sk-ant|msg_sim|req_sim|00000000-0000/);
});

describe("the live suite, run against the SIMULATED server only", () => {
  describeMessagesApi(() => ({
    baseUrl: server.url,
    apiKey: KEY,
    keep: (name, fixture) => kept.set(name, fixture),
    refuses: ({ rule }) => SIMULATED_RULES.includes(rule),
  }));
});

describe("what the live suite relies on", () => {
  test("asks for every rule by which the default models refuse something", () => {
    const rulesOf = (model: string): readonly string[] =>
      rejectedRequests(model).map(({ rule }) => rule);
    expect(rulesOf("claude-haiku-4-5")).toEqual([
      ...["sampling", "adaptiveThinking", "betweenToolsThinking", "efforts", "forcedToolChoice"],
      ...["systemRole", "fastSpeed"],
    ]);
    expect(rulesOf("claude-opus-4-7")).toEqual([
      ...["sampling", "enabledThinking", "betweenToolsThinking", "prefill", "systemRole"],
      "fastSpeed",
    ]);
  });

  test("no probe could cost more than the whole cap by itself", () => {
    for (const model of ["claude-haiku-4-5", "claude-opus-4-7"]) {
      for (const { request } of rejectedRequests(model)) {
        const body = Buffer.from(JSON.stringify(request));
        expect(boundOf({ body })).toBeLessThan(CAP_NANO_USD);
      }
    }
  });

  test("a capped provider books what calls used and makes none that could go over", async () => {
    const upstream = createSimulatedProvider({});
    const body = Buffer.from(
      JSON.stringify({
        ...{ model: "claude-haiku-4-5", max_tokens: 100 },
        messages: [{ role: "user", content: "Hello" }],
      }),
    );
    const bound = boundOf({ body });
    const provider = capSpending(upstream, bound + bound / 3n);
    const send = (headers = {}): Promise<string> =>
      new Promise((resolve) => {
        const request = { method: "POST", path: "/v1/messages", headers, body };
        provider.send(
          { ...request, timeouts: DEFAULT_TIMEOUTS },
          {
            onHead: ({ status }) => resolve(String(status)),
            onChunk: () => undefined,
            onEnd: () => undefined,
            onFailure: ({ message }) => resolve(message),
          },
        );
      });
    expect(await send({ "x-simulate": "status=500" })).toBe("500");
    await new Promise(setImmediate);
    expect(provider.committedNanoUsd()).toBe(0n);
    expect(await send()).toBe("200");
    await new Promise(setImmediate);
    expect(provider.committedNanoUsd()).toBeLessThan(bound / 3n);
    expect(await send({ "x-simulate": "die-at-start" })).toBe("200");
    expect(await send()).toContain("not made");
    expect(provider.refusedCalls()).toBe(1);
    expect(upstream.calls()).toHaveLength(3);
  });

  test("a kept reply names nobody", () => {
    const headers = { "content-type": "application/json", "request-id": "req_011C" };
    const body =
      '{"id":"msg_01Ab","request_id":"req_011C","org":"0a1b2c3d-0000-4000-8000-000000000001"}';
    expect(fixtureOf({ status: 200, headers, body })).toEqual({
      ...{ status: 200, contentType: "application/json" },
      body: '{"id":"msg_redacted","request_id":"req_redacted","org":"uuid_redacted"}',
    });
  });
});
