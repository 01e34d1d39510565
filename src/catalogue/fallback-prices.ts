import { createRequire } from "node:module";
import { isJsonObject } from "../support/json.ts";
import { LeadsmanError } from "../support/leadsman-error.ts";
import type { PriceBand, PriceList } from "./model-facts.ts";
import { decimalPrice } from "./price.ts";

/** The package that prices what our own table does not know. */
export const FALLBACK_PACKAGE = "@pydantic/genai-prices";
/** Its version, as receipts name it. */
export const FALLBACK_VERSION = "0.1.8";

/** Finds unit prices of a model by name; null when the package has none that are surely meant. */
export type FallbackPrices = (model: string) => PriceList | null;

/**
 * Loads the price package, which takes some 30 ms: before the first request, not during one. The
 * package's own calculation is slow and counts cached tokens as input, so only unit prices are
 * taken from it.
 */
export function loadFallbackPrices(): FallbackPrices {
  const loaded: unknown = createRequire(import.meta.url)(FALLBACK_PACKAGE);
  if (!isPricePackage(loaded)) {
    throw new LeadsmanError(
      "broken_dependency",
      `${FALLBACK_PACKAGE} must export calcPrice; found no such function`,
    );
  }
  return (model) => {
    try {
      return priceListOf(loaded, model);
    } catch {
      // The package throws on entries that contradict themselves. No price is then known.
      return null;
    }
  };
}

function priceListOf(prices: PricePackage, model: string): PriceList | null {
  const found = prices.calcPrice({ input_tokens: 0, output_tokens: 0 }, model);
  if (!isJsonObject(found) || !isJsonObject(found["model"])) return null;
  const isClaude = isJsonObject(found["provider"]) && found["provider"]["id"] === "anthropic";
  if (isClaude && !isSameClaudeModel(model, found["model"]["id"])) return null;
  const [first, ...others] = bandsOf(found["model"]["prices"]);
  if (first === undefined) return null;
  return {
    bands: [first, ...others],
    fastFactor: null,
    // Only Claude's newer models are ever served for "us", and all of them charge for it.
    usInferenceFactor: isClaude ? "1.1" : "1",
    batchFactor: isClaude ? "0.5" : null,
    priceSource: `genai-prices ${FALLBACK_VERSION}`,
  };
}

interface PricePackage {
  calcPrice(usage: Readonly<Record<string, number>>, model: string): unknown;
}

function isPricePackage(loaded: unknown): loaded is PricePackage {
  return (
    typeof loaded === "object" &&
    loaded !== null &&
    "calcPrice" in loaded &&
    typeof loaded.calcPrice === "function"
  );
}

/**
 * The package matches many Claude models by how the name begins, so that a newer model would get
 * the price of an older one (`claude-sonnet-5-7` that of `claude-sonnet-5`). Only a date,
 * `-latest` and a trailing `-0` may differ.
 */
function isSameClaudeModel(asked: string, found: unknown): boolean {
  return typeof found === "string" && bareClaudeName(asked) === bareClaudeName(found);
}

function bareClaudeName(model: string): string {
  return model.replace(/-(?:\d{8}|latest)$/, "").replace(/-0$/, "");
}

/** Price bands from `model.prices`; none when a condition has no place in a band. */
function bandsOf(prices: unknown): readonly PriceBand[] {
  if (!Array.isArray(prices)) return isJsonObject(prices) ? lengthBands(prices, undefined) : [];
  const bands: PriceBand[] = [];
  for (const entry of prices) {
    if (!isJsonObject(entry) || !isJsonObject(entry["prices"])) return [];
    const constraint = entry["constraint"];
    let fromDate: string | undefined;
    if (constraint !== undefined) {
      // Prices by time of day cannot be told apart by date and length.
      if (!isJsonObject(constraint) || typeof constraint["start_date"] !== "string") return [];
      fromDate = constraint["start_date"];
    }
    bands.push(...lengthBands(entry["prices"], fromDate));
  }
  return bands;
}

/** One band per prompt length at which some price changes, shortest first. */
function lengthBands(
  prices: Readonly<Record<string, unknown>>,
  fromDate: string | undefined,
): readonly PriceBand[] {
  if (prices["input_mtok"] === undefined || prices["output_mtok"] === undefined) return [];
  const starts = new Set<number | null>([null]);
  for (const price of Object.values(prices)) {
    for (const tier of tiersOf(price)) starts.add(tier.start);
  }
  const ordered = [...starts].sort((a, b) => (a ?? -1) - (b ?? -1));
  return ordered.map((start) => {
    const price = (name: string, otherwise: string): string =>
      prices[name] === undefined ? otherwise : priceFrom(prices[name], start, name);
    const input = price("input_mtok", "0");
    const cacheWrite5m = price("cache_write_mtok", input);
    return {
      ...(fromDate === undefined ? {} : { fromDate }),
      ...(start === null ? {} : { promptTokensOver: start }),
      input,
      output: price("output_mtok", "0"),
      cacheWrite5m,
      cacheWrite1h: price("cache_write_1h_mtok", cacheWrite5m),
      cacheRead: price("cache_read_mtok", input),
    };
  });
}

interface PriceTier {
  /** The price holds for prompts of more tokens than this. */
  readonly start: number;
  readonly price: number;
}

function tiersOf(price: unknown): readonly PriceTier[] {
  if (!isJsonObject(price) || !Array.isArray(price["tiers"])) return [];
  return price["tiers"].filter(isPriceTier).sort((a, b) => a.start - b.start);
}

function isPriceTier(value: unknown): value is PriceTier {
  return (
    isJsonObject(value) && typeof value["start"] === "number" && typeof value["price"] === "number"
  );
}

/** The price in force for prompts just above `start`; null = the shortest. */
function priceFrom(price: unknown, start: number | null, name: string): string {
  let inForce = isJsonObject(price) ? price["base"] : price;
  for (const tier of tiersOf(price)) {
    if (start !== null && tier.start <= start) inForce = tier.price;
  }
  if (typeof inForce === "number") return decimalPrice(inForce, `${FALLBACK_PACKAGE} ${name}`);
  throw new LeadsmanError("invalid_price", `${name} must be a number; found ${String(inForce)}`);
}
