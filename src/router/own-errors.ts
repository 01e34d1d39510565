import { readErrorEnvelope } from "../messages/error-envelope.ts";
import type { BodyAmbiguity } from "../messages/message-request.ts";
import type { ApiError } from "../messages/message.ts";
import type { UpstreamFailure } from "../providers/provider.ts";

/** What a client is told when an answer may not be served without a record. */
export const NOT_RECORDED: ApiError = {
  type: "api_error",
  message:
    "Leadsman could not write the record of this request and is configured to refuse then " +
    "(ledger.onFailure: refuse). Look at /readyz, then send the request again.",
};

/** What a client is told whose body has a virtual model name that cannot be replaced safely. */
export function ambiguousBodyError(ambiguity: BodyAmbiguity): ApiError {
  const message =
    `The body cannot be read in one way only (${ambiguity}), so a virtual model name in it cannot ` +
    `be replaced. Name a real model, or send plain JSON.`;
  return { type: "invalid_request_error", message };
}

/** The client's error for a call that got no complete response. */
export function errorOfFailure(failure: UpstreamFailure): { status: number; error: ApiError } {
  switch (failure.code) {
    case "connect_timeout":
    case "first_byte_timeout":
    case "idle_timeout":
    case "total_timeout":
      return { status: 504, error: { type: "timeout_error", message: failure.message } };
    case "connect_failed":
    case "connection_lost":
      return { status: 502, error: { type: "api_error", message: failure.message } };
  }
}

/** Upstream's own error, for a stream that is already open and can only carry an event. */
export function errorOfBody(status: number, body: Uint8Array): ApiError {
  const error = readErrorEnvelope(body);
  if (error !== null) return error;
  return { type: "api_error", message: `The upstream answered with status ${String(status)}.` };
}
