import { expect, test } from "vitest";

import { DEFAULT_TIMEOUTS } from "../provider.ts";
import { callForValue } from "./batch-call.ts";
import { scriptedProvider } from "./scripted-provider.fixture.ts";
import type { ScriptedProvider, ScriptedResponse } from "./scripted-provider.fixture.ts";

const LOST = { code: "connection_lost", message: "lost", isSafeToRetry: false } as const;

function call(response: ScriptedResponse): {
  outcome: Promise<unknown>;
  provider: ScriptedProvider;
} {
  const provider = scriptedProvider(response);
  const outcome = callForValue({
    provider,
    request: { method: "POST", path: "/", headers: {}, body: null, timeouts: DEFAULT_TIMEOUTS },
    isChange: true,
    read: (value) => value,
    signal: undefined,
  });
  return { outcome, provider };
}

const MEGABYTE = Buffer.alloc(1024 * 1024, "1");

test("an answer without end is given up", async () => {
  const { outcome, provider } = call({ chunks: Array.from({ length: 20 }, () => MEGABYTE) });
  expect(await outcome).toMatchObject({
    failure: { kind: "unreadable", code: "response_too_large", mayHaveTakenEffect: true },
  });
  expect(provider.told).toEqual(["abort"]);
});

test("an error without end is still that error", async () => {
  const { outcome, provider } = call({ head: { status: 429 }, chunks: [MEGABYTE, MEGABYTE] });
  expect(await outcome).toMatchObject({
    failure: { kind: "http_error", code: "status_429", mayHaveTakenEffect: false },
  });
  expect(provider.told).toEqual(["abort"]);
});

test("a refusal whose words were cut off still stands", async () => {
  const { outcome } = call({ head: { status: 400 }, chunks: [Buffer.from("{")], failure: LOST });
  expect(await outcome).toMatchObject({
    failure: { kind: "http_error", code: "status_400", mayHaveTakenEffect: false },
  });
});

test("a redirect is no answer", async () => {
  const { outcome } = call({ head: { status: 302 }, chunks: [Buffer.from("{}")] });
  expect(await outcome).toMatchObject({
    failure: { code: "status_302", mayHaveTakenEffect: true },
  });
});

test("any status of success will do", async () => {
  const { outcome } = call({ head: { status: 201 }, chunks: [Buffer.from("[1]")] });
  expect(await outcome).toEqual({ ok: true, value: [1] });
});
