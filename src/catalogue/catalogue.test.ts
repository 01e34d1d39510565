import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { calcPrice } from "@pydantic/genai-prices";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MessageRequest } from "../messages/message-request.ts";
import { createCatalogue } from "./catalogue.ts";
import type { TokenCounts } from "./cost.ts";
import { FALLBACK_PACKAGE, FALLBACK_VERSION } from "./fallback-prices.ts";
import type { ModelOverride } from "./model-override.ts";
import type { PriceOptions } from "./price.ts";

const STANDARD: PriceOptions = {
  isBatch: false,
  geo: null,
  speed: null,
  atMs: Date.parse("2026-11-23T12:00:00Z"),
};
const A_MILLION: TokenCounts = {
  inputTokens: 1_000_000,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 0,
};
const ONE_EACH: TokenCounts = {
  inputTokens: 1_000,
  cacheReadTokens: 1_000,
  cacheWrite5mTokens: 1_000,
  cacheWrite1hTokens: 1_000,
  outputTokens: 1_000,
};

const catalogue = createCatalogue();

describe("a name", () => {
  test.each([
    ["claude-haiku-4-5", "claude-haiku-4-5"],
    ["claude-haiku-4-5-20251001", "claude-haiku-4-5"],
    ["claude-sonnet-4-5-20250929", "claude-sonnet-4-5"],
    ["claude-opus-4-5-20251101", "claude-opus-4-5"],
    // A snapshot that came after the table was written.
    ["claude-opus-4-7-20270101", "claude-opus-4-7"],
    ["claude-haiku-4-5-latest", null],
    ["Claude-Haiku-4-5", null],
    ["claude-haiku-4-50", null],
    ["claude-sonnet-5-7", null],
    ["gpt-5", null],
    ["", null],
    ["constructor", null],
  ])("%j means %j", (name, id) => {
    expect(catalogue.find(name)?.id ?? null).toBe(id);
  });
});

describe("prices come from", () => {
  test.each([
    ["our own table", "claude-haiku-4-5-20251001", 1_000_000_000n, "catalogue 2026-11-23"],
    ["the price package", "claude-3-5-haiku-20241022", 800_000_000n, "genai-prices 0.1.8"],
    ["the price package", "claude-opus-4-20250514", 15_000_000_000n, "genai-prices 0.1.8"],
    ["the price package", "gpt-5", 1_250_000_000n, "genai-prices 0.1.8"],
  ])("%s for %s", (_where, model, costNanoUsd, source) => {
    expect(catalogue.cost(model, A_MILLION, STANDARD)).toEqual({
      isPriced: true,
      costNanoUsd,
      source,
    });
  });

  test.each([
    "claude-sonnet-5-7",
    "claude-haiku-4-50",
    "claude-opus-9",
    "my-model",
    "",
    "__proto__",
  ])("nowhere for %j, which is not 0", (model) => {
    expect(catalogue.cost(model, A_MILLION, STANDARD)).toEqual({
      isPriced: false,
      costNanoUsd: null,
      source: null,
    });
  });

  test("the package by prompt length, for the whole request", () => {
    const cost = (inputTokens: number): bigint | null =>
      catalogue.cost("gemini-2.5-pro", { ...A_MILLION, inputTokens, outputTokens: 1_000 }, STANDARD)
        .costNanoUsd;
    expect(cost(200_000)).toBe(260_000_000n);
    expect(cost(200_001)).toBe(515_002_500n);
  });

  test("the package with a price for each kind of token", () => {
    const cost = catalogue.cost("claude-3-5-haiku-20241022", ONE_EACH, STANDARD);
    // 0.80 + 0.08 + 1.00 + 1.60 + 4.00 dollars per million
    expect(cost.costNanoUsd).toBe(7_480_000n);
  });

  test("the package without a batch price, but for Claude", () => {
    const batch = { ...STANDARD, isBatch: true };
    expect(catalogue.cost("gpt-5", A_MILLION, batch).isPriced).toBe(false);
    expect(catalogue.cost("claude-3-5-haiku-20241022", A_MILLION, batch).costNanoUsd).toBe(
      400_000_000n,
    );
  });

  test("the version of the package that is installed", () => {
    const door = createRequire(import.meta.url).resolve(FALLBACK_PACKAGE);
    const manifest = readFileSync(new URL("../package.json", `file://${door}`), "utf8");
    expect(JSON.parse(manifest)).toMatchObject({ version: FALLBACK_VERSION });
  });

  test("the same place however many names were asked for before", () => {
    const busy = createCatalogue();
    for (let i = 0; i < 1_500; i += 1) busy.cost(`nobody-${i}`, A_MILLION, STANDARD);
    expect(busy.cost("claude-haiku-4-5", A_MILLION, STANDARD).costNanoUsd).toBe(1_000_000_000n);
    expect(busy.cost("gpt-5", A_MILLION, STANDARD).costNanoUsd).toBe(1_250_000_000n);
  });
});

