import type { Attempt } from "../cascade/receipt.ts";
import { retryAfterMs } from "../datasets/replay/pace.ts";
import type { TierOutcome, Trouble } from "../datasets/replay/tier-asker.ts";
import { readErrorEnvelope } from "../messages/error-envelope.ts";
import type { ApiError } from "../messages/message.ts";
import type { BatchFailure } from "../providers/batches/batch-failure.ts";
import { isJsonObject } from "../support/json.ts";
import type { TappedCall } from "./tapped-provider.ts";

type TroubleOutcome = Extract<TierOutcome, { kind: "transient" | "fatal" | "interrupted" }>;

/**
 * What stood in the way of an answer; null when there is an answer, or when there never will be one,
 * which is an outcome too: this request is refused, this model is too slow.
 *
 * @param nowMs epoch milliseconds, for a `retry-after` that is a date
 */
export function classifyTrouble(
  attempt: Attempt,
  call: Pick<TappedCall, "headers" | "errorBody">,
  nowMs: number,
): TroubleOutcome | null {
  const { outcome, costNanoUsd, status } = attempt;
  const code = attempt.failureCode ?? outcome;
  switch (outcome) {
    case "completed":
    case "aborted":
      return null;
    case "client_left":
      return { kind: "interrupted", costNanoUsd };
    case "failed":
      return { kind: "transient", costNanoUsd, trouble: plainTrouble(code) };
    case "stream_error":
      return TRANSIENT_TYPES.has(code)
        ? { kind: "transient", costNanoUsd, trouble: plainTrouble(code) }
        : null;
    case "http_error": {
      const error = readErrorEnvelope(call.errorBody());
      const trouble: Trouble = {
        code,
        message: `status ${String(status)}${error === null ? "" : `, ${error.message}`}`,
        retryAfterMs: retryAfterMs(call.headers, nowMs),
      };
      const kind = kindOfStatus(status ?? 0, error, call.headers["x-should-retry"]);
      return kind === "permanent" ? null : { kind, costNanoUsd, trouble };
    }
  }
}

/** What stood in the way of a call that is about many requests; it never is about one alone. */
export function classifyBatchFailure(
  { status, error, headers, code, message }: BatchFailure,
  nowMs: number,
): { readonly kind: "transient" | "fatal"; readonly trouble: Trouble } {
  const trouble = { code, message, retryAfterMs: retryAfterMs(headers, nowMs) };
  if (status === null || status < 400) return { kind: "transient", trouble };
  const kind = kindOfStatus(status, error, headers["x-should-retry"]);
  return { kind: kind === "transient" ? kind : "fatal", trouble };
}

/** Of an `error` event inside a stream, and of a batch's errored result. */
const TRANSIENT_TYPES: ReadonlySet<string> = new Set([
  "rate_limit_error",
  "api_error",
  "timeout_error",
  "overloaded_error",
  // A stream that is no stream: what broke it may be a proxy on the way.
  "stream_error",
]);

const TRANSIENT_STATUSES = new Set([408, 409, 429]);
/** A wrong key, no credit, not allowed, no such model or path. */
const FATAL_STATUSES = new Set([401, 402, 403, 404]);

function kindOfStatus(
  status: number,
  error: ApiError | null,
  shouldRetry: unknown,
): "transient" | "fatal" | "permanent" {
  if (FATAL_STATUSES.has(status) || isAboutTheAccount(error)) return "fatal";
  if (shouldRetry === "true") return "transient";
  if (shouldRetry === "false") return "permanent";
  return TRANSIENT_STATUSES.has(status) || status >= 500 ? "transient" : "permanent";
}

/** Spending limits and holds come as errors of the request, with a code of their own. */
function isAboutTheAccount(error: ApiError | null): boolean {
  if (error === null) return false;
  const details = error["details"];
  const code = isJsonObject(details) ? details["error_code"] : undefined;
  if (typeof code === "string" && /spend_limit|on_hold|ramp_limit/.test(code)) return true;
  return error.message.toLowerCase().includes("credit balance is too low");
}

function plainTrouble(code: string): Trouble {
  const message = `the call ended without an answer (${code})`;
  return { code, message, retryAfterMs: null };
}
