import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TokenCounts } from "./cost.ts";
import type { ModelFacts, PriceBand, PriceList } from "./model-facts.ts";
import { MODELS } from "./models.ts";
import { decimalPrice, priceTokens } from "./price.ts";
import type { PriceOptions } from "./price.ts";

const NOW_MS = Date.parse("2026-11-23T12:00:00Z");
const STANDARD: PriceOptions = { isBatch: false, geo: null, speed: null, atMs: NOW_MS };
const NO_TOKENS: TokenCounts = {
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 0,
};

describe("the price of a call", () => {
  test.each([
    ["claude-haiku-4-5", { inputTokens: 320, outputTokens: 40 }, {}, 520_000n],
    ["claude-opus-4-7", { inputTokens: 320, outputTokens: 40 }, {}, 2_600_000n],
    ["claude-opus-4-7", { cacheReadTokens: 1_000_000 }, {}, 500_000_000n],
    ["claude-opus-4-7", { cacheWrite5mTokens: 1_000 }, {}, 6_250_000n],
    ["claude-opus-4-7", { cacheWrite1hTokens: 1_000 }, {}, 10_000_000n],
    ["claude-opus-4-7", { inputTokens: 1_000, outputTokens: 100 }, { isBatch: true }, 3_750_000n],
    ["claude-opus-4-7", { inputTokens: 1_000, outputTokens: 100 }, { geo: "us" }, 8_250_000n],
    ["claude-opus-4-7", { inputTokens: 1_000 }, { geo: "global" }, 5_000_000n],
    ["claude-haiku-4-5", { inputTokens: 1_000 }, { geo: "us" }, 1_000_000n],
    ["claude-opus-5-5", { inputTokens: 1_000, outputTokens: 1_000 }, {}, 24_000_000n],
    [
      "claude-opus-5-5",
      { inputTokens: 1_000, outputTokens: 1_000 },
      { speed: "fast" },
      48_000_000n,
    ],
    [
      "claude-fable-5-2",
      { inputTokens: 1_000, outputTokens: 1_000 },
      { speed: "fast" },
      96_000_000n,
    ],
    ["claude-fable-5-2", { inputTokens: 1_000 }, { speed: "standard" }, 8_000_000n],
    ["claude-opus-5", { outputTokens: 1_000 }, { speed: "fast" }, 50_000_000n],
    ["claude-opus-5-5", { inputTokens: 1_000 }, { speed: "fast", geo: "us" }, 8_800_000n],
    ["claude-haiku-4-5", {}, {}, 0n],
  ] as const)("%s, %o, %o: %d nano-dollars", (model, tokens, options, costNanoUsd) => {
    const cost = priceTokens({ ...NO_TOKENS, ...tokens }, row(model), { ...STANDARD, ...options });
    expect(cost).toEqual({ isPriced: true, costNanoUsd, source: "catalogue 2026-11-23" });
  });

  test("above 100,000 prompt tokens Haiku 5.5 charges the higher price for all of them", () => {
    const at = (tokens: Partial<TokenCounts>): bigint | null =>
      priceTokens({ ...NO_TOKENS, ...tokens }, row("claude-haiku-5-5"), STANDARD).costNanoUsd;
    expect(at({ inputTokens: 100_000, outputTokens: 1_000 })).toBe(10_500_000n);
    expect(at({ inputTokens: 100_001, outputTokens: 1_000 })).toBe(52_500_500n);
    // Cached tokens are part of the prompt, whichever way they came.
    expect(at({ inputTokens: 1, cacheReadTokens: 100_000 })).toBe(5_000_500n);
    expect(at({ cacheWrite5mTokens: 50_000, cacheWrite1hTokens: 50_001 })).toBe(81_251_000n);
    // Output is not.
    expect(at({ inputTokens: 100_000, outputTokens: 128_000 })).toBe(74_000_000n);
  });

  test("cache reads of Sonnet 5.5 cost half since 7 October 2026, UTC", () => {
    const tokens = { ...NO_TOKENS, cacheReadTokens: 1_000 };
    const on = (date: string): bigint | null =>
      priceTokens(tokens, row("claude-sonnet-5-5"), { ...STANDARD, atMs: Date.parse(date) })
        .costNanoUsd;
    expect(on("2026-10-06T23:59:59.999Z")).toBe(200_000n);
    expect(on("2026-10-07T00:00:00Z")).toBe(100_000n);
  });

  test("is not known in fast mode of a model without a price for it", () => {
    const cost = priceTokens(NO_TOKENS, row("claude-haiku-4-5"), { ...STANDARD, speed: "fast" });
    expect(cost).toEqual({ isPriced: false, costNanoUsd: null, source: null });
  });

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses %d tokens", (inputTokens) => {
    expect(() =>
      priceTokens({ ...NO_TOKENS, inputTokens }, row("claude-haiku-4-5"), STANDARD),
    ).toThrow("A token count must be a whole number");
  });
});