test("our own prices agree with the package wherever it knows the model today", () => {
  // The package lists cache prices too; Sonnet 4.5's are by prompt length for a past it keeps.
  const agreed = ["claude-haiku-4-5", "claude-opus-4-7", "claude-opus-4-8", "claude-sonnet-4-6"];
  for (const model of agreed) {
    const usage = {
      input_tokens: 4_000,
      cache_read_tokens: 1_000,
      cache_write_tokens: 2_000,
      cache_write_1h_tokens: 1_000,
      output_tokens: 1_000,
    };
    const theirs = calcPrice(usage, model, { timestamp: new Date(STANDARD.atMs) });
    const ours = catalogue.cost(model, ONE_EACH, STANDARD).costNanoUsd;
    expect(Number(ours) / 1e9).toBeCloseTo(theirs?.total_price ?? Number.NaN, 12);
  }
});

describe("the configuration", () => {
  const HOUSE_PRICE: ModelOverride = {
    model: "claude-opus-4-7",
    inputUsdPerMTok: "4.20",
    outputUsdPerMTok: 21,
  };

  test("overrides prices of a known model under all its names", () => {
    const configured = createCatalogue({ overrides: [HOUSE_PRICE] });
    for (const name of ["claude-opus-4-7", "claude-opus-4-7-20260416"]) {
      expect(configured.cost(name, A_MILLION, STANDARD)).toEqual({
        isPriced: true,
        costNanoUsd: 4_200_000_000n,
        source: "config",
      });
    }
    expect(configured.find("claude-opus-4-7")?.tokenizer).toBe("2026");
    expect(configured.models().map(({ id }) => id)).toEqual(catalogue.models().map(({ id }) => id));
    expect(catalogue.cost("claude-opus-4-7", A_MILLION, STANDARD).source).toBe(
      "catalogue 2026-11-23",
    );
  });

  test("gets cache prices by the usual multiples unless it states them", () => {
    const stated = {
      ...HOUSE_PRICE,
      cacheReadUsdPerMTok: 0,
      cacheWrite5mUsdPerMTok: 5,
      cacheWrite1hUsdPerMTok: "6.5",
    };
    const cost = (override: ModelOverride): bigint | null =>
      createCatalogue({ overrides: [override] }).cost("claude-opus-4-7", ONE_EACH, STANDARD)
        .costNanoUsd;
    // 4.20 + 0.42 + 5.25 + 8.40 + 21
    expect(cost(HOUSE_PRICE)).toBe(39_270_000n);
    // 4.20 + 0 + 5 + 6.50 + 21
    expect(cost(stated)).toBe(36_700_000n);
  });

  test("brings models that nobody else knows, with limits but without rules", () => {
    const override = {
      model: "house-model",
      inputUsdPerMTok: 0,
      outputUsdPerMTok: 1,
      contextTokens: 32_000,
      maxOutputTokens: 4_000,
    };
    const configured = createCatalogue({ overrides: [override] });
    expect(configured.cost("house-model", A_MILLION, STANDARD)).toEqual({
      isPriced: true,
      costNanoUsd: 0n,
      source: "config",
    });
    expect(configured.contextTokens("house-model")).toBe(32_000);
    expect(configured.maxOutputTokens("house-model")).toBe(4_000);
    expect(configured.find("house-model")).toBeNull();
    expect(configured.adapt({ ...QUESTION, temperature: 0 }, "house-model", null)).toEqual([]);
  });

  test("changes limits of a known model, and its requests are clamped to them", () => {
    const override = { ...HOUSE_PRICE, contextTokens: 500_000, maxOutputTokens: 8_000 };
    const configured = createCatalogue({ overrides: [override] });
    expect(configured.contextTokens("claude-opus-4-7")).toBe(500_000);
    const edits = configured.adapt({ ...QUESTION, max_tokens: 9_000 }, "claude-opus-4-7", null);
    expect(edits).toMatchObject([{ op: "set", member: "max_tokens", value: 8_000 }]);
  });

  test("says the last word of two for the same model", () => {
    const overrides = [HOUSE_PRICE, { ...HOUSE_PRICE, inputUsdPerMTok: 1 }];
    const cost = createCatalogue({ overrides }).cost("claude-opus-4-7", A_MILLION, STANDARD);
    expect(cost.costNanoUsd).toBe(1_000_000_000n);
  });

  test("leaves fast mode unpriced, as it does not say what that costs", () => {
    const override = { ...HOUSE_PRICE, model: "claude-opus-5-5" };
    const fast = { ...STANDARD, speed: "fast" };
    const configured = createCatalogue({ overrides: [override] });
    expect(configured.cost("claude-opus-5-5", A_MILLION, fast).isPriced).toBe(false);
    expect(catalogue.cost("claude-opus-5-5", A_MILLION, fast).costNanoUsd).toBe(8_000_000_000n);
  });

  test.each([
    [{ inputUsdPerMTok: -1 }, "invalid_price", "inputUsdPerMTok of model claude-opus-4-7"],
    [{ cacheReadUsdPerMTok: "cheap" }, "invalid_price", "cacheReadUsdPerMTok of model"],
    [{ contextTokens: 0 }, "invalid_limit", "contextTokens of model claude-opus-4-7"],
    [{ maxOutputTokens: 1.5 }, "invalid_limit", "maxOutputTokens of model claude-opus-4-7"],
  ])("is refused when it says %j", (members, code, message) => {
    const build = (): unknown => createCatalogue({ overrides: [{ ...HOUSE_PRICE, ...members }] });
    expect(build).toThrow(expect.objectContaining({ code }));
    expect(build).toThrow(message);
  });
});

