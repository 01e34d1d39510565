import { readErrorEnvelope } from "../../messages/error-envelope.ts";
import type { ApiError } from "../../messages/message.ts";
import type { HttpHeaders, UpstreamFailure, UpstreamHead } from "../provider.ts";
import type { BatchBodyProblem } from "./batch-body.ts";

/** Why there is no answer of the batch API. */
export interface BatchFailure {
  readonly kind: BatchFailureKind;
  /**
   * `invalid`: a word of `BatchBodyCode`. `failed`: a word of `UPSTREAM_FAILURES`. `http_error`: the
   * type of the API's error, else `status_<number>`. `unreadable`: `response_unreadable`,
   * `response_too_large`, `result_unreadable` or `result_too_large`. `interrupted`: the same word.
   */
  readonly code: string;
  /** A sentence without secrets and without anything of a request or a result. */
  readonly message: string;
  /** Null when no response began. */
  readonly status: number | null;
  /** Of the response, as they came: `retry-after`, `x-should-retry`, `request-id`. */
  readonly headers: HttpHeaders;
  /** As the API told it; null when it told none. */
  readonly error: ApiError | null;
  /**
   * True when the batch may have been created (or canceled) although no answer says so. Whoever asks
   * again without having looked may pay twice. Always false where nothing is changed.
   */
  readonly mayHaveTakenEffect: boolean;
}

export type BatchFailureKind =
  /** Refused here; nothing was sent. */
  | "invalid"
  /** No complete response. */
  | "failed"
  /** A response that is not a success. */
  | "http_error"
  /** A success that says something other than the API does. */
  | "unreadable"
  /** By the caller's own signal. */
  | "interrupted";

export type BatchOutcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: BatchFailure };

export function invalidRequest({ code, message }: BatchBodyProblem): BatchFailure {
  return { ...NOTHING_CAME, kind: "invalid", code, message, mayHaveTakenEffect: false };
}

/** @param isChange whether the request was to change something */
export function failedCall(
  { code, message }: UpstreamFailure,
  head: UpstreamHead | null,
  isChange: boolean,
): BatchFailure {
  // Not `isSafeToRetry`: a connection that is lost before its response is worth a second try of a
  // message call, which costs little, but the request may have been read and done.
  const mayHaveTakenEffect = isChange && !NEVER_CONNECTED.has(code);
  return { ...heard(head), kind: "failed", code, message, mayHaveTakenEffect };
}

/** @param body as much of it as came */
export function httpError(head: UpstreamHead, body: Uint8Array, isChange: boolean): BatchFailure {
  const { status } = head;
  const error = readErrorEnvelope(body);
  return {
    ...heard(head),
    kind: "http_error",
    code: error?.type ?? `status_${status}`,
    message: `status ${status}${error === null ? "" : `, ${error.message}`}`,
    error,
    mayHaveTakenEffect: isChange && !REFUSING_STATUSES.has(status),
  };
}

/** @param message what was wanted and found */
export function unreadable(
  code: "response_unreadable" | "response_too_large" | "result_unreadable" | "result_too_large",
  message: string,
  head: UpstreamHead,
  isChange: boolean,
): BatchFailure {
  return { ...heard(head), kind: "unreadable", code, message, mayHaveTakenEffect: isChange };
}

/** @param wasSent whether the request was on its way */
export function interrupted(
  head: UpstreamHead | null,
  wasSent: boolean,
  isChange: boolean,
): BatchFailure {
  const message = "The call was interrupted by its caller.";
  const mayHaveTakenEffect = isChange && wasSent;
  return { ...heard(head), kind: "interrupted", code: "interrupted", message, mayHaveTakenEffect };
}

const NOTHING_CAME = { status: null, headers: {}, error: null } as const;

function heard(head: UpstreamHead | null): Pick<BatchFailure, "status" | "headers" | "error"> {
  return head === null ? NOTHING_CAME : { status: head.status, headers: head.headers, error: null };
}

const NEVER_CONNECTED: ReadonlySet<UpstreamFailure["code"]> = new Set([
  "connect_failed",
  "connect_timeout",
]);

/**
 * Said before anything is done. Not 404, which the API has answered to creations in the moments when
 * its parts did not agree, nor any other status of 500 and above: a proxy may have lost the answer.
 */
const REFUSING_STATUSES: ReadonlySet<number> = new Set([400, 401, 402, 403, 413, 429, 529]);
