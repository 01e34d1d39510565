import type { Usage, UsageUpdate } from "./message.ts";

/**
 * The counts after an update. Counts in a stream are cumulative, so a later number replaces an
 * earlier one; `null` is the absence of news and replaces nothing.
 */
export function mergeUsage(usage: Usage, update: UsageUpdate): Usage {
  const news = Object.entries(update).filter(([, value]) => value !== null && value !== undefined);
  return { ...usage, ...Object.fromEntries(news) };
}
