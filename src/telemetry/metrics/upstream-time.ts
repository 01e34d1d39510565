import type { Attempt } from "../../cascade/receipt.ts";

/**
 * How long of a request an upstream call ran that its client waited for, in milliseconds. Calls that
 * ran at the same time count once, and what ran on after the end of the answer does not count.
 */
export function upstreamMs(attempts: readonly Attempt[], latencyMs: number): number {
  let total = 0;
  let coveredMs = 0;
  // They are in the order of sending, so that each begins no earlier than the one before.
  for (const { role, startedAfterMs, latencyMs: lastedMs } of attempts) {
    if (role !== "triage" && role !== "answer") continue;
    const from = Math.max(startedAfterMs, coveredMs);
    const to = Math.min(startedAfterMs + lastedMs, latencyMs);
    if (to <= from) continue;
    total += to - from;
    coveredMs = to;
  }
  return total;
}
