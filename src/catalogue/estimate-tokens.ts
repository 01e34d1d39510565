import type { TokenCounts } from "./cost.ts";
import type { Tokenizer } from "./model-facts.ts";

/**
 * How many tokens the same texts are under another tokenizer: 1.3 times as many from the older to
 * the newer, the inverse back, rounded. The vendor says 1.0 to 1.35, depending on the text, so the
 * outcome is an estimate and must be marked as one. Images are treated as text.
 */
export function estimateTokens(tokens: TokenCounts, from: Tokenizer, to: Tokenizer): TokenCounts {
  if (from === to) return tokens;
  const convert = (count: number): number =>
    Math.round(to === "2026" ? (count * 13) / 10 : (count * 10) / 13);
  return {
    inputTokens: convert(tokens.inputTokens),
    cacheReadTokens: convert(tokens.cacheReadTokens),
    cacheWrite5mTokens: convert(tokens.cacheWrite5mTokens),
    cacheWrite1hTokens: convert(tokens.cacheWrite1hTokens),
    outputTokens: convert(tokens.outputTokens),
  };
}
