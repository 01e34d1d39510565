import type { RequestRecord } from "../cascade/receipt.ts";
import type { DecisionWord } from "../cascade/words.ts";
import type { ValueInterval } from "../statistics/normal-interval.ts";
import { quantileInterval } from "./quantile-interval.ts";

/** Middle and slow end of a set of durations, in milliseconds. */
export interface Quantiles {
  readonly count: number;
  /** Null = not known yet: fewer than 5 durations. */
  readonly p50Ms: number | null;
  /** Null = not known yet: fewer than 20 durations, where it would be their maximum. */
  readonly p95Ms: number | null;
  /** At 95 %, in milliseconds; null = not known yet. */
  readonly p50Interval: ValueInterval | null;
  readonly p95Interval: ValueInterval | null;
}

/** How long requests of one decision took. */
export interface PathLatency {
  readonly decision: DecisionWord;
  readonly requests: number;
  /** From the request's arrival to the end of the response. */
  readonly total: Quantiles;
  /** To the first byte of the answer; of streaming requests, since others get all at once. */
  readonly firstByte: Quantiles;
  /** What the gateway itself cost: the total less the upstream calls that were waited for. */
  readonly gateway: Quantiles;
  /**
   * Escalated only: what was waited before the deep call was sent, which a client without a
   * gateway would not have waited. Count 0 for all other decisions.
   */
  readonly extraHop: Quantiles;
}

/** One entry per decision that occurs, most frequent first. */
export function describeLatency(records: readonly RequestRecord[]): readonly PathLatency[] {
  const byDecision = Map.groupBy(records.filter(isAnsweredMessage), ({ decision }) => decision);
  return [...byDecision]
    .map(([decision, answered]) => describePath(decision, answered))
    .toSorted((a, b) => b.requests - a.requests);
}

/**
 * Nearest-rank quantiles: each is a duration that occurred.
 *
 * Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50 (1996),
 * 361–365, definition 1.
 */
export function quantilesOf(durationsMs: readonly number[]): Quantiles {
  const sorted = durationsMs.toSorted((a, b) => a - b);
  const count = sorted.length;
  const at = (share: number): number | null => sorted[Math.ceil(share * count) - 1] ?? null;
  return {
    count,
    p50Ms: count < MIN_FOR_P50 ? null : at(0.5),
    p95Ms: count < MIN_FOR_P95 ? null : at(0.95),
    p50Interval: quantileInterval(sorted, 0.5),
    p95Interval: quantileInterval(sorted, 0.95),
  };
}

const MIN_FOR_P50 = 5;
const MIN_FOR_P95 = 20;

/** What failed or was left says nothing about how long answers take. */
function isAnsweredMessage({ kind, status }: RequestRecord): boolean {
  return kind === "messages" && status < 400;
}

function describePath(decision: DecisionWord, records: readonly RequestRecord[]): PathLatency {
  return {
    decision,
    requests: records.length,
    total: quantilesOf(records.map(({ latencyMs }) => latencyMs)),
    firstByte: quantilesOf(
      records.flatMap(({ isStreaming, firstByteMs }) =>
        isStreaming && firstByteMs !== null ? [firstByteMs] : [],
      ),
    ),
    gateway: quantilesOf(records.map(gatewayMs)),
    extraHop: quantilesOf(decision === "escalated" ? records.flatMap(extraHopMs) : []),
  };
}

/**
 * Calls that are waited for follow one another, so their durations add up. A triage that runs on
 * beside the deep call counts only as far as the deep call waited for it.
 */
function gatewayMs({ attempts, latencyMs }: RequestRecord): number {
  let waitedMs = 0;
  let endMs = 0;
  for (const attempt of attempts) {
    if (attempt.role !== "triage" && attempt.role !== "answer") continue;
    const { startedAfterMs } = attempt;
    const next = attempts.find(
      (other) => other.role === "answer" && other.startedAfterMs > startedAfterMs,
    );
    const attemptEndMs = Math.min(
      startedAfterMs + attempt.latencyMs,
      next?.startedAfterMs ?? Number.POSITIVE_INFINITY,
    );
    waitedMs += Math.max(0, attemptEndMs - Math.max(endMs, startedAfterMs));
    endMs = Math.max(endMs, attemptEndMs);
  }
  return Math.max(0, latencyMs - waitedMs);
}

function extraHopMs({ attempts }: RequestRecord): readonly number[] {
  const answer = attempts.find(({ role }) => role === "answer");
  return answer === undefined ? [] : [answer.startedAfterMs];
}
