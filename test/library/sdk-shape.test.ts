import Anthropic from "@anthropic-ai/sdk";
import { createCascade } from "leadsman";
import type { Cascade, CascadeMessage } from "leadsman";
import { afterEach, describe, expect, test } from "vitest";
import {
  startSimulatedServer,
  type SimulatedServer,
} from "../../src/providers/simulated/simulated-server.ts";
import { openStack, type Stack } from "../harness/open-stack.ts";
import { gather, HAIKU, OPUS, parseObject, verdict, writes } from "./simulated-cascade.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

/** Two upstreams that say the same to the same sequence of calls. */
async function startServer(): Promise<SimulatedServer> {
  const server = await startSimulatedServer({ seed: "sdk-shape" });
  opened.push(server);
  return server;
}

async function startCascade(): Promise<Cascade> {
  const { url } = await startServer();
  const provider = { apiKey: "test-key", baseUrl: url };
  const cascade = createCascade({ tiers: [HAIKU, OPUS], provider });
  opened.push(cascade);
  return cascade;
}

function startSdk(baseURL: string): Anthropic {
  return new Anthropic({ apiKey: "test-key", baseURL, maxRetries: 0 });
}

async function startGateway(): Promise<Stack> {
  const stack = await openStack({ upstream: { seed: "sdk-shape" } });
  opened.push(stack);
  return stack;
}

const PARAMS = {
  model: OPUS,
  max_tokens: 512,
  messages: [{ role: "user" as const, content: "Where is my parcel? [task:faq#7]" }],
};
const SHIPS = writes({ [HAIKU]: verdict(0.95, "Grüße 👋, it is on its way.") });

function withoutReceipt({ receipt, ...message }: CascadeMessage): object {
  expect(receipt.attempts.length).toBeGreaterThan(0);
  return message;
}

/** Without what the SDK adds to the API's own members. */
function plain(message: Anthropic.Message): object {
  const { parsed_output: _, ...rest } = parseObject(JSON.stringify(message));
  return rest;
}

describe("what the deep model answers reads as with the official SDK", () => {
  test("whole", async () => {
    const fromSdk = await startSdk((await startServer()).url).messages.create(PARAMS);
    const cascade = await startCascade();
    const fromUs = await cascade.messages.create(PARAMS, { bypass: true });
    expect(withoutReceipt(fromUs)).toEqual(plain(fromSdk));
  });

  test("streamed, event by event", async () => {
    const params = { ...PARAMS, stream: true } as const;
    const fromSdk = await startSdk((await startServer()).url).messages.create(params);
    const fromUs = await (await startCascade()).messages.create(params, { bypass: true });
    expect(await gather(fromUs)).toEqual(await gather(fromSdk));
  });

  test("streamed, gathered", async () => {
    const fromSdk = startSdk((await startServer()).url).messages.stream(PARAMS);
    const fromUs = (await startCascade()).messages.stream(PARAMS, { bypass: true });
    expect(withoutReceipt(await fromUs.finalMessage())).toEqual(
      plain(await fromSdk.finalMessage()),
    );
    expect(await fromUs.finalText()).toBe(await fromSdk.finalText());
  });
});

describe("what the cheap model ships reads as with the official SDK behind a gateway", () => {
  test("whole", async () => {
    const { url } = await startGateway();
    const fromSdk = await startSdk(url).messages.create(PARAMS, SHIPS);
    const fromUs = await (await startCascade()).messages.create(PARAMS, SHIPS);
    expect(fromUs.receipt.decision).toBe("shipped");
    expect(withoutReceipt(fromUs)).toEqual(plain(fromSdk));
  });

  test("streamed, with the same pieces of text for listeners", async () => {
    const { url } = await startGateway();
    const fromSdk = startSdk(url).messages.stream(PARAMS, SHIPS);
    const fromUs = (await startCascade()).messages.stream(PARAMS, SHIPS);
    const sdkPieces: (readonly [string, string])[] = [];
    const ourPieces: (readonly [string, string])[] = [];
    fromSdk.on("text", (...piece) => sdkPieces.push(piece));
    fromUs.on("text", (...piece) => ourPieces.push(piece));
    const whole = await fromUs.finalMessage();
    expect(withoutReceipt(whole)).toEqual(plain(await fromSdk.finalMessage()));
    expect(ourPieces.map(([delta]) => delta).join("")).toBe("Grüße 👋, it is on its way.");
    expect(ourPieces.at(-1)?.[1]).toBe(sdkPieces.at(-1)?.[1]);
  });
});
