/**
 * How a model cuts text into tokens. `2024` serves everything up to Opus 4.6, Sonnet 4.6 and
 * Haiku 4.5; `2026` came with Opus 4.7 and makes about 30 % more tokens of the same text.
 */
export type Tokenizer = "2024" | "2026";

/**
 * Prices of one span of time and one span of prompt lengths, in US dollars per million tokens,
 * written as decimals (`"0.125"`) so that they stay exact.
 */
export interface PriceBand {
  /** First UTC day of these prices, as `2026-10-07`. Absent: since the model came out. */
  readonly fromDate?: string;
  /**
   * The band holds for prompts of more tokens than this, all four input kinds together, and then
   * prices the whole request, output too. Absent: for every prompt.
   */
  readonly promptTokensOver?: number;
  readonly input: string;
  readonly output: string;
  readonly cacheWrite5m: string;
  readonly cacheWrite1h: string;
  readonly cacheRead: string;
}

/** Everything that decides what tokens of a model cost. */
export interface PriceList {
  /** The last band that holds for a call is the one that prices it; the first holds for all. */
  readonly bands: readonly [PriceBand, ...PriceBand[]];
  /** Factor of calls in fast mode, on every kind of token; null when no such price is known. */
  readonly fastFactor: string | null;
  /** Factor of calls whose inference was kept in the United States; `"1"` when it costs nothing. */
  readonly usInferenceFactor: string;
  /** Factor of calls in a batch; null when no such price is known. */
  readonly batchFactor: string | null;
  /** Who says so, for receipts: `catalogue 2026-11-23`, `config`, `genai-prices 0.1.8`. */
  readonly priceSource: string;
}

/**
 * `current`: the newest of its line. `legacy`: served, but a newer one has taken its place.
 * `deprecated`: served until an announced day.
 */
export type ModelStatus = "current" | "legacy" | "deprecated";

/** A model as data: prices, limits, life span. What it rejects stands in `request-rules.ts`. */
export interface ModelFacts extends PriceList {
  /** Canonical name, without a date where the vendor has an undated one. */
  readonly id: string;
  /** Other names that upstream takes for the same snapshot. */
  readonly aliases: readonly string[];
  readonly vendor: "anthropic";
  /** Day on which the row was checked, as `2026-11-23`. */
  readonly asOf: string;
  /** Where the row comes from, for people. */
  readonly source: string;
  /** Input and output together. */
  readonly contextTokens: number;
  /** Highest `max_tokens` that is accepted. */
  readonly maxOutputTokens: number;
  readonly tokenizer: Tokenizer;
  readonly maxImages: number;
  readonly maxPdfPages: number;
  /** Prompts shorter than this are not cached, whatever they ask for. */
  readonly minCacheableTokens: number;
  readonly status: ModelStatus;
  /** Day of release; null = not known. */
  readonly released: string | null;
  /** Announced last day of service; null = none announced. */
  readonly retires: string | null;
  /** Day before which the vendor promises not to retire it; null = no promise known. */
  readonly retiresNotBefore: string | null;
  /** Who may call it, when not everybody may. */
  readonly restriction: string | null;
}
