import type { Usage } from "../messages/message.ts";
import type { TokenCounts } from "./cost.ts";

/**
 * The counts that have prices, from a usage object of the Messages API. A missing, null or
 * unsound count (negative, fractional, not a number) is 0; ask `hasSoundCounts` whether that
 * happened. Cache writes that are not split by life time count as the five-minute kind, which is
 * what a request gets that does not ask for another.
 */
export function tokenCounts(usage: Partial<Usage>): TokenCounts {
  const cacheWrite1hTokens = count(usage.cache_creation?.ephemeral_1h_input_tokens);
  const split5mTokens = count(usage.cache_creation?.ephemeral_5m_input_tokens);
  const unsplitTokens = count(usage.cache_creation_input_tokens) - cacheWrite1hTokens;
  return {
    inputTokens: count(usage.input_tokens),
    cacheReadTokens: count(usage.cache_read_input_tokens),
    cacheWrite5mTokens: Math.max(split5mTokens, unsplitTokens),
    cacheWrite1hTokens,
    outputTokens: count(usage.output_tokens),
  };
}

/** True when every count is a whole, non-negative number or left out where it may be. */
export function hasSoundCounts(usage: Partial<Usage>): boolean {
  const optionalCounts = [
    usage.cache_read_input_tokens,
    usage.cache_creation_input_tokens,
    usage.cache_creation?.ephemeral_5m_input_tokens,
    usage.cache_creation?.ephemeral_1h_input_tokens,
  ];
  return (
    isCount(usage.input_tokens) &&
    isCount(usage.output_tokens) &&
    optionalCounts.every((value) => value === undefined || value === null || isCount(value))
  );
}

function count(value: unknown): number {
  return isCount(value) ? value : 0;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