describe("limits", () => {
  test.each([
    ["claude-haiku-4-5", 200_000, 64_000, 100],
    ["claude-opus-4-7", 1_000_000, 128_000, 600],
    ["unheard-of", null, null, null],
  ])("of %s", (model, contextTokens, maxOutputTokens, maxImages) => {
    expect(catalogue.contextTokens(model)).toBe(contextTokens);
    expect(catalogue.maxOutputTokens(model)).toBe(maxOutputTokens);
    expect(catalogue.maxImages(model)).toBe(maxImages);
  });
});

describe("what a model rejects", () => {
  test("is edited out under any of its names", () => {
    const request = { ...QUESTION, output_config: { effort: "high" } };
    const edits = catalogue.adapt(request, "claude-haiku-4-5-20251001", null);
    expect(edits).toMatchObject([{ op: "remove", member: "output_config" }]);
  });

  test("is named when it cannot be edited out", () => {
    const prefilled: MessageRequest = {
      ...QUESTION,
      messages: [...QUESTION.messages, { role: "assistant", content: "Sure" }],
    };
    expect(catalogue.unsupportedContent(prefilled, "claude-opus-4-7")).toBe("prefill");
    expect(catalogue.unsupportedContent(prefilled, "claude-haiku-4-5")).toBeNull();
  });

  test("is not known of unknown models", () => {
    expect(catalogue.adapt({ ...QUESTION, temperature: 0 }, "unheard-of", "2026-10-21")).toEqual(
      [],
    );
    expect(catalogue.unsupportedContent(QUESTION, "unheard-of")).toBeNull();
  });
});

describe("tokens on another model", () => {
  test.each([
    ["claude-haiku-4-5", "claude-opus-4-7", 1_300],
    ["claude-sonnet-4-6", "claude-haiku-5-5", 1_300],
    ["claude-opus-4-7", "claude-haiku-4-5", 769],
    ["claude-haiku-4-5", "claude-opus-4-6", 1_000],
    ["claude-haiku-5-5", "claude-opus-5-5", 1_000],
    ["claude-haiku-4-5", "unheard-of", 1_000],
  ])("%s to %s: 1,000 become %d", (from, to, expected) => {
    const estimate = catalogue.estimateTokensOn(ONE_EACH, from, to);
    expect(Object.values(estimate)).toEqual([expected, expected, expected, expected, expected]);
  });

  test("are the same again after going there and back", () => {
    fc.assert(
      fc.property(fc.nat(), (inputTokens) => {
        const tokens = { ...ONE_EACH, inputTokens };
        const there = catalogue.estimateTokensOn(tokens, "claude-haiku-4-5", "claude-opus-4-7");
        const back = catalogue.estimateTokensOn(there, "claude-opus-4-7", "claude-haiku-4-5");
        expect(back).toEqual(tokens);
      }),
    );
  });
});

const QUESTION: MessageRequest = {
  model: "claude-opus-4-7",
  max_tokens: 1_024,
  messages: [{ role: "user", content: "Hello" }],
};
