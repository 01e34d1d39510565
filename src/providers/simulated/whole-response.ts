import type { HttpHeaders } from "../provider.ts";
import { cutAfterBytes } from "./exchange-step.ts";
import type { ExchangeStep } from "./exchange-step.ts";
import type { RequestObjection } from "./request-objections.ts";
import type { FaultPlace } from "./simulated-fault.ts";

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  409: "conflict_error",
  413: "request_too_large",
  429: "rate_limit_error",
  504: "timeout_error",
  529: "overloaded_error",
};

const ERROR_MESSAGES: Readonly<Record<string, string>> = {
  invalid_request_error: "(simulated) The request was not accepted.",
  authentication_error: "invalid x-api-key",
  rate_limit_error: "(simulated) This request would exceed the rate limit of your organization.",
  overloaded_error: "Overloaded",
  api_error: "Internal server error",
};

/** The API's error for a status. */
export function objectionOf(status: number): RequestObjection {
  const type = ERROR_TYPES[status] ?? (status < 500 ? "invalid_request_error" : "api_error");
  return { status, type, message: ERROR_MESSAGES[type] ?? `(simulated) ${type}` };
}

const DEFAULT_RETRY_AFTER_SECONDS = 7;

/** An error response in the API's envelope. */
export function errorSteps(
  { status, type, message }: RequestObjection,
  headers: HttpHeaders,
  retryAfterSeconds: number = DEFAULT_RETRY_AFTER_SECONDS,
): readonly ExchangeStep[] {
  const error = { type: "error", error: { type, message }, request_id: headers["request-id"] };
  const extra = status === 429 ? { "retry-after": String(retryAfterSeconds) } : {};
  return wholeResponse(status, { ...headers, ...extra }, error);
}

/** A response with a JSON body of known length. */
export function wholeResponse(
  status: number,
  headers: HttpHeaders,
  value: unknown,
  afterMs: number = 0,
): readonly ExchangeStep[] {
  const bytes = value === undefined ? new Uint8Array(0) : Buffer.from(JSON.stringify(value));
  const described = {
    ...headers,
    "content-type": "application/json",
    "content-length": String(bytes.length),
  };
  return [
    { kind: "head", afterMs, status, headers: described },
    ...(bytes.length > 0 ? [{ kind: "bytes", afterMs: 0, bytes } as const] : []),
    { kind: "end", afterMs: 0 },
  ];
}

/** A whole answer has no places inside; it breaks in its middle, or right behind its head. */
export function breakWhole(
  steps: readonly ExchangeStep[],
  at: FaultPlace,
  last: ExchangeStep,
): readonly ExchangeStep[] {
  const size = steps.reduce(
    (sum, step) => sum + (step.kind === "bytes" ? step.bytes.length : 0),
    0,
  );
  const count = typeof at === "object" ? at.afterBytes : at === "start" ? 0 : Math.floor(size / 2);
  return cutAfterBytes(steps, count, last);
}
