import { failure, success } from "../../support/result.ts";
import type { Result } from "../../support/result.ts";

/** A request of a batch to be created. */
export interface BatchRequest {
  /** Names the result: 1 to 64 letters, digits, `_` and `-`, unique in its batch. */
  readonly customId: string;
  /** The body of a message call as JSON: one object, and no stream. Sent as it is, unread. */
  readonly params: Uint8Array;
}

/** What the API takes in one batch. */
export const MAX_BATCH_REQUESTS = 100_000;
/** The API says 256 MB and not which; these are the smaller ones. */
export const MAX_BATCH_BYTES = 256_000_000;

/** Why a batch is not sent. */
export interface BatchBodyProblem {
  readonly code: BatchBodyCode;
  readonly message: string;
}

export type BatchBodyCode =
  | "batch_empty"
  | "batch_too_many_requests"
  | "batch_too_large"
  | "custom_id_invalid"
  | "custom_id_repeated";

/** Bytes of a batch without any request. */
export const EMPTY_BATCH_BYTES = 14;

/**
 * How many bytes a request adds to its batch: with `EMPTY_BATCH_BYTES` and those of all others it may
 * make up `MAX_BATCH_BYTES`.
 */
export function batchRequestBytes({ customId, params }: BatchRequest): number {
  return FRAME_BYTES + Buffer.byteLength(customId) + params.length;
}

/** The body that creates a batch. Params are copied byte for byte, so what is cached stays so. */
export function assembleBatchBody(
  requests: readonly BatchRequest[],
): Result<Uint8Array, BatchBodyProblem> {
  const problem = problemWith(requests);
  if (problem !== null) return failure(problem);
  const parts: Uint8Array[] = [];
  let opening = '{"requests":[';
  for (const { customId, params } of requests) {
    parts.push(Buffer.from(`${opening}{"custom_id":"${customId}","params":`), params);
    opening = "},";
  }
  parts.push(Buffer.from("}]}"));
  return success(Buffer.concat(parts));
}

/** Of everything around id and params; the last request has no comma, but the batch counts it. */
const FRAME_BYTES = Buffer.byteLength('{"custom_id":"","params":},');

const CUSTOM_ID = /^[a-zA-Z0-9_-]{1,64}$/;

function problemWith(requests: readonly BatchRequest[]): BatchBodyProblem | null {
  if (requests.length === 0) {
    return { code: "batch_empty", message: "A batch needs at least one request." };
  }
  if (requests.length > MAX_BATCH_REQUESTS) {
    const message = `A batch takes ${MAX_BATCH_REQUESTS} requests, but ${requests.length} were given.`;
    return { code: "batch_too_many_requests", message };
  }
  const seen = new Map<string, number>();
  let bytes = EMPTY_BATCH_BYTES;
  for (const [position, request] of requests.entries()) {
    const { customId } = request;
    if (!CUSTOM_ID.test(customId)) {
      const message =
        `The custom id of request ${position} must be 1 to 64 letters, digits, "_" or "-", but has ` +
        `${customId.length} characters or others.`;
      return { code: "custom_id_invalid", message };
    }
    const other = seen.get(customId);
    if (other !== undefined) {
      const message = `Requests ${other} and ${position} of a batch have the same custom id.`;
      return { code: "custom_id_repeated", message };
    }
    seen.set(customId, position);
    bytes += batchRequestBytes(request);
  }
  if (bytes <= MAX_BATCH_BYTES) return null;
  const message = `A batch takes ${MAX_BATCH_BYTES} bytes, but ${bytes} were given.`;
  return { code: "batch_too_large", message };
}