describe("rounding", () => {
  // One token of such a price is half a nano-dollar.
  const half = listOf("0.0005");
  test.each([
    [1, 0n],
    [2, 1n],
    [3, 2n],
    [4, 2n],
    [5, 2n],
    [7, 4n],
  ])("%d halves of a nano-dollar become %d: ties go to the even", (inputTokens, expected) => {
    expect(priceTokens({ ...NO_TOKENS, inputTokens }, half, STANDARD).costNanoUsd).toBe(expected);
  });

  test.each([
    ["0.000500000001", 1n],
    ["0.000499999999", 0n],
    ["0.001500000000", 2n],
    ["0.002500000000", 2n],
    ["0.002500000001", 3n],
  ])("one token at %s dollars per million becomes %d", (price, expected) => {
    const cost = priceTokens({ ...NO_TOKENS, inputTokens: 1 }, listOf(price), STANDARD);
    expect(cost.costNanoUsd).toBe(expected);
  });

  test("happens once per call, not once per kind of token", () => {
    const tokens = { ...NO_TOKENS, inputTokens: 1, outputTokens: 1 };
    expect(priceTokens(tokens, half, STANDARD).costNanoUsd).toBe(1n);
  });
});

describe("for any tokens, a price", () => {
  const tokenCount = fc.integer({ min: 0, max: 40_000_000 });
  const anyTokens = fc.record({
    inputTokens: tokenCount,
    cacheReadTokens: tokenCount,
    cacheWrite5mTokens: tokenCount,
    cacheWrite1hTokens: tokenCount,
    outputTokens: tokenCount,
  });
  const anyOptions = fc.record({
    isBatch: fc.boolean(),
    geo: fc.constantFrom(null, "us", "global"),
    speed: fc.constantFrom(null, "standard", "fast"),
    atMs: fc.constantFrom(Date.parse("2026-10-01"), NOW_MS),
  });
  const anyModel = fc.constantFrom(...MODELS);

  test("equals the one from long-hand fractions and is not negative", () => {
    fc.assert(
      fc.property(anyTokens, anyModel, anyOptions, (tokens, model, options) => {
        const cost = priceTokens(tokens, model, options);
        if (options.speed === "fast" && model.fastFactor === null) {
          expect(cost.isPriced).toBe(false);
          return;
        }
        expect(cost.costNanoUsd).toBe(longHandNanoUsd(tokens, model, options));
        expect(Number(cost.costNanoUsd)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 2_000 },
    );
  });

  test("is the sum of the prices of its parts, within the rounding of three calls", () => {
    const flat = MODELS.filter(({ bands }) => bands.length === 1);
    fc.assert(
      fc.property(anyTokens, anyTokens, fc.constantFrom(...flat), (one, other, model) => {
        const price = (tokens: TokenCounts): bigint =>
          priceTokens(tokens, model, { ...STANDARD, geo: "us", isBatch: true }).costNanoUsd ?? 0n;
        const difference = price(sum(one, other)) - price(one) - price(other);
        expect(Math.abs(Number(difference))).toBeLessThanOrEqual(1);
      }),
    );
  });
});

test.each([
  ["0.1", "0.1"],
  [0.1, "0.1"],
  [75, "75"],
  [1e-7, "0.000000100000"],
  ["12.500000000001", "12.500000000001"],
  [0, "0"],
])("%j is a price: %s", (value, expected) => {
  expect(decimalPrice(value, "A price")).toBe(expected);
});

test.each([
  "",
  "1e3",
  "-1",
  -1,
  ".5",
  "5.",
  "1,5",
  "0x10",
  " 1",
  Number.NaN,
  Infinity,
  1e-13,
  "0.0000000000001",
  "12345678901",
])("%j is no price", (value) => {
  expect(() => decimalPrice(value, "inputUsdPerMTok of model m")).toThrow(
    /^inputUsdPerMTok of model m must be US dollars per million tokens/,
  );
});

function row(id: string): ModelFacts {
  const found = MODELS.find((model) => model.id === id);
  if (found === undefined) throw new Error(`no row ${id}`);
  return found;
}

/** A list with one price for everything. */
function listOf(price: string): PriceList {
  const band: PriceBand = {
    input: price,
    output: price,
    cacheRead: price,
    cacheWrite5m: price,
    cacheWrite1h: price,
  };
  return {
    bands: [band],
    fastFactor: null,
    batchFactor: "0.5",
    usInferenceFactor: "1",
    priceSource: "test",
  };
}

function sum(one: TokenCounts, other: TokenCounts): TokenCounts {
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    cacheReadTokens: one.cacheReadTokens + other.cacheReadTokens,
    cacheWrite5mTokens: one.cacheWrite5mTokens + other.cacheWrite5mTokens,
    cacheWrite1hTokens: one.cacheWrite1hTokens + other.cacheWrite1hTokens,
    outputTokens: one.outputTokens + other.outputTokens,
  };
}

/**
 * The oracle: every price in thousandths of a dollar per million tokens (all of the table's are
 * whole numbers of those), so a token costs that many nano-dollars; all factors in twentieths.
 */
function longHandNanoUsd(tokens: TokenCounts, model: ModelFacts, options: PriceOptions): bigint {
  const promptTokens =
    tokens.inputTokens +
    tokens.cacheReadTokens +
    tokens.cacheWrite5mTokens +
    tokens.cacheWrite1hTokens;
  const band = model.bands.findLast(
    ({ fromDate = "2000-01-01", promptTokensOver = -1 }) =>
      promptTokens > promptTokensOver && options.atMs >= new Date(`${fromDate}T00:00Z`).getTime(),
  );
  if (band === undefined) throw new Error("no band");
  const thousandths = (price: string): bigint => BigInt(Math.round(Number(price) * 1_000));
  let twentieths = 20n;
  if (options.speed === "fast") twentieths *= 2n;
  if (options.isBatch) twentieths /= 2n;
  if (options.geo === "us" && model.contextTokens > 200_000) {
    twentieths = (twentieths * 11n) / 10n;
  }
  const total =
    twentieths *
    (BigInt(tokens.inputTokens) * thousandths(band.input) +
      BigInt(tokens.outputTokens) * thousandths(band.output) +
      BigInt(tokens.cacheReadTokens) * thousandths(band.cacheRead) +
      BigInt(tokens.cacheWrite5mTokens) * thousandths(band.cacheWrite5m) +
      BigInt(tokens.cacheWrite1hTokens) * thousandths(band.cacheWrite1h));
  const floor = total / 20n;
  const rest = total - floor * 20n;
  if (rest < 10n || (rest === 10n && floor % 2n === 0n)) return floor;
  return floor + 1n;
}
