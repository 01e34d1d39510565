import { readErrorEnvelope } from "../messages/error-envelope.ts";
import type { ApiError } from "../messages/message.ts";
import type { UpstreamFailure } from "../providers/provider.ts";

/** What a client is told when an answer may not be served without a record. */
export const NOT_RECORDED: ApiError = {
  type: "api_error",
  message:
    "Leadsman could not write the record of this request and is configured to refuse then " +
    "(ledger.onFailure: refuse). Look at /readyz, then send the request again.",
};

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
