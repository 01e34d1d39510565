import Anthropic from "@anthropic-ai/sdk";
import { afterEach, expect, test } from "vitest";

import { createManualClock } from "../../../support/clock.ts";
import { startSimulatedServer } from "../simulated-server.ts";
import type { SimulatedServer, SimulatedServerOptions } from "../simulated-server.ts";
import { MINUTE_MS, world } from "./batch-api.fixture.ts";

let server: SimulatedServer | null = null;

async function openClient(options: SimulatedServerOptions = {}): Promise<Anthropic> {
  server = await startSimulatedServer({ world, ...options });
  return new Anthropic({ baseURL: server.url, apiKey: "x", maxRetries: 0 });
}

afterEach(async () => {
  await server?.close();
  server = null;
});

function requestsOf(count: number): Anthropic.Messages.BatchCreateParams["requests"] {
  return Array.from({ length: count }, (_, i) => ({
    custom_id: `row-${i}`,
    params: {
      model: "claude-opus-4-7",
      max_tokens: 500,
      messages: [{ role: "user", content: world.makeTask(i) }],
    },
  }));
}

test("the official SDK creates a batch, watches it, and reads its results", async () => {
  const clock = createManualClock(1_000);
  const client = await openClient({ clock, timeScale: 1, bytesPerChunk: 11 });
  const created = await client.messages.batches.create({ requests: requestsOf(60) });
  expect(created).toMatchObject({ processing_status: "in_progress", results_url: null });
  await expect(client.messages.batches.results(created.id)).rejects.toThrow(/results_url/);
  clock.advance(MINUTE_MS);
  const ended = await client.messages.batches.retrieve(created.id);
  expect(ended).toMatchObject({
    id: created.id,
    processing_status: "ended",
    request_counts: { processing: 0, succeeded: 60 },
  });
  const texts = new Map<string, string>();
  for await (const { custom_id: customId, result } of await client.messages.batches.results(
    created.id,
  )) {
    const block = result.type === "succeeded" ? result.message.content[0] : undefined;
    texts.set(customId, block?.type === "text" ? block.text : "");
  }
  expect(texts.size).toBe(60);
  for (const [i, { custom_id: customId }] of requestsOf(60).entries()) {
    expect(texts.get(customId)).toBe(world.answer("claude-opus-4-7", world.makeTask(i)).text);
  }
});

test("the official SDK cancels a batch", async () => {
  const clock = createManualClock();
  const client = await openClient({ clock, timeScale: 1 });
  const { id } = await client.messages.batches.create({ requests: requestsOf(300) });
  clock.advance(30_000);
  const canceling = await client.messages.batches.cancel(id);
  expect(canceling.processing_status).toBe("canceling");
  clock.advance(5_000);
  const { request_counts: counts } = await client.messages.batches.retrieve(id);
  expect(counts).toMatchObject({ processing: 0, succeeded: 150, canceled: 150 });
});

test("the official SDK lists batches, page after page", async () => {
  const client = await openClient();
  const ids: string[] = [];
  for (let i = 0; i < 5; i += 1) {
    ids.push((await client.messages.batches.create({ requests: requestsOf(1) })).id);
  }
  const listed: string[] = [];
  for await (const batch of client.messages.batches.list({ limit: 2 })) listed.push(batch.id);
  expect(listed).toEqual([...ids].reverse());
  expect(server?.calls().filter(({ method }) => method === "GET")).toHaveLength(3);
});

test("the official SDK knows the errors of batches", async () => {
  const client = await openClient();
  const { batches } = client.messages;
  await expect(batches.retrieve("msgbatch_none")).rejects.toBeInstanceOf(Anthropic.NotFoundError);
  await expect(batches.create({ requests: [] })).rejects.toBeInstanceOf(Anthropic.BadRequestError);
  const simulate = (fault: string): Promise<unknown> =>
    batches.create({ requests: requestsOf(1) }, { headers: { "x-simulate": fault } });
  await expect(simulate("status=429")).rejects.toBeInstanceOf(Anthropic.RateLimitError);
  await expect(simulate("die-before-head")).rejects.toBeInstanceOf(Anthropic.APIConnectionError);
  // It was made all the same.
  expect((await batches.list()).data).toHaveLength(1);
});
