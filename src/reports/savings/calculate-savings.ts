import { createCatalogue } from "../../catalogue/catalogue.ts";
import type { Cost, NanoUsd, TokenCounts } from "../../catalogue/cost.ts";
import { overriddenPrices, type ModelOverride } from "../../catalogue/model-override.ts";
import { priceTokens } from "../../catalogue/price.ts";
import { failure, success, type Result } from "../../support/result.ts";

/** What calls cost: the prices of a known model, or prices in US dollars per million tokens. */
export type CallPrices =
  | { readonly kind: "model"; readonly model: string }
  | { readonly kind: "prices"; readonly input: string; readonly output: string };

/** A cascade of two tiers on paper. */
export interface SavingsQuestion {
  /** Whole number, 0 or more. */
  readonly requests: number;
  /** Tokens of one call, the same for both models. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Share of requests that the cheap model answers, 0–1. */
  readonly shipShare: number;
  readonly cheap: CallPrices;
  readonly deep: CallPrices;
}

/** What the cascade costs beside sending everything to the deep model. Exact sums of calls. */
export interface SavingsCalculation {
  readonly requests: number;
  readonly tokensPerCall: Pick<TokenCounts, "inputTokens" | "outputTokens">;
  /** To the nearest whole request. */
  readonly shipped: number;
  readonly escalated: number;
  /** One call, rounded as a receipt rounds it. */
  readonly cheapCallNanoUsd: NanoUsd;
  readonly deepCallNanoUsd: NanoUsd;
  readonly priceSources: { readonly cheap: string; readonly deep: string };
  readonly allDeepNanoUsd: NanoUsd;
  /** The cheap call of every request, and the deep call of those that escalated. */
  readonly cascadeNanoUsd: NanoUsd;
  /** Negative when the cascade costs more. */
  readonly savedNanoUsd: NanoUsd;
  /** Of the all-deep cost; null when that is 0. */
  readonly savedShare: number | null;
  /** What a count says that forgets the cheap call before each deep one. */
  readonly naive: { readonly cascadeNanoUsd: NanoUsd; readonly savedNanoUsd: NanoUsd };
  /** Share of requests that must ship for the cascade to pay; null when deep calls cost nothing. */
  readonly breakEvenShipShare: number | null;
}

/** A model whose prices nobody knows. */
export interface UnknownPrice {
  readonly model: string;
}

/**
 * Costs of a two-tier cascade at given prices and volumes. Each call is priced as a receipt prices
 * it, so that the sums are those of as many receipts. Both models are taken to use as many tokens.
 *
 * @param overrides prices of the configuration
 * @param atMs when the calls are made, because prices have dates
 * @throws LeadsmanError `invalid_price`, `invalid_token_count`
 */
export function calculateSavings(
  question: SavingsQuestion,
  overrides: readonly ModelOverride[],
  atMs: number,
): Result<SavingsCalculation, UnknownPrice> {
  const tokens = tokensOf(question);
  const cheap = costOfCall(question.cheap, tokens, overrides, atMs);
  if (!cheap.isPriced) return failure({ model: nameOf(question.cheap) });
  const deep = costOfCall(question.deep, tokens, overrides, atMs);
  if (!deep.isPriced) return failure({ model: nameOf(question.deep) });
  const { requests } = question;
  const shipped = Math.round(requests * question.shipShare);
  const escalated = requests - shipped;
  const allDeepNanoUsd = BigInt(requests) * deep.costNanoUsd;
  const escalatedNanoUsd = BigInt(escalated) * deep.costNanoUsd;
  const cascadeNanoUsd = BigInt(requests) * cheap.costNanoUsd + escalatedNanoUsd;
  const naiveNanoUsd = BigInt(shipped) * cheap.costNanoUsd + escalatedNanoUsd;
  const savedNanoUsd = allDeepNanoUsd - cascadeNanoUsd;
  return success({
    requests,
    tokensPerCall: { inputTokens: tokens.inputTokens, outputTokens: tokens.outputTokens },
    shipped,
    escalated,
    cheapCallNanoUsd: cheap.costNanoUsd,
    deepCallNanoUsd: deep.costNanoUsd,
    priceSources: { cheap: cheap.source, deep: deep.source },
    allDeepNanoUsd,
    cascadeNanoUsd,
    savedNanoUsd,
    savedShare: ratio(savedNanoUsd, allDeepNanoUsd),
    naive: { cascadeNanoUsd: naiveNanoUsd, savedNanoUsd: allDeepNanoUsd - naiveNanoUsd },
    breakEvenShipShare: ratio(cheap.costNanoUsd, deep.costNanoUsd),
  });
}

function costOfCall(
  prices: CallPrices,
  tokens: TokenCounts,
  overrides: readonly ModelOverride[],
  atMs: number,
): Cost {
  const options = { isBatch: false, geo: null, speed: null, atMs };
  if (prices.kind === "model") {
    return createCatalogue({ overrides }).cost(prices.model, tokens, options);
  }
  const { input, output } = prices;
  const model = { model: "given", inputUsdPerMTok: input, outputUsdPerMTok: output };
  const cost = priceTokens(tokens, overriddenPrices(model, null), options);
  return cost.isPriced ? { ...cost, source: "given" } : cost;
}

function tokensOf({ inputTokens, outputTokens }: SavingsQuestion): TokenCounts {
  return {
    inputTokens,
    outputTokens,
    cacheReadTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
  };
}

function nameOf(prices: CallPrices): string {
  return prices.kind === "model" ? prices.model : "given";
}

function ratio(part: NanoUsd, whole: NanoUsd): number | null {
  return whole === 0n ? null : Number(part) / Number(whole);
}
