import { isJsonObject } from "../support/json.ts";
import { isApiError } from "./message-shapes.ts";
import type { ApiError } from "./message.ts";
import { readJsonBytes } from "./read-json.ts";

/** The types of errors that the Messages API documents. */
export const ERROR_TYPES = [
  "invalid_request_error",
  "authentication_error",
  "billing_error",
  "permission_error",
  "not_found_error",
  "conflict_error",
  "request_too_large",
  "rate_limit_error",
  "api_error",
  "timeout_error",
  "overloaded_error",
] as const;
export type ErrorType = (typeof ERROR_TYPES)[number];

/** HTTP status of each type of error. */
export const ERROR_STATUS: Readonly<Record<ErrorType, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  conflict_error: 409,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/** The documented type for a status; by its class when none is documented. */
export function errorTypeOf(status: number): ErrorType {
  return TYPE_OF_STATUS.get(status) ?? (status < 500 ? "invalid_request_error" : "api_error");
}

/**
 * The JSON body of an error response, on one line, as it also stands in an `error` event.
 *
 * @param requestId the id that names the request to whoever reads logs; null when there is none
 */
export function errorEnvelope(error: ApiError, requestId: string | null): string {
  return JSON.stringify({ type: "error", error, request_id: requestId });
}

/**
 * The error in the body of an error response; null when the body is something else, as with the
 * HTML pages of proxies.
 */
export function readErrorEnvelope(bytes: Uint8Array): ApiError | null {
  const read = readJsonBytes(bytes);
  if (!read.ok || !isJsonObject(read.value)) return null;
  const { error } = read.value;
  return isApiError(error) ? error : null;
}

const TYPE_OF_STATUS: ReadonlyMap<number, ErrorType> = new Map(
  ERROR_TYPES.map((type) => [ERROR_STATUS[type], type]),
);
