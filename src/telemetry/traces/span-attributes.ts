import type { Attributes } from "@opentelemetry/api";
import type { Attempt, NanoUsd, RequestRecord } from "../../cascade/receipt.ts";
import type { Grade } from "../../ledger/records/evidence.ts";
import { ATTRIBUTES, CHAT_OPERATION } from "../span-names.ts";

/** What the span of a client's call says. Usage stands in the spans of the upstream calls. */
export function requestAttributes(record: RequestRecord): Attributes {
  return withoutNulls({
    [ATTRIBUTES.requestId]: record.id,
    [ATTRIBUTES.urlPath]: record.path,
    [ATTRIBUTES.httpStatus]: record.status,
    [ATTRIBUTES.requestModel]: record.requestedModel,
    [ATTRIBUTES.responseModel]: record.model,
    [ATTRIBUTES.route]: record.route,
    [ATTRIBUTES.routeVersion]: record.routeVersion,
    [ATTRIBUTES.mode]: record.mode,
    [ATTRIBUTES.task]: record.task,
    [ATTRIBUTES.decision]: record.decision,
    [ATTRIBUTES.reason]: record.reason,
    [ATTRIBUTES.confidence]: record.confidence,
    [ATTRIBUTES.threshold]: record.threshold,
    [ATTRIBUTES.thresholdVersion]: record.thresholdVersion,
    [ATTRIBUTES.tier]: record.tier,
    [ATTRIBUTES.isStreaming]: record.isStreaming,
    [ATTRIBUTES.firstByteMs]: record.firstByteMs,
    [ATTRIBUTES.baselineUsd]: usd(record.allDeepNanoUsd),
    [ATTRIBUTES.baselineBasis]: record.allDeepBasis,
    [ATTRIBUTES.errorType]: record.status >= 400 ? String(record.status) : null,
  });
}

/** What the span of an upstream call says. */
export function attemptAttributes(
  attempt: Attempt,
  requestId: string,
  vendor: string | null,
): Attributes {
  const { tokens, stopReason } = attempt;
  const cacheWriteTokens = tokens.cacheWrite5mTokens + tokens.cacheWrite1hTokens;
  return withoutNulls({
    [ATTRIBUTES.operation]: CHAT_OPERATION,
    [ATTRIBUTES.vendor]: vendor,
    [ATTRIBUTES.vendorOld]: vendor,
    [ATTRIBUTES.requestModel]: attempt.model,
    [ATTRIBUTES.responseModel]: attempt.reportedModel,
    [ATTRIBUTES.finishReasons]: stopReason === null ? null : [stopReason],
    [ATTRIBUTES.inputTokens]: tokens.inputTokens + tokens.cacheReadTokens + cacheWriteTokens,
    [ATTRIBUTES.outputTokens]: tokens.outputTokens,
    [ATTRIBUTES.cacheReadTokens]: tokens.cacheReadTokens,
    [ATTRIBUTES.cacheWriteTokens]: cacheWriteTokens,
    [ATTRIBUTES.cacheCreationTokens]: cacheWriteTokens,
    [ATTRIBUTES.httpStatus]: attempt.status,
    [ATTRIBUTES.errorType]: errorTypeOf(attempt),
    [ATTRIBUTES.requestId]: requestId,
    [ATTRIBUTES.attempt]: attempt.index,
    [ATTRIBUTES.leg]: attempt.role,
    [ATTRIBUTES.tier]: attempt.tier,
    [ATTRIBUTES.provider]: attempt.provider,
    [ATTRIBUTES.outcome]: attempt.outcome,
    [ATTRIBUTES.confidence]: attempt.confidence,
    [ATTRIBUTES.threshold]: attempt.threshold,
    [ATTRIBUTES.costUsd]: usd(attempt.costNanoUsd),
    [ATTRIBUTES.priceSource]: attempt.priceSource,
    [ATTRIBUTES.isEstimated]: attempt.isEstimated,
    [ATTRIBUTES.isSimulated]: attempt.isSimulated,
    [ATTRIBUTES.upstreamRequestId]: attempt.upstreamRequestId,
  });
}

/** What the event of a verdict says: neither who gave it nor what they wrote. */
export function evaluationAttributes({ by, outcome }: Grade): Attributes {
  return withoutNulls({
    [ATTRIBUTES.evaluationName]: by === "agreement" ? "agreement" : "correctness",
    [ATTRIBUTES.evaluationLabel]: outcome,
    [ATTRIBUTES.evaluationScore]: SCORES[outcome],
    [ATTRIBUTES.grader]: by,
  });
}

const SCORES: Readonly<Record<Grade["outcome"], number | null>> = {
  right: 1,
  same: 1,
  wrong: 0,
  differs: 0,
  cannot_tell: null,
};

/** A call that we closed ourselves has not failed. */
export function hasFailed({ outcome }: Attempt): boolean {
  return outcome === "http_error" || outcome === "stream_error" || outcome === "failed";
}

function errorTypeOf(attempt: Attempt): string | null {
  return hasFailed(attempt) ? (attempt.failureCode ?? attempt.outcome) : null;
}

function usd(nanoUsd: NanoUsd | null): number | null {
  return nanoUsd === null ? null : Number(nanoUsd) / 1e9;
}

function withoutNulls(
  values: Readonly<Record<string, string | number | boolean | string[] | null>>,
): Attributes {
  const attributes: Attributes = {};
  for (const name in values) {
    const value = values[name];
    if (value !== null && value !== undefined) attributes[name] = value;
  }
  return attributes;
}
