import type { Attempt } from "../../cascade/receipt.ts";
import { isJsonObject } from "../../support/json.ts";
import { createRowReader } from "./row-reader.ts";
import type { StoredRow } from "./row-reader.ts";
import { digits, flag, jsonList } from "./sql-value.ts";
import type { SqlRow } from "./sql-value.ts";

/** Columns of table `attempts`, in the order of `attemptToRow`. */
export const ATTEMPT_COLUMNS = [
  "request_id",
  "attempt_index",
  "role",
  "tier",
  "provider",
  "is_simulated",
  "model",
  "reported_model",
  "outcome",
  "status",
  "failure_code",
  "stop_reason",
  "upstream_request_id",
  "started_after_ms",
  "first_byte_ms",
  "latency_ms",
  "input_tokens",
  "cache_read_tokens",
  "cache_write_5m_tokens",
  "cache_write_1h_tokens",
  "output_tokens",
  "is_estimated",
  "cost_nano_usd",
  "price_source",
  "edits",
  "confidence",
  "threshold",
  "answer_began",
  "prompt_hash",
] as const;

export function attemptToRow(requestId: string, attempt: Attempt): SqlRow {
  const { tokens } = attempt;
  return [
    requestId,
    attempt.index,
    attempt.role,
    attempt.tier,
    attempt.provider,
    flag(attempt.isSimulated),
    attempt.model,
    attempt.reportedModel,
    attempt.outcome,
    attempt.status,
    attempt.failureCode,
    attempt.stopReason,
    attempt.upstreamRequestId,
    attempt.startedAfterMs,
    attempt.firstByteMs,
    attempt.latencyMs,
    tokens.inputTokens,
    tokens.cacheReadTokens,
    tokens.cacheWrite5mTokens,
    tokens.cacheWrite1hTokens,
    tokens.outputTokens,
    flag(attempt.isEstimated),
    digits(attempt.costNanoUsd),
    attempt.priceSource,
    jsonList(attempt.edits),
    attempt.confidence,
    attempt.threshold,
    flag(attempt.answerBegan),
    attempt.promptHash,
  ];
}

export function rowToAttempt(row: StoredRow): Attempt {
  const read = createRowReader(row);
  return {
    index: read.number("attempt_index"),
    role: read.word("role"),
    tier: read.numberOrNull("tier"),
    provider: read.text("provider"),
    isSimulated: read.flag("is_simulated"),
    model: read.text("model"),
    reportedModel: read.textOrNull("reported_model"),
    outcome: read.word("outcome"),
    status: read.numberOrNull("status"),
    failureCode: read.textOrNull("failure_code"),
    stopReason: read.textOrNull("stop_reason"),
    upstreamRequestId: read.textOrNull("upstream_request_id"),
    startedAfterMs: read.number("started_after_ms"),
    firstByteMs: read.numberOrNull("first_byte_ms"),
    latencyMs: read.number("latency_ms"),
    tokens: {
      inputTokens: read.number("input_tokens"),
      cacheReadTokens: read.number("cache_read_tokens"),
      cacheWrite5mTokens: read.number("cache_write_5m_tokens"),
      cacheWrite1hTokens: read.number("cache_write_1h_tokens"),
      outputTokens: read.number("output_tokens"),
    },
    isEstimated: read.flag("is_estimated"),
    costNanoUsd: read.moneyOrNull("cost_nano_usd"),
    priceSource: read.textOrNull("price_source"),
    edits: read.list("edits", readEdit),
    confidence: read.numberOrNull("confidence"),
    threshold: read.numberOrNull("threshold"),
    answerBegan: read.flag("answer_began"),
    promptHash: read.textOrNull("prompt_hash"),
  };
}

function readEdit(item: unknown): Attempt["edits"][number] | undefined {
  if (!isJsonObject(item)) return undefined;
  const { op, member, why, value } = item;
  if (typeof member !== "string" || typeof why !== "string") return undefined;
  if (op === "remove") return { op, member, why };
  return op === "set" && value !== undefined ? { op, member, value, why } : undefined;
}
