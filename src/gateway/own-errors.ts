import type { OwnError } from "./own-answer.ts";

/** The errors that the gateway answers with itself, in the words of the Messages API. */
export function tooLargeError(maxBytes: number): OwnError {
  return {
    status: 413,
    type: "request_too_large",
    message: `Request exceeds the maximum size of ${String(maxBytes)} bytes`,
  };
}

export function overloadedError(message: string): OwnError {
  return { status: 529, type: "overloaded_error", message, headers: { "retry-after": "1" } };
}

export const DRAINING_ERROR: OwnError = overloadedError("The gateway is shutting down");

export const FAILED_ERROR: OwnError = {
  status: 500,
  type: "api_error",
  message: "The gateway failed on this request; its own log says why",
};

export function invalidRequestError(message: string): OwnError {
  return { status: 400, type: "invalid_request_error", message };
}

export function notFoundError(message: string): OwnError {
  return { status: 404, type: "not_found_error", message };
}

export function wrongMethodError(allowed: string): OwnError {
  return {
    status: 405,
    type: "invalid_request_error",
    message: `This path takes ${allowed} only`,
    headers: { allow: allowed },
  };
}
