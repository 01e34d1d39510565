import { isArray } from "../../messages/is-array.ts";
import { isStringOrNull } from "../../messages/message-shapes.ts";
import { isJsonObject } from "../../support/json.ts";
import type { JsonValue } from "../../support/json.ts";

/** A batch as the API shows it. Members we do not read are kept. */
export interface MessageBatch {
  readonly id: string;
  /** `in_progress`, `canceling` or `ended`. Open list: anything else is not ended. */
  readonly processing_status: string;
  /** All are processing until the whole batch has ended; only then the other counts are told. */
  readonly request_counts: BatchCounts;
  /** Times as RFC 3339. */
  readonly created_at: string | null;
  readonly ended_at: string | null;
  readonly expires_at: string | null;
  readonly cancel_initiated_at: string | null;
  readonly results_url: string | null;
  readonly [member: string]: unknown;
}

export interface BatchCounts {
  readonly processing: number;
  readonly succeeded: number;
  readonly errored: number;
  readonly canceled: number;
  readonly expired: number;
}

/** Batches from the newest on. */
export interface BatchPage {
  readonly batches: readonly MessageBatch[];
  /** Whether older ones follow. */
  readonly hasMore: boolean;
  /** The oldest of the page, after which the next page begins; null on an empty page. */
  readonly lastId: string | null;
}

/** The batch that a JSON value is, or null. */
export function readMessageBatch(value: JsonValue | undefined): MessageBatch | null {
  if (!isJsonObject(value)) return null;
  const { id, processing_status: status, request_counts: counts } = value;
  const { created_at: created = null, ended_at: ended = null, expires_at: expires = null } = value;
  const { cancel_initiated_at: cancel = null, results_url: url = null } = value;
  const read = readCounts(counts);
  if (typeof id !== "string" || id === "" || typeof status !== "string" || read === null)
    return null;
  if (!isStringOrNull(created) || !isStringOrNull(ended) || !isStringOrNull(expires)) return null;
  if (!isStringOrNull(cancel) || !isStringOrNull(url)) return null;
  return {
    ...value,
    id,
    processing_status: status,
    request_counts: read,
    created_at: created,
    ended_at: ended,
    expires_at: expires,
    cancel_initiated_at: cancel,
    results_url: url,
  };
}

/** The page of a list that a JSON value is, or null. */
export function readBatchPage(value: JsonValue | undefined): BatchPage | null {
  if (!isJsonObject(value) || !isArray(value["data"])) return null;
  const hasMore = value["has_more"];
  if (typeof hasMore !== "boolean") return null;
  const batches: MessageBatch[] = [];
  for (const item of value["data"]) {
    const batch = readMessageBatch(item);
    if (batch === null) return null;
    batches.push(batch);
  }
  return { batches, hasMore, lastId: batches.at(-1)?.id ?? null };
}

function readCounts(value: JsonValue | undefined): BatchCounts | null {
  if (!isJsonObject(value)) return null;
  const { processing, succeeded, errored, canceled, expired } = value;
  if (!isCount(processing) || !isCount(succeeded) || !isCount(errored)) return null;
  if (!isCount(canceled) || !isCount(expired)) return null;
  return { processing, succeeded, errored, canceled, expired };
}

function isCount(value: JsonValue | undefined): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
