import { z } from "zod";
import type { ModelOverride } from "../catalogue/model-override.ts";
import { wholeNumber, word } from "./setting-kinds.ts";

const PRICE = "US dollars per million tokens, such as 2.5, with at most 12 decimals";
const MAX_PRICES = 1000;
const PRICES = `a list of at most ${MAX_PRICES} models with prices`;

const modelPrice = z.strictObject({
  model: word("the name of a model").describe(
    "Model id; an alias or a dated id means the model behind it.",
  ),
  inputUsdPerMTok: price().describe("Uncached input, US dollars per million tokens."),
  outputUsdPerMTok: price().describe("Output, US dollars per million tokens."),
  cacheReadUsdPerMTok: price()
    .exactOptional()
    .describe("Input read from the cache; without it, a tenth of the input price."),
  cacheWrite5mUsdPerMTok: price()
    .exactOptional()
    .describe("Cache writes that live five minutes; without it, 1.25 times the input price."),
  cacheWrite1hUsdPerMTok: price()
    .exactOptional()
    .describe("Cache writes that live an hour; without it, twice the input price."),
  contextTokens: wholeNumber(1, 1e9, "a whole number of tokens")
    .exactOptional()
    .describe("Input and output together; without it, what the table knows."),
  maxOutputTokens: wholeNumber(1, 1e9, "a whole number of tokens")
    .exactOptional()
    .describe("Highest max_tokens; without it, what the table knows."),
});

export const pricesSchema: z.ZodType<readonly ModelOverride[]> = z
  .array(modelPrice, PRICES)
  .max(MAX_PRICES, PRICES)
  .prefault([])
  .describe(
    "Prices of your own: negotiated ones, or those of models that the bundled table does not have.",
  );

/** Stays as written: prices are exact decimals. */
function price(): z.ZodType<number | string> {
  const text = z.string(PRICE).regex(/^\d{1,9}(\.\d{1,12})?$/, PRICE);
  const number = z.number(PRICE).min(0, PRICE).max(999_999_999, PRICE);
  return z.union([number.refine(hasFewDecimals, PRICE), text], PRICE).meta({ title: "US dollars" });
}

function hasFewDecimals(value: number): boolean {
  return /^\d+(\.\d{1,12})?$/.test(String(value));
}
