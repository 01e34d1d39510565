import { createCascade, type Receipt } from "leadsman";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { receiptOf } from "../../src/compose/library/receipt.ts";
import { ask as askGateway, call, readAnswer } from "../harness/call.ts";
import { openStack, type Stack } from "../harness/open-stack.ts";
import { ask, HAIKU, OPUS, SONNET, verdict, writes } from "./simulated-cascade.ts";

const TIERS = [{ model: HAIKU, threshold: 0.9 }, { model: SONNET, threshold: 0.6 }, OPUS] as const;

/** What each model says of itself, and who is to answer for it. */
const CASES = [
  { haiku: 0.9, sonnet: 0, tier: 0, reason: null },
  { haiku: 0.89, sonnet: 0.6, tier: 1, reason: null },
  { haiku: 0.6, sonnet: 0.6, tier: 1, reason: null },
  { haiku: 0.89, sonnet: 0.59, tier: 2, reason: "low_confidence" },
] as const;

const MODELS = [HAIKU, SONNET, OPUS];

function answersOf({ haiku, sonnet }: (typeof CASES)[number]): { headers: Record<string, string> } {
  const { headers } = writes({
    [HAIKU]: verdict(haiku, "from haiku"),
    [SONNET]: verdict(sonnet, "from sonnet"),
    [OPUS]: "from opus",
  });
  return { headers: { ...headers } };
}

const ANSWERS = ["from haiku", "from sonnet", "from opus"];

/** Each triage that did not ship was paid for, and nothing else was wasted. */
function expectBooks(receipt: Receipt, { tier, reason }: (typeof CASES)[number]): void {
  const { attempts } = receipt;
  expect(receipt).toMatchObject({ tier, reason, decision: tier === 2 ? "escalated" : "shipped" });
  expect(attempts.map(({ model }) => model)).toEqual(MODELS.slice(0, tier + 1));
  expect(attempts.map(({ threshold }) => threshold)).toEqual([0.9, 0.6, null].slice(0, tier + 1));
  expect(attempts.map(({ outcome }) => outcome)).toEqual([
    ...Array.from({ length: tier }, () => "aborted"),
    "completed",
  ]);
  const costs = attempts.map(({ costNanoUsd }) => costNanoUsd ?? 0n);
  const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((all, one) => all + one, 0n);
  expect(costs.every((cost) => cost > 0n)).toBe(true);
  expect(receipt.costNanoUsd).toBe(sum(costs));
  expect(receipt.wastedNanoUsd).toBe(sum(costs.slice(0, -1)));
  expect(receipt.allDeepBasis).toBe(tier === 2 ? "measured" : "estimated");
}

let stack: Stack;
beforeEach(async () => {
  stack = await openStack({ route: { tiers: TIERS, threshold: 0.8 } });
});
afterEach(async () => {
  await stack.close();
});

describe.each(CASES)("haiku $haiku, sonnet $sonnet: tier $tier answers", (example) => {
  test.each([false, true])("in the library over HTTP, streaming: %s", async (isStreaming) => {
    const provider = { apiKey: "test-key", baseUrl: stack.upstream.url };
    const cascade = createCascade({ tiers: TIERS, provider });
    const options = answersOf(example);
    const message = isStreaming
      ? await cascade.messages.stream(ask("Who?"), options).finalMessage()
      : await cascade.messages.create(ask("Who?"), options);
    expect(message.content).toMatchObject([{ type: "text", text: ANSWERS[example.tier] }]);
    expectBooks(message.receipt, example);
    await cascade.close();
  });

  test.each([false, true])("through the gateway, streaming: %s", async (isStreaming) => {
    const body = askGateway("Who?", isStreaming);
    const response = await call(stack.url, { body, ...answersOf(example) });
    expect(readAnswer(response)).toMatchObject({ text: ANSWERS[example.tier], error: null });
    expect(response.headers).toMatchObject({
      "x-leadsman-tier": String(example.tier),
      "x-leadsman-model": MODELS[example.tier],
    });
    const record = await stack.record(String(response.headers["x-leadsman-id"]));
    expectBooks(receiptOf(record), example);
  });
});

test("a tier in the middle that fails hands on to the next", async () => {
  const provider = { apiKey: "test-key", baseUrl: stack.upstream.url };
  const cascade = createCascade({ tiers: TIERS, provider });
  const low = encodeURIComponent(verdict(0.2, "no"));
  const headers = { "x-simulate": `${HAIKU}:text=${low},${SONNET}:status=500` };
  const { receipt } = await cascade.messages.create(ask("Who?"), { headers });
  expect(receipt).toMatchObject({ tier: 2, reason: "triage_http_error" });
  expect(receipt.attempts.map(({ outcome }) => outcome)).toEqual([
    ...["aborted", "http_error", "completed"],
  ]);
  await cascade.close();
});
