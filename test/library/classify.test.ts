import { CascadeApiError } from "leadsman";
import { afterEach, describe, expect, test } from "vitest";
import { replayDecision } from "../../src/cascade/replay-decision.ts";
import { settleOptions } from "../../src/compose/library/settle-options.ts";
import {
  bodyOf,
  HAIKU,
  OPUS,
  rejection,
  simulatedCascade,
  writes,
  type SimulatedCascade,
} from "./simulated-cascade.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

function open(...args: Parameters<typeof simulatedCascade>): SimulatedCascade {
  const simulated = simulatedCascade(...args);
  opened.push(simulated);
  return simulated;
}

const TASK = { input: "My card was charged twice.", labels: ["billing", "shipping"] } as const;

const OPTIONS = { tiers: [HAIKU, OPUS], provider: { apiKey: "unused" } };

function says(confidence: unknown, label: unknown): string {
  return JSON.stringify({ confidence, label });
}

describe("classify", () => {
  test("takes the cheap model's label when it is sure enough", async () => {
    const { cascade, upstream } = open();
    const options = writes({ [HAIKU]: says(0.7, "billing") });
    const { receipt, ...found } = await cascade.classify(TASK, options);
    expect(found).toEqual({
      ...{ label: "billing", confidence: 0.7, tier: 0 },
      model: "claude-haiku-4-5-20251001",
    });
    expect(receipt).toMatchObject({ decision: "shipped", threshold: 0.7 });
    expect(receipt.route).toBe("default-classify");
    expect(upstream.calls()).toHaveLength(1);
  });

  test("asks the deep model otherwise, and gives its label and confidence", async () => {
    const options = writes({ [HAIKU]: says(0.69, "billing"), [OPUS]: says(0.4, "shipping") });
    const { receipt, ...found } = await open().cascade.classify(TASK, options);
    expect(found).toEqual({ label: "shipping", confidence: 0.4, tier: 1, model: OPUS });
    expect(receipt).toMatchObject({ decision: "escalated", reason: "low_confidence" });
    expect(receipt.attempts[0]?.outcome).toBe("aborted");
  });

  test.each([
    ["a label that nobody offered", says(0.99, "sales"), "verdict_unreadable"],
    ["a number for a label", says(0.99, 1), "answer_not_string"],
    ["no label", '{"confidence":0.99}', "answer_missing"],
    ["a percentage", says(93, "billing"), "confidence_invalid"],
    ["a cut label", '{"confidence":0.99,"label":"bill', "verdict_unreadable"],
    ["prose", "This is about billing.", "verdict_unreadable"],
  ])("escalates %s", async (_, text, reason) => {
    const options = writes({ [HAIKU]: text, [OPUS]: says(0.9, "billing") });
    const { label, receipt } = await open().cascade.classify(TASK, options);
    expect({ label, reason: receipt.reason }).toEqual({ label: "billing", reason });
    const replayed = replayDecision(receipt, settleOptions(OPTIONS).classifyRoute);
    expect(replayed).toEqual({ decision: "escalated", reason, tier: 1 });
  });

  test.each([
    [says(0.9, "sales"), "unknown_label"],
    [says(9, "billing"), "confidence_invalid"],
    ["billing", "verdict_unreadable"],
  ])("fails by name when the last tier says %s", async (text, code) => {
    const options = { ...writes({ [OPUS]: text }), bypass: true };
    const error = await rejection(open().cascade.classify(TASK, options));
    expect(error).toBeInstanceOf(CascadeApiError);
    expect(error).toMatchObject({ code, status: 200, receipt: { decision: "bypassed" } });
  });

  test.each([
    ["deep:refusal-at-start", "refused"],
    ["deep:max-tokens-at-start", "truncated"],
  ])("fails by name when the last tier stops: %s", async (fault, code) => {
    const options = { headers: { "x-simulate": fault }, bypass: true };
    expect(await rejection(open().cascade.classify(TASK, options))).toMatchObject({ code });
  });

  test("holds each call to its own threshold and labels, also side by side", async () => {
    const { cascade } = open();
    const options = writes({ [HAIKU]: says(0.8, "billing"), [OPUS]: says(0.5, "other") });
    const labels = ["billing", "other"] as const;
    const found = await Promise.all(
      [0, 0.8, 0.81, 1, undefined].map((threshold) =>
        cascade.classify(
          { ...TASK, labels, ...(threshold !== undefined && { threshold }) },
          options,
        ),
      ),
    );
    expect(found.map(({ tier }) => tier)).toEqual([0, 0, 1, 1, 0]);
    expect(found.map(({ receipt }) => receipt.threshold)).toEqual([0, 0.8, 0.81, 1, 0.7]);
    expect(new Set(found.map(({ receipt }) => receipt.routeVersion)).size).toBe(1);
  });

  test("reads content blocks and instructions", async () => {
    const { cascade, upstream } = open();
    const input = [{ type: "text", text: "Where is it?" }];
    const task = { ...TASK, input, instructions: "Lost parcels are shipping." };
    await cascade.classify(task, writes({ [HAIKU]: says(0.9, "shipping") }));
    expect(bodyOf(upstream.calls()[0])).toMatchObject({
      messages: [{ role: "user", content: input }],
      system: expect.stringContaining("Lost parcels are shipping."),
    });
  });

  test.each([
    [OPUS, 76, undefined],
    ["claude-haiku-5-5", 76, { type: "disabled" }],
    ["claude-opus-5-5", 76 + 8_192, undefined],
  ])("leaves %s room for its answer", async (model, maxTokens, thinking) => {
    const { cascade, upstream } = open({ tiers: [HAIKU, model] });
    const labels = ["billing", "shipping", "twelve chars"];
    await cascade.classify({ ...TASK, labels }, { bypass: true });
    const { max_tokens, thinking: sent } = bodyOf(upstream.calls()[0]);
    expect({ max_tokens, thinking: sent }).toEqual({ max_tokens: maxTokens, thinking });
  });

  test.each([
    [{ labels: ["one"] }, "invalid_labels"],
    [{ labels: ["same", "same"] }, "invalid_labels"],
    [{ labels: ["x".repeat(201), "y"] }, "invalid_labels"],
    [{ threshold: 1.4 }, "invalid_call"],
  ])("takes no nonsense: %j", async (change, code) => {
    const { cascade, upstream } = open();
    expect(await rejection(cascade.classify({ ...TASK, ...change }))).toMatchObject({ code });
    expect(upstream.calls()).toEqual([]);
  });

  test.each([
    [undefined, "invalid_call", "task must be an object, found nothing"],
    [{ input: "x" }, "invalid_labels", '["billing", "shipping"], found none'],
    [{ input: "x", labels: ["a", 1] }, "invalid_labels", "found a list with something else in it"],
  ])("takes no nonsense from a caller without types: %j", async (task, code, sentence) => {
    const classify: (task: never) => Promise<unknown> = open().cascade.classify;
    expect(await rejection(classify(task as never))).toMatchObject({
      code,
      message: expect.stringContaining(sentence),
    });
  });

  test("ends when its signal says so", async () => {
    const options = { headers: { "x-simulate": "hang" }, signal: AbortSignal.timeout(20) };
    expect(await rejection(open().cascade.classify(TASK, options))).toMatchObject({
      name: "TimeoutError",
    });
  });
});
