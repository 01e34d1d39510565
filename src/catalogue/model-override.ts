import type { ModelFacts, PriceBand, PriceList } from "./model-facts.ts";
import { decimalPrice } from "./price.ts";

/**
 * What a user's configuration says about a model: negotiated prices, or a model that the table does
 * not have. Prices are US dollars per million tokens, 0 or more, with at most twelve decimals;
 * they hold for every prompt length and date.
 */
export interface ModelOverride {
  /** Model id; an alias or a dated id means the model behind it. */
  readonly model: string;
  readonly inputUsdPerMTok: string | number;
  readonly outputUsdPerMTok: string | number;
  /** Default: a tenth of the input price. */
  readonly cacheReadUsdPerMTok?: string | number;
  /** Writes that live five minutes. Default: 1.25 times the input price. */
  readonly cacheWrite5mUsdPerMTok?: string | number;
  /** Writes that live an hour. Default: twice the input price. */
  readonly cacheWrite1hUsdPerMTok?: string | number;
  /** Input and output together. Default: the table's, else unknown. */
  readonly contextTokens?: number;
  /** Highest `max_tokens`. Default: the table's, else unknown. */
  readonly maxOutputTokens?: number;
}

/**
 * The prices of an override. Fast mode is unpriced, as its price was not stated; batches cost half
 * and inference in the United States what it costs on the known model.
 *
 * @param known the table's row for the same model, or null
 * @throws LeadsmanError `invalid_price`
 */
export function overriddenPrices(override: ModelOverride, known: ModelFacts | null): PriceList {
  const price = (value: string | number, member: keyof ModelOverride): string =>
    decimalPrice(value, `${member} of model ${override.model}`);
  const input = price(override.inputUsdPerMTok, "inputUsdPerMTok");
  const band: PriceBand = {
    input,
    output: price(override.outputUsdPerMTok, "outputUsdPerMTok"),
    cacheRead:
      override.cacheReadUsdPerMTok === undefined
        ? scaled(input, CACHE_READ_PERCENT)
        : price(override.cacheReadUsdPerMTok, "cacheReadUsdPerMTok"),
    cacheWrite5m:
      override.cacheWrite5mUsdPerMTok === undefined
        ? scaled(input, CACHE_WRITE_5M_PERCENT)
        : price(override.cacheWrite5mUsdPerMTok, "cacheWrite5mUsdPerMTok"),
    cacheWrite1h:
      override.cacheWrite1hUsdPerMTok === undefined
        ? scaled(input, CACHE_WRITE_1H_PERCENT)
        : price(override.cacheWrite1hUsdPerMTok, "cacheWrite1hUsdPerMTok"),
  };
  return {
    bands: [band],
    fastFactor: null,
    usInferenceFactor: known?.usInferenceFactor ?? "1",
    batchFactor: known?.batchFactor ?? "0.5",
    priceSource: "config",
  };
}

// The vendor's usual multiples of the input price.
const CACHE_READ_PERCENT = 10n;
const CACHE_WRITE_5M_PERCENT = 125n;
const CACHE_WRITE_1H_PERCENT = 200n;

/** Exact percentage of a decimal; digits beyond the twelfth decimal are cut off. */
function scaled(decimal: string, percent: bigint): string {
  const [whole = "", fraction = ""] = decimal.split(".");
  const digits = BigInt(whole + fraction.padEnd(12, "0")) * percent;
  const text = (digits / 100n).toString().padStart(13, "0");
  return `${text.slice(0, -12)}.${text.slice(-12)}`;
}
