import type Anthropic from "@anthropic-ai/sdk";
import { createCascade } from "leadsman";
import type {
  Cascade,
  CascadeMessage,
  CascadeStream,
  Classified,
  MessageParams,
  Receipt,
} from "leadsman";
import { openGateway } from "leadsman/gateway";
import { describe, expect, expectTypeOf, test } from "vitest";

/** Never called: what stands in it is for the compiler. */
async function callsOf(cascade: Cascade, sdk: Anthropic.MessageCreateParams): Promise<void> {
  const params = { max_tokens: 10, messages: [{ role: "user", content: "Hi" }] };
  expectTypeOf(await cascade.messages.create(params)).toEqualTypeOf<CascadeMessage>();
  expectTypeOf(
    await cascade.messages.create({ ...params, stream: false }),
  ).toEqualTypeOf<CascadeMessage>();
  expectTypeOf(
    await cascade.messages.create({ ...params, stream: true }),
  ).toEqualTypeOf<CascadeStream>();
  expectTypeOf(await cascade.messages.create(sdk)).toEqualTypeOf<CascadeMessage | CascadeStream>();
  expectTypeOf(cascade.messages.stream({ ...params, newer: 1 })).toEqualTypeOf<CascadeStream>();

  const labels = ["billing", "shipping"] as const;
  const byConst = await cascade.classify({ input: "x", labels });
  expectTypeOf(byConst.label).toEqualTypeOf<"billing" | "shipping">();
  const inPlace = await cascade.classify({ input: "x", labels: ["spam", "ham"] });
  expectTypeOf(inPlace).toEqualTypeOf<Classified<"spam" | "ham">>();
  const words: readonly string[] = labels;
  const open = await cascade.classify({ input: "x", labels: words });
  expectTypeOf(open.label).toEqualTypeOf<string>();

  // @ts-expect-error: `max_tokens` is required, as it is upstream
  await cascade.messages.create({ messages: [] });
  // @ts-expect-error: a cascade needs a provider
  createCascade({ tiers: ["claude-haiku-4-5"] });
}

describe("the public types", () => {
  test("are met by calls as people write them", () => {
    expect(callsOf).toBeTypeOf("function");
  });

  test("take the official SDK's own", () => {
    expectTypeOf<Anthropic.MessageCreateParamsNonStreaming>().toExtend<MessageParams>();
    expectTypeOf<Anthropic.MessageCreateParamsStreaming>().toExtend<MessageParams>();
    expectTypeOf<Anthropic.MessageParam>().toExtend<MessageParams["messages"][number]>();
  });

  test("give money as whole numbers of nano-dollars, or null", () => {
    expectTypeOf<Receipt["costNanoUsd"]>().toEqualTypeOf<bigint | null>();
    expectTypeOf<CascadeMessage["receipt"]>().toEqualTypeOf<Receipt>();
  });

  test("come through both doors", () => {
    expect(createCascade).toBeTypeOf("function");
    expect(openGateway).toBeTypeOf("function");
  });
});
