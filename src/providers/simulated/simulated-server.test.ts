import Anthropic from "@anthropic-ai/sdk";
import { afterEach, expect, test } from "vitest";

import { createManualClock } from "../../support/clock.ts";
import { sleep } from "../../support/sleep.ts";
import { startSimulatedServer } from "./simulated-server.ts";
import type { SimulatedServer, SimulatedServerOptions } from "./simulated-server.ts";
import { createSimulatedWorld } from "./simulated-world.ts";

let server: SimulatedServer | null = null;

async function start(options: SimulatedServerOptions = {}): Promise<SimulatedServer> {
  server = await startSimulatedServer(options);
  return server;
}

afterEach(async () => {
  await server?.close();
  server = null;
});

function client(url: string): Anthropic {
  return new Anthropic({ baseURL: url, apiKey: "x", maxRetries: 0 });
}

const world = createSimulatedWorld({ seed: "server" });
/** One with a long answer. */
const PROMPT = "Which clause applies? [task:legal_ambiguity#1]";
const PARAMS: Anthropic.MessageCreateParamsNonStreaming = {
  model: "claude-opus-4-7",
  max_tokens: 400,
  messages: [{ role: "user", content: PROMPT }],
};

test("the official SDK reads a whole answer", async () => {
  const { url, calls } = await start({ world });
  const message = await client(url).messages.create(PARAMS);
  expect(message.content).toEqual([
    { type: "text", text: world.answer("claude-opus-4-7", PROMPT).text },
  ]);
  expect(message.stop_reason).toBe("end_turn");
  expect(message.usage.output_tokens).toBeGreaterThan(1);
  expect(calls()).toMatchObject([
    { method: "POST", path: "/v1/messages", model: "claude-opus-4-7", isTriage: false },
  ]);
});

test("the official SDK reads a stream to the same message", async () => {
  const { url } = await start({ world, bytesPerChunk: 7 });
  const stream = client(url).messages.stream(PARAMS);
  let text = "";
  stream.on("text", (piece) => {
    text += piece;
  });
  const message = await stream.finalMessage();
  expect(text).toBe(world.answer("claude-opus-4-7", PROMPT).text);
  expect(message).toMatchObject({ stop_reason: "end_turn", content: [{ type: "text", text }] });
});

test("the official SDK knows the errors", async () => {
  const { url } = await start({ world });
  const create = (simulate: string): Promise<unknown> =>
    client(url).messages.create(PARAMS, { headers: { "x-simulate": simulate } });
  await expect(create("status=429")).rejects.toBeInstanceOf(Anthropic.RateLimitError);
  await expect(create("status=529")).rejects.toMatchObject({ status: 529 });
  await expect(create("die-before-head")).rejects.toBeInstanceOf(Anthropic.APIConnectionError);
  const stream = client(url).messages.stream(PARAMS, {
    headers: { "x-simulate": "error-mid-answer" },
  });
  await expect(stream.finalMessage()).rejects.toThrow(/overloaded_error/);
});

test("the official SDK counts tokens and lists models", async () => {
  const { url } = await start({ world });
  const { model, messages } = PARAMS;
  const count = await client(url).messages.countTokens({ model, messages });
  expect(count.input_tokens).toBeGreaterThan(10);
  const models = await client(url).models.list();
  expect(models.data.map(({ id }) => id)).toContain("claude-haiku-4-5");
});

test("a paced answer takes its time, event by event", async () => {
  const { url } = await start({ world, timeScale: 0.05 });
  const arrivals: number[] = [];
  const stream = client(url).messages.stream(PARAMS);
  stream.on("text", () => arrivals.push(performance.now()));
  const startedMs = performance.now();
  await stream.finalMessage();
  const [first = 0, last = 0] = [arrivals[0], arrivals.at(-1)];
  // 2.2 s to the first token and 45 tokens a second, at a twentieth of the time.
  expect(first - startedMs).toBeGreaterThan(50);
  // From the start: a busy client may be late for the first of them.
  expect(last - startedMs).toBeGreaterThan(65);
  expect(new Set(arrivals).size).toBeGreaterThan(3);
});

test("the log says who left early, and when", async () => {
  const clock = createManualClock(1_000);
  const { url, calls } = await start({ world, clock });
  const leaving = new AbortController();
  const hanging = fetch(`${url}/v1/messages?beta=true`, {
    method: "POST",
    headers: { "x-simulate": "hang" },
    body: JSON.stringify(PARAMS),
    signal: leaving.signal,
  }).catch(() => null);
  while (calls().length === 0) await sleep(2);
  expect(calls()[0]).toMatchObject({ aborted: false, startedMs: 1_000, endedMs: null });
  clock.advance(250);
  leaving.abort();
  await hanging;
  while (calls()[0]?.endedMs === null) await sleep(2);
  expect(calls()[0]).toMatchObject({
    aborted: true,
    endedMs: 1_250,
    path: "/v1/messages?beta=true",
    body: Buffer.from(JSON.stringify(PARAMS)),
  });
});

test("a connection that the simulation cut was not left by its client", async () => {
  const { url, calls } = await start({ world });
  const headers = { "x-simulate": "die-before-head" };
  const init = { method: "POST", headers, body: JSON.stringify(PARAMS) };
  await expect(fetch(`${url}/v1/messages`, init)).rejects.toThrow();
  expect(calls()[0]).toMatchObject({ aborted: false });
});

test("only the latest calls are kept", async () => {
  const { url, calls } = await start({ world, recordedCalls: 2 });
  for (let i = 0; i < 4; i += 1) await fetch(url, { method: "HEAD" });
  expect(calls().map(({ index }) => index)).toEqual([2, 3]);
});

test("what is no endpoint is not found, and every response is marked", async () => {
  const { url } = await start({ world });
  const response = await fetch(`${url}/v1/nothing`);
  expect(response.status).toBe(404);
  expect(response.headers.get("x-leadsman-simulated")).toBe("1");
  expect(await response.json()).toMatchObject({ error: { type: "not_found_error" } });
});
