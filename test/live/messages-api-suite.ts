import { createCascade, messageText, type Cascade } from "leadsman";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCatalogue } from "../../src/catalogue/catalogue.ts";
import { createEnvelopeProtocol } from "../../src/cascade/protocols/envelope.ts";
import { applyEdits } from "../../src/messages/body-edits.ts";
import { createMessageAccumulator } from "../../src/messages/message-accumulator.ts";
import type { MessageRequest } from "../../src/messages/message-request.ts";
import { createSseReader } from "../../src/messages/sse-reader.ts";
import { readStreamEvent } from "../../src/messages/stream-event.ts";
import { createAnthropicProvider } from "../../src/providers/anthropic/anthropic-provider.ts";
import { DEFAULT_TIMEOUTS } from "../../src/providers/provider.ts";
import { rejectedRequests, type RejectedRequest } from "./rejected-requests.ts";
import { fixtureOf, type RawReply, type ReplyFixture } from "./reply-fixture.ts";
import { capSpending, type CappedProvider } from "./spend-cap.ts";

/** Where the suite is run. */
export interface MessagesApiTarget {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Keeps a reply under a name, for tests that need real ones. */
  readonly keep: (name: string, fixture: ReplyFixture) => void;
  /** Whether this upstream is known to refuse such requests. */
  readonly refuses: (rejected: RejectedRequest) => boolean;
}

/** Five cents. */
export const CAP_NANO_USD = 50_000_000n;

const MODELS = ["claude-haiku-4-5", "claude-opus-4-7"] as const;
const QUESTION = "Is 17 a prime number? Answer with yes or no.";
const LONG_TASK = "Write the numbers from one to eighty in English words.";

