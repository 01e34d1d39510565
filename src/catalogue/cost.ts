/** Billionths of a US dollar. Exact; in JSON a string of digits. */
export type NanoUsd = bigint;

/** Tokens of one call by the kinds that have prices of their own. */
export interface TokenCounts {
  /** Uncached input only: the whole prompt is the sum of the four input counts. */
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  /** Written to the cache that lives five minutes. */
  readonly cacheWrite5mTokens: number;
  /** Written to the cache that lives an hour. */
  readonly cacheWrite1hTokens: number;
  readonly outputTokens: number;
}

/** What tokens cost, and who says so. */
export type Cost =
  | { readonly isPriced: true; readonly costNanoUsd: NanoUsd; readonly source: string }
  /** No price is known for the model. Never shown as 0. */
  | { readonly isPriced: false; readonly costNanoUsd: null; readonly source: null };
