import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { DEFAULT_TIMEOUTS } from "../provider.ts";
import type { UpstreamFailure } from "../provider.ts";
import type { BatchResult } from "./batch-result.ts";
import { readResults } from "./results-reading.ts";
import type { TakeResult } from "./results-reading.ts";
import { scriptedProvider } from "./scripted-provider.fixture.ts";
import type { ScriptedProvider, ScriptedResponse } from "./scripted-provider.fixture.ts";

/** Names and errors outside of ASCII, and one type that is new. */
const RESULTS = [
  { custom_id: "größe-😀", result: { type: "canceled" } },
  {
    custom_id: "b",
    result: { type: "errored", error: { type: "error", error: { type: "x", message: "日本\n" } } },
  },
  { custom_id: "c", result: { type: "new", value: "é" } },
  { custom_id: "d", result: { type: "expired" } },
];
const BYTES = Buffer.from(RESULTS.map((result) => JSON.stringify(result)).join("\n"));
const IDS = RESULTS.map(({ custom_id: customId }) => customId);
const LOST: UpstreamFailure = { code: "connection_lost", message: "lost", isSafeToRetry: false };

function read(provider: ScriptedProvider, onResult: TakeResult): ReturnType<typeof readResults> {
  const request = {
    method: "GET",
    path: "/",
    headers: {},
    body: null,
    timeouts: DEFAULT_TIMEOUTS,
  };
  return readResults({ provider, request, onResult, signal: undefined });
}

async function readAll(
  response: ScriptedResponse,
  isSlow: boolean = false,
): Promise<{ outcome: unknown; seen: readonly BatchResult[] }> {
  const seen: BatchResult[] = [];
  const outcome = await read(scriptedProvider(response), (result) => {
    seen.push(result);
    return isSlow ? Promise.resolve() : undefined;
  });
  return { outcome, seen };
}

function idsOf(seen: readonly BatchResult[]): readonly string[] {
  return seen.map(({ customId }) => customId);
}

function cutAt(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const ends = [0, ...places, bytes.length].sort((a, b) => a - b);
  return ends.slice(1).map((end, i) => bytes.subarray(ends[i], end));
}

describe.each([false, true])("results, taken slowly: %s", (isSlow) => {
  test("are the same whatever byte they are cut at", async () => {
    const whole = await readAll({ chunks: [BYTES] }, isSlow);
    expect(whole.outcome).toEqual({ ok: true, value: { count: 4 } });
    expect(whole.seen).toEqual([
      { customId: IDS[0], result: { type: "canceled" } },
      { customId: "b", result: { type: "errored", error: { type: "x", message: "日本\n" } } },
      { customId: "c", result: { type: "unknown", name: "new", value: RESULTS[2]?.result } },
      { customId: "d", result: { type: "expired" } },
    ]);
    for (let at = 0; at <= BYTES.length; at += 1) {
      expect(await readAll({ chunks: cutAt(BYTES, [at]) }, isSlow)).toEqual(whole);
    }
  });

  test("are the same in any number of pieces", async () => {
    const places = fc.array(fc.nat(BYTES.length));
    await fc.assert(
      fc.asyncProperty(places, async (cuts) => {
        const { outcome, seen } = await readAll({ chunks: cutAt(BYTES, cuts) }, isSlow);
        expect(outcome).toEqual({ ok: true, value: { count: 4 } });
        expect(idsOf(seen)).toEqual(IDS);
      }),
    );
  });

  test("that break off anywhere are a failure behind all that were whole", async () => {
    for (let at = 0; at <= BYTES.length; at += 1) {
      const part = BYTES.subarray(0, at);
      const { outcome, seen } = await readAll({ chunks: [part], failure: LOST }, isSlow);
      expect(outcome).toMatchObject({ ok: false, failure: { code: "connection_lost" } });
      expect(idsOf(seen)).toEqual(IDS.slice(0, part.toString().split("\n").length - 1));
    }
  });

  test("that end inside a line are unreadable", async () => {
    const { outcome, seen } = await readAll({ chunks: [BYTES.subarray(0, -3)] }, isSlow);
    expect(outcome).toMatchObject({
      ok: false,
      failure: { kind: "unreadable", code: "result_unreadable" },
    });
    expect(JSON.stringify(outcome)).toContain("Result 4 ");
    expect(seen).toHaveLength(3);
  });

  test("may have blank lines and carriage returns", async () => {
    const text = `\n\r\n${BYTES.toString().replaceAll("\n", "\r\n\r\n")}\r\n\n `;
    const { outcome } = await readAll({ chunks: [Buffer.from(text)] }, isSlow);
    expect(outcome).toEqual({ ok: true, value: { count: 4 } });
  });

  test("may be none", async () => {
    const { outcome } = await readAll({ chunks: [] }, isSlow);
    expect(outcome).toEqual({ ok: true, value: { count: 0 } });
  });
});

test("an unreadable line closes the connection, and nothing behind it is handed over", async () => {
  const provider = scriptedProvider({ chunks: [Buffer.from("{}\n"), BYTES, BYTES] });
  const seen: string[] = [];
  const outcome = await read(provider, ({ customId }) => {
    seen.push(customId);
  });
  expect(outcome).toMatchObject({ ok: false, failure: { code: "result_unreadable" } });
  expect(provider.told).toEqual(["abort"]);
  expect(seen).toEqual([]);
});

test("a line that never ends is given up", async () => {
  const chunk = Buffer.alloc(1024 * 1024, "x");
  const provider = scriptedProvider({ chunks: Array.from({ length: 40 }, () => chunk) });
  const outcome = await read(provider, () => undefined);
  expect(outcome).toMatchObject({ ok: false, failure: { code: "result_too_large" } });
  expect(provider.told.at(-1)).toBe("abort");
});

test("the call is paused while a result is being taken, and resumed when all are", async () => {
  const provider = scriptedProvider({ chunks: [BYTES], failure: LOST });
  let waiting = 0;
  await read(provider, async () => {
    waiting += 1;
    await Promise.resolve();
    expect(provider.told).toEqual(Array.from({ length: waiting }, () => "pause"));
  });
  expect(waiting).toBe(3);
});

test("an error response is read as one, whole or not", async () => {
  const envelope = '{"type":"error","error":{"type":"api_error","message":"no"}}';
  const head = { status: 500, headers: { "request-id": "req_1" } };
  const whole = await readAll({ head, chunks: [Buffer.from(envelope)] });
  expect(whole.outcome).toMatchObject({
    failure: { kind: "http_error", code: "api_error", status: 500, headers: head.headers },
  });
  const part = [Buffer.from(envelope.slice(0, 20))];
  const cut = await readAll({ head, chunks: part, failure: LOST });
  expect(cut.outcome).toMatchObject({ failure: { kind: "http_error", code: "status_500" } });
});
