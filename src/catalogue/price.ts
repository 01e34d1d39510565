import { LeadsmanError } from "../support/leadsman-error.ts";
import type { Cost, NanoUsd, TokenCounts } from "./cost.ts";
import type { PriceBand, PriceList } from "./model-facts.ts";

/** What besides the tokens decides the price of a call. */
export interface PriceOptions {
  readonly isBatch: boolean;
  /** `inference_geo` of the usage; only `us` has a price of its own. */
  readonly geo: string | null;
  /** `speed` of the usage; only `fast` has a price of its own. */
  readonly speed: string | null;
  /** When the call was made, in milliseconds since the Unix epoch. */
  readonly atMs: number;
}

/** Cost of a call for whose model no price is known. */
export const UNPRICED: Cost = { isPriced: false, costNanoUsd: null, source: null };

/**
 * Cost of one call: exact products and sums, rounded once, half to even, to billionths of a
 * dollar. Unpriced when the call was of a kind (fast mode, batch) whose price is not known.
 *
 * @param tokens whole, non-negative counts; anything else throws `invalid_token_count`
 */
export function priceTokens(tokens: TokenCounts, prices: PriceList, options: PriceOptions): Cost {
  const { bands, fast, batch, usInference } = exactPrices(prices);
  let numerator = 1n;
  let denominator = ATTO_PER_NANO;
  const multiplyBy = (factor: Ratio): void => {
    numerator *= factor.numerator;
    denominator *= factor.denominator;
  };
  if (options.speed === "fast") {
    if (fast === null) return UNPRICED;
    multiplyBy(fast);
  }
  if (options.isBatch) {
    if (batch === null) return UNPRICED;
    multiplyBy(batch);
  }
  if (options.geo === "us") multiplyBy(usInference);

  const attoUsd = standardAttoUsd(tokens, bandFor(tokens, bands, options.atMs));
  return {
    isPriced: true,
    costNanoUsd: divideHalfEven(attoUsd * numerator, denominator),
    source: prices.priceSource,
  };
}

/**
 * Checks a price in US dollars per million tokens and gives it back as a plain decimal. At most
 * twelve decimals, so that a price of one token is a whole number of the unit used inside.
 *
 * @throws LeadsmanError `invalid_price`
 */
export function decimalPrice(value: string | number, what: string): string {
  const text = typeof value === "number" ? numberAsDecimal(value) : value;
  if (DECIMAL.test(text)) return text;
  throw new LeadsmanError(
    "invalid_price",
    `${what} must be US dollars per million tokens, 0 or more, with at most 12 decimals; ` +
      `found ${JSON.stringify(value)}`,
  );
}

/** 10⁻¹⁸ dollars: what is a million of them per token costs $10⁻⁶ per million tokens. */
type AttoUsd = bigint;

const ATTO_PER_NANO = 1_000_000_000n;
/** Decimals of a price per million tokens that are still a whole number of atto-dollars a token. */
const PRICE_DECIMALS = 12;
const DECIMAL = /^\d{1,9}(?:\.\d{1,12})?$/;

interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

interface ExactBand {
  readonly startsAtMs: number;
  readonly promptTokensOver: number;
  readonly input: AttoUsd;
  readonly output: AttoUsd;
  readonly cacheWrite5m: AttoUsd;
  readonly cacheWrite1h: AttoUsd;
  readonly cacheRead: AttoUsd;
}

interface ExactPrices {
  readonly bands: readonly [ExactBand, ...ExactBand[]];
  readonly fast: Ratio | null;
  readonly batch: Ratio | null;
  readonly usInference: Ratio;
}

// Decimals and dates are read once per list: pricing runs on every attempt.
const exactPricesOfList = new WeakMap<PriceList, ExactPrices>();

function exactPrices(prices: PriceList): ExactPrices {
  const known = exactPricesOfList.get(prices);
  if (known !== undefined) return known;
  const [first, ...others] = prices.bands;
  const exact: ExactPrices = {
    bands: [exactBand(first), ...others.map(exactBand)],
    fast: prices.fastFactor === null ? null : ratioOf(prices.fastFactor),
    batch: prices.batchFactor === null ? null : ratioOf(prices.batchFactor),
    usInference: ratioOf(prices.usInferenceFactor),
  };
  exactPricesOfList.set(prices, exact);
  return exact;
}

function exactBand(band: PriceBand): ExactBand {
  return {
    startsAtMs: band.fromDate === undefined ? -Infinity : Date.parse(band.fromDate),
    promptTokensOver: band.promptTokensOver ?? -1,
    input: attoUsdPerToken(band.input),
    output: attoUsdPerToken(band.output),
    cacheWrite5m: attoUsdPerToken(band.cacheWrite5m),
    cacheWrite1h: attoUsdPerToken(band.cacheWrite1h),
    cacheRead: attoUsdPerToken(band.cacheRead),
  };
}

/** The last band that holds at that time and for that length of prompt. */
function bandFor(tokens: TokenCounts, bands: ExactPrices["bands"], atMs: number): ExactBand {
  const promptTokens =
    tokens.inputTokens +
    tokens.cacheReadTokens +
    tokens.cacheWrite5mTokens +
    tokens.cacheWrite1hTokens;
  let found = bands[0];
  for (const band of bands) {
    if (atMs >= band.startsAtMs && promptTokens > band.promptTokensOver) found = band;
  }
  return found;
}

function standardAttoUsd(tokens: TokenCounts, band: ExactBand): AttoUsd {
  return (
    times(tokens.inputTokens, band.input) +
    times(tokens.cacheReadTokens, band.cacheRead) +
    times(tokens.cacheWrite5mTokens, band.cacheWrite5m) +
    times(tokens.cacheWrite1hTokens, band.cacheWrite1h) +
    times(tokens.outputTokens, band.output)
  );
}

function times(tokenCount: number, rate: AttoUsd): AttoUsd {
  if (tokenCount === 0) return 0n;
  if (!Number.isSafeInteger(tokenCount) || tokenCount < 0) {
    throw new LeadsmanError(
      "invalid_token_count",
      `A token count must be a whole number of 0 or more; found ${tokenCount}`,
    );
  }
  return BigInt(tokenCount) * rate;
}

/** $1 per million tokens is 10⁻⁶ dollars, or 10¹² atto-dollars, per token. */
function attoUsdPerToken(usdPerMillionTokens: string): AttoUsd {
  const decimal = decimalPrice(usdPerMillionTokens, "A price");
  const [whole = "", fraction = ""] = decimal.split(".");
  return BigInt(whole + fraction.padEnd(PRICE_DECIMALS, "0"));
}

function ratioOf(decimal: string): Ratio {
  const [whole = "", fraction = ""] = decimal.split(".");
  return { numerator: BigInt(whole + fraction), denominator: 10n ** BigInt(fraction.length) };
}

/** Nearest whole number of `dividend / divisor`; a tie goes to the even one. Both not negative. */
function divideHalfEven(dividend: bigint, divisor: bigint): NanoUsd {
  const quotient = dividend / divisor;
  const twiceRest = (dividend % divisor) * 2n;
  if (twiceRest < divisor) return quotient;
  if (twiceRest > divisor) return quotient + 1n;
  return quotient % 2n === 0n ? quotient : quotient + 1n;
}

/** Small numbers print with an exponent; those that need more decimals stay as they print. */
function numberAsDecimal(value: number): string {
  const fixed = value.toFixed(PRICE_DECIMALS);
  return String(value).includes("e-") && Number(fixed) === value ? fixed : String(value);
}
