import type { HttpHeaders } from "../provider.ts";
import type { ExchangeRequest, SimulatedExchange } from "./simulated-exchange.ts";

/** One request that a simulation got, and what became of it. */
export interface RecordedCall {
  /** How many requests came before. */
  readonly index: number;
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly headers: HttpHeaders;
  readonly body: Uint8Array;
  /** As the request names it; null when it is no sound message call. */
  readonly model: string | null;
  readonly isTriage: boolean;
  /** The caller closed the connection before the response was complete. */
  readonly aborted: boolean;
  /** When the request was complete, in milliseconds since the epoch. */
  readonly startedMs: number;
  /** When the response ended or was cut off; null while it runs. */
  readonly endedMs: number | null;
}

export interface CallLog {
  /** Oldest first. */
  calls(): readonly RecordedCall[];
  /** Requests seen so far; also the index of the next. */
  readonly count: number;
  begin(request: ExchangeRequest, exchange: SimulatedExchange, nowMs: number): OpenRecord;
}

export interface OpenRecord {
  /** Only the first call counts. */
  end(aborted: boolean, nowMs: number): void;
}

/** Of all bodies together: the body of one batch may have as many. */
const MAX_KEPT_BYTES = 256 * 1024 * 1024;

/**
 * @param capacity only so many of the latest calls are kept, bodies included
 * @param maxBytes fewer, when their bodies are large; the latest call is always kept
 */
export function createCallLog(capacity: number, maxBytes: number = MAX_KEPT_BYTES): CallLog {
  const kept: RecordedCall[] = [];
  let bytes = 0;
  let count = 0;
  return {
    calls: () => kept,
    get count() {
      return count;
    },
    begin: (request, { model, isTriage }, nowMs) => {
      const record = {
        index: count,
        method: request.method,
        path: request.path,
        headers: request.headers,
        body: request.body,
        model,
        isTriage,
        aborted: false,
        startedMs: nowMs,
        endedMs: null as number | null,
      };
      count += 1;
      kept.push(record);
      bytes += record.body.length;
      while (kept.length > capacity || (bytes > maxBytes && kept.length > 1)) {
        bytes -= kept.shift()?.body.length ?? 0;
      }
      return {
        end: (aborted, endedMs) => {
          if (record.endedMs !== null) return;
          record.aborted = aborted;
          record.endedMs = endedMs;
        },
      };
    },
  };
}
