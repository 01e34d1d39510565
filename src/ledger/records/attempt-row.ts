import type { Attempt } from "../../cascade/receipt.ts";
import { isJsonObject } from "../../support/json.ts";
import { createRowReader, isArray } from "./row-reader.ts";
import { digits, flag, jsonList } from "./sql-value.ts";
import type { SqlRow } from "./sql-value.ts";

/**
 * Members of a stored attempt, in their order. The order is the stored format: a new member goes to
 * the end and reads as null where it is missing.
 */
export const ATTEMPT_MEMBERS = [
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

/**
 * Attempts are kept inside their request's row as JSON: they are always read with it, and rows of
 * their own would make a write half as expensive again.
 */
export function attemptToTuple(attempt: Attempt): SqlRow {
  const { tokens } = attempt;
  return [
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

/** Undefined when the value is no attempt. @throws LeadsmanError `ledger_corrupt` */
export function tupleToAttempt(tuple: unknown): Attempt | undefined {
  if (!isArray(tuple)) return undefined;
  const members = ATTEMPT_MEMBERS.map((member, position) => [member, tuple[position]] as const);
  const read = createRowReader(Object.fromEntries(members));
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
