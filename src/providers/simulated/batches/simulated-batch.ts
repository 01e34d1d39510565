/** A batch of the simulation: all that will become of it, decided when it was made or canceled. */
export interface SimulatedBatch {
  readonly id: string;
  /** Milliseconds since the epoch, as all times here. */
  readonly createdMs: number;
  /** When the last request is done. */
  readonly endsMs: number;
  readonly cancelMs: number | null;
  /** In the order in which they were posted and are worked on. */
  readonly requests: readonly SimulatedBatchRequest[];
}

export interface SimulatedBatchRequest {
  readonly customId: string;
  readonly kind: BatchResultKind;
  /** The JSON of the result. */
  readonly json: string;
}

export type BatchResultKind = "succeeded" | "errored" | "canceled" | "expired";

/** What a batch takes before its first request is done, and for each; a few hundred take a minute. */
const START_MS = 30_000;
const REQUEST_MS = 100;
/** Most batches of the real API end within it. */
const LONGEST_MS = 3_600_000;
/** From a cancellation to the end: requests that are being answered are answered to the end. */
const CANCELING_MS = 5_000;
const EXPIRY_MS = 24 * 3_600_000;

/** How long so many requests take, before scaling. */
export function batchDurationMs(requestCount: number): number {
  return Math.min(LONGEST_MS, START_MS + REQUEST_MS * requestCount);
}

/** The batch when it was told to stop: what is not done by then never will be. */
export function canceledBatch(
  batch: SimulatedBatch,
  nowMs: number,
  timeScale: number,
): SimulatedBatch {
  if (batch.cancelMs !== null || hasEnded(batch, nowMs)) return batch;
  const durationMs = batch.endsMs - batch.createdMs;
  const doneShare = (nowMs - batch.createdMs) / durationMs;
  const doneCount = Math.floor(doneShare * batch.requests.length);
  return {
    ...batch,
    cancelMs: nowMs,
    endsMs: Math.min(batch.endsMs, nowMs + CANCELING_MS * timeScale),
    requests: batch.requests.map((request, position) =>
      position < doneCount ? request : { customId: request.customId, ...CANCELED },
    ),
  };
}

/** A result without a message. */
export const CANCELED = { kind: "canceled", json: '{"type":"canceled"}' } as const;
export const EXPIRED = { kind: "expired", json: '{"type":"expired"}' } as const;

export function hasEnded(batch: SimulatedBatch, nowMs: number): boolean {
  return nowMs >= batch.endsMs;
}

/**
 * The batch as the API shows it. As there, all requests count as processing until the whole batch
 * has ended.
 *
 * @param resultsUrl where its results will be
 */
export function batchObject(batch: SimulatedBatch, nowMs: number, resultsUrl: string): object {
  const isEnded = hasEnded(batch, nowMs);
  const counts = { succeeded: 0, errored: 0, canceled: 0, expired: 0 };
  if (isEnded) for (const { kind } of batch.requests) counts[kind] += 1;
  const running = batch.cancelMs === null ? "in_progress" : "canceling";
  return {
    id: batch.id,
    type: "message_batch",
    processing_status: isEnded ? "ended" : running,
    request_counts: { processing: isEnded ? 0 : batch.requests.length, ...counts },
    created_at: timestamp(batch.createdMs),
    ended_at: isEnded ? timestamp(batch.endsMs) : null,
    expires_at: timestamp(batch.createdMs + EXPIRY_MS),
    cancel_initiated_at: batch.cancelMs === null ? null : timestamp(batch.cancelMs),
    archived_at: null,
    results_url: isEnded ? resultsUrl : null,
  };
}

function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}
