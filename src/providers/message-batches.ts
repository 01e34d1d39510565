import { callForValue } from "./batches/batch-call.ts";
import { assembleBatchBody } from "./batches/batch-body.ts";
import type { BatchRequest } from "./batches/batch-body.ts";
import { invalidRequest } from "./batches/batch-failure.ts";
import type { BatchOutcome } from "./batches/batch-failure.ts";
import { readBatchPage, readMessageBatch } from "./batches/batch-object.ts";
import type { BatchPage, MessageBatch } from "./batches/batch-object.ts";
import { readResults } from "./batches/results-reading.ts";
import type { ResultsRead, TakeResult } from "./batches/results-reading.ts";
import type { HttpHeaders, Provider, UpstreamRequest, UpstreamTimeouts } from "./provider.ts";

export interface MessageBatchesOptions {
  readonly provider: Provider;
  readonly timeouts: UpstreamTimeouts;
  /** Sent with every request, besides those the API demands. Names in lower case. */
  readonly headers?: HttpHeaders;
}

export interface BatchCallOptions {
  /** Closes the connection; the outcome is then an `interrupted` failure. */
  readonly signal?: AbortSignal;
}

export interface BatchListOptions extends BatchCallOptions {
  /** Batches per page, 1 to 1,000. Default 20. */
  readonly limit?: number;
  /** `lastId` of the page before. */
  readonly afterId?: string;
}

/**
 * The Message Batches API of a provider: half the price, within 24 hours. Each method is one request;
 * nothing is repeated. What goes wrong is a value.
 *
 * A 404 about a batch that was just created need not be true: the API's parts have been seen to
 * disagree for minutes.
 */
export interface MessageBatches {
  /** A failure with `mayHaveTakenEffect` may have left a batch: look for it before another try. */
  create(
    requests: readonly BatchRequest[],
    options?: BatchCallOptions,
  ): Promise<BatchOutcome<MessageBatch>>;
  retrieve(id: string, options?: BatchCallOptions): Promise<BatchOutcome<MessageBatch>>;
  /** What is being answered is answered to the end; the batch has ended soon after. */
  cancel(id: string, options?: BatchCallOptions): Promise<BatchOutcome<MessageBatch>>;
  list(options?: BatchListOptions): Promise<BatchOutcome<BatchPage>>;
  /**
   * Reads the results of a batch that has ended, in no order. They are never all in memory, and come
   * no faster than `onResult` takes them. Results may have been handed over before a failure; the
   * next try begins at the first again. Only what `onResult` throws is thrown.
   */
  results(
    id: string,
    onResult: TakeResult,
    options?: BatchCallOptions,
  ): Promise<BatchOutcome<ResultsRead>>;
}

const COLLECTION = "/v1/messages/batches";

const HEADERS = { "accept-encoding": "identity", "anthropic-version": "2023-06-01" };

export function createMessageBatches(options: MessageBatchesOptions): MessageBatches {
  const { provider, timeouts } = options;
  const requestOf = (
    method: "GET" | "POST",
    path: string,
    body: Uint8Array | null = null,
  ): UpstreamRequest => {
    const content = body === null ? {} : { "content-type": "application/json" };
    const headers = { ...options.headers, ...HEADERS, ...content };
    return { method, path: COLLECTION + path, headers, body, timeouts };
  };
  return {
    create: async (requests, { signal } = {}) => {
      const body = assembleBatchBody(requests);
      if (!body.ok) return { ok: false, failure: invalidRequest(body.problem) };
      const request = requestOf("POST", "", body.value);
      return callForValue({ provider, request, isChange: true, read: readMessageBatch, signal });
    },
    retrieve: (id, { signal } = {}) => {
      const request = requestOf("GET", pathOf(id));
      return callForValue({ provider, request, isChange: false, read: readMessageBatch, signal });
    },
    cancel: (id, { signal } = {}) => {
      const request = requestOf("POST", `${pathOf(id)}/cancel`);
      return callForValue({ provider, request, isChange: true, read: readMessageBatch, signal });
    },
    list: ({ limit, afterId, signal } = {}) => {
      const query = new URLSearchParams();
      if (limit !== undefined) query.set("limit", String(limit));
      if (afterId !== undefined) query.set("after_id", afterId);
      const request = requestOf("GET", query.size === 0 ? "" : `?${query.toString()}`);
      return callForValue({ provider, request, isChange: false, read: readBatchPage, signal });
    },
    results: (id, onResult, { signal } = {}) => {
      const request = requestOf("GET", `${pathOf(id)}/results`);
      return readResults({ provider, request, onResult, signal });
    },
  };
}

function pathOf(id: string): string {
  return `/${encodeURIComponent(id)}`;
}
