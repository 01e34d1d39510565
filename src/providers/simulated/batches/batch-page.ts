import type { RequestObjection } from "../request-objections.ts";
import type { SimulatedBatch } from "./simulated-batch.ts";

export type BatchPageReading =
  | { readonly ok: true; readonly batches: readonly SimulatedBatch[]; readonly hasMore: boolean }
  | { readonly ok: false; readonly objection: RequestObjection };

const DEFAULT_LIMIT = 20;
const LARGEST_LIMIT = 1_000;

/**
 * One page of a list. `after_id` goes on towards older batches, `before_id` back towards newer ones;
 * `hasMore` is about the direction asked for.
 */
export function batchPage(
  newestFirst: readonly SimulatedBatch[],
  query: URLSearchParams,
): BatchPageReading {
  const limit = Number(query.get("limit") ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_LIMIT) {
    return objection(`limit: Input should be from 1 to ${LARGEST_LIMIT}`);
  }
  const [afterId, beforeId] = [query.get("after_id"), query.get("before_id")];
  if (afterId !== null && beforeId !== null) {
    return objection("after_id and before_id cannot both be given");
  }
  const cursor = afterId ?? beforeId;
  const place = newestFirst.findIndex(({ id }) => id === cursor);
  if (cursor !== null && place < 0) return objection("after_id, before_id: no such batch");
  if (beforeId !== null) {
    const start = Math.max(0, place - limit);
    return { ok: true, batches: newestFirst.slice(start, place), hasMore: start > 0 };
  }
  const end = place + 1 + limit;
  return {
    ok: true,
    batches: newestFirst.slice(place + 1, end),
    hasMore: end < newestFirst.length,
  };
}

function objection(message: string): BatchPageReading {
  return { ok: false, objection: { status: 400, type: "invalid_request_error", message } };
}
