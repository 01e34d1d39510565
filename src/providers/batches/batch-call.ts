import { readJsonBytes } from "../../messages/read-json.ts";
import type { JsonValue } from "../../support/json.ts";
import type { Provider, UpstreamHead, UpstreamRequest } from "../provider.ts";
import { failedCall, httpError, interrupted, unreadable } from "./batch-failure.ts";
import type { BatchFailure, BatchOutcome } from "./batch-failure.ts";

export interface BatchCallParts<Value> {
  readonly provider: Provider;
  readonly request: UpstreamRequest;
  /** Whether the request is to change something. */
  readonly isChange: boolean;
  /** Null for an answer of another shape. */
  readonly read: (value: JsonValue) => Value | null;
  readonly signal: AbortSignal | undefined;
}

/** Far above a full page of batches. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
/** An error's envelope is shorter. */
export const MAX_ERROR_BYTES = 65_536;

/** One call of the batch API whose answer is a JSON value. */
export function callForValue<Value>(parts: BatchCallParts<Value>): Promise<BatchOutcome<Value>> {
  const { provider, request, isChange, signal } = parts;
  if (signal?.aborted === true) return Promise.resolve(failed(interrupted(null, false, isChange)));
  const { promise, resolve } = Promise.withResolvers<BatchOutcome<Value>>();
  let head: UpstreamHead | null = null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const conclude = (outcome: BatchOutcome<Value>): void => {
    signal?.removeEventListener("abort", interrupt);
    resolve(outcome);
  };
  const call = provider.send(request, {
    onHead: (given) => {
      head = given;
    },
    onChunk: (chunk) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (head === null || bytes <= (isSuccess(head) ? MAX_ANSWER_BYTES : MAX_ERROR_BYTES)) return;
      call.abort();
      conclude(failed(tooLarge(head, Buffer.concat(chunks), isChange)));
    },
    onEnd: () => {
      if (head !== null) conclude(outcomeOf(head, Buffer.concat(chunks), parts));
    },
    onFailure: (failure) => {
      // A refusal stands, though its words were cut off.
      if (head === null || isSuccess(head)) conclude(failed(failedCall(failure, head, isChange)));
      else conclude(failed(httpError(head, Buffer.concat(chunks), isChange)));
    },
  });
  const interrupt = (): void => {
    call.abort();
    conclude(failed(interrupted(head, true, isChange)));
  };
  signal?.addEventListener("abort", interrupt, { once: true });
  return promise;
}

export function isSuccess({ status }: UpstreamHead): boolean {
  return status >= 200 && status < 300;
}

function outcomeOf<Value>(
  head: UpstreamHead,
  body: Uint8Array,
  { read, isChange }: BatchCallParts<Value>,
): BatchOutcome<Value> {
  if (!isSuccess(head)) return failed(httpError(head, body, isChange));
  const json = readJsonBytes(body);
  const value = json.ok ? read(json.value) : null;
  if (value !== null) return { ok: true, value };
  const found = json.ok ? "JSON of another shape" : "no JSON";
  const message = `An answer of the batch API was wanted, but ${found} came.`;
  return failed(unreadable("response_unreadable", message, head, isChange));
}

function tooLarge(head: UpstreamHead, body: Uint8Array, isChange: boolean): BatchFailure {
  if (!isSuccess(head)) return httpError(head, body, isChange);
  const message = `An answer has more than ${MAX_ANSWER_BYTES} bytes.`;
  return unreadable("response_too_large", message, head, isChange);
}

function failed(failure: BatchFailure): { readonly ok: false; readonly failure: BatchFailure } {
  return { ok: false, failure };
}