/** What we rely on of the Messages API, held against a server that speaks it. */
export function describeMessagesApi(target: () => MessagesApiTarget): void {
  let provider: CappedProvider;
  let cascade: Cascade;
  beforeAll(() => {
    const { baseUrl, apiKey } = target();
    const auth = { kind: "api_key", apiKey } as const;
    provider = capSpending(
      createAnthropicProvider({ name: "anthropic", baseUrl, auth }),
      CAP_NANO_USD,
    );
    cascade = createCascade({ tiers: MODELS, threshold: 0, provider });
  });
  afterAll(async () => {
    await cascade.close();
    await provider.close();
    expect(provider.refusedCalls()).toBe(0);
    expect(provider.committedNanoUsd()).toBeLessThanOrEqual(CAP_NANO_USD);
  });

  describe.each(MODELS)("%s", (model) => {
    test("takes our format and writes the confidence first", async () => {
      const reply = await post(provider, triageRequest(model));
      target().keep(`triage-${model}`, fixtureOf(reply));
      expect(reply).toMatchObject({ status: 200 });
      const { message, text } = readStream(reply.body);
      expect(message?.stop_reason).toBe("end_turn");
      expect(text).toMatch(/^\s*\{\s*"confidence"\s*:\s*[01](\.\d+)?\s*,\s*"answer"\s*:\s*"/);
      expect(message?.usage.output_tokens).toBeGreaterThan(0);
    });

    test("refuses what its rules say it refuses, and takes it when adapted", async () => {
      const rejected = rejectedRequests(model).filter(target().refuses);
      expect(rejected.length).toBeGreaterThan(2);
      const found: Record<string, number> = {};
      const adapted: Record<string, number> = {};
      for (const { rule, request } of rejected) {
        const reply = await post(provider, request);
        target().keep(`refused-${model}-${rule}`, fixtureOf(reply));
        found[rule] = reply.status;
        const edits = createCatalogue().adapt(request, model, null);
        if (edits.length === 0) continue;
        const changed = { ...applyEdits(request, edits), max_tokens: 16 };
        adapted[rule] = (await post(provider, changed)).status;
      }
      expect(found).toEqual(Object.fromEntries(rejected.map(({ rule }) => [rule, 400])));
      expect(new Set(Object.values(adapted))).toEqual(new Set([200]));
    });
  });

  test("a sure answer ships from the cheap model and is booked by upstream's counts", async () => {
    const message = await cascade.messages.create(ask(QUESTION, 64));
    expect(messageText(message)).not.toBe("");
    expect(message.receipt).toMatchObject({ decision: "shipped", isEstimated: false, tier: 0 });
    expect(message.receipt.attempts[0]?.tokens).toMatchObject({
      inputTokens: message.usage.input_tokens,
      outputTokens: message.usage.output_tokens,
    });
  });

  test("a classification that nobody is sure enough of comes from the deep model", async () => {
    const task = { input: "My card was charged twice.", labels: ["billing", "shipping"] } as const;
    const { label, confidence, receipt } = await cascade.classify({ ...task, threshold: 1 });
    expect(["billing", "shipping"]).toContain(label);
    expect(confidence).toBeGreaterThanOrEqual(0);
    expect(["shipped", "escalated"]).toContain(receipt.decision);
  });

  test("an answer that is cut books no more than the whole one costs", async () => {
    const whole = await cascade.messages.stream(ask(LONG_TASK, 300)).finalMessage();
    const stream = cascade.messages.stream(ask(LONG_TASK, 300));
    for await (const event of stream) {
      if (event.type === "content_block_delta") break;
    }
    const cut = await stream.receipt();
    const [wholeAttempt, cutAttempt] = [whole.receipt.attempts[0], cut.attempts[0]];
    expect(cutAttempt).toMatchObject({ outcome: "client_left", isEstimated: true });
    expect(cutAttempt?.tokens.inputTokens).toBe(wholeAttempt?.tokens.inputTokens);
    expect(cutAttempt?.tokens.outputTokens).toBeGreaterThan(0);
    expect(cut.costNanoUsd ?? 0n).toBeGreaterThan(0n);
    expect(cut.costNanoUsd ?? 0n).toBeLessThanOrEqual(whole.receipt.costNanoUsd ?? 0n);
  });
}

function ask(content: string, maxTokens: number): Pick<MessageRequest, "max_tokens" | "messages"> {
  return { max_tokens: maxTokens, messages: [{ role: "user", content }] };
}

function triageRequest(model: string): MessageRequest {
  const asked = { model, ...ask(QUESTION, 64) };
  const target = { model, maxOutputTokens: null, thinkingWhenOmitted: "off" } as const;
  return createEnvelopeProtocol().triageRequest(asked, target);
}

/** One call, its reply in one piece. */
function post(provider: CappedProvider, request: MessageRequest): Promise<RawReply> {
  const { promise, resolve, reject } = Promise.withResolvers<RawReply>();
  const chunks: Uint8Array[] = [];
  let head: Pick<RawReply, "status" | "headers"> = { status: 0, headers: {} };
  provider.send(
    {
      method: "POST",
      path: "/v1/messages",
      headers: { "anthropic-version": "2023-06-01", "content-type": "application/json" },
      body: Buffer.from(JSON.stringify(request), "utf8"),
      timeouts: DEFAULT_TIMEOUTS,
    },
    {
      onHead: ({ status, headers }) => {
        head = { status, headers };
      },
      onChunk: (chunk) => chunks.push(chunk),
      onEnd: () => {
        resolve({ ...head, body: Buffer.concat(chunks).toString("utf8") });
      },
      onFailure: ({ message }) => {
        reject(new Error(message));
      },
    },
  );
  return promise;
}

function readStream(body: string): {
  readonly message: ReturnType<ReturnType<typeof createMessageAccumulator>["message"]>;
  readonly text: string;
} {
  const accumulator = createMessageAccumulator();
  const reader = createSseReader((frame) => {
    const event = readStreamEvent(frame);
    if (event.ok) accumulator.push(event.value);
  });
  reader.push(Buffer.from(body, "utf8"));
  const message = accumulator.message();
  return { message, text: message === null ? "" : messageText(message) };
}
