/** Who makes the spans. */
export const TRACER_NAME = "leadsman";

/** The service that they belong to. */
export const SERVICE_NAME = "leadsman";

/** Name of the span of a client's call. */
export const REQUEST_SPAN = "leadsman.request";

/** Name of the span of an upstream call, as the conventions for generative AI form it. */
export function attemptSpanName(model: string): string {
  return `${CHAT_OPERATION} ${model}`;
}

export const CHAT_OPERATION = "chat";

/** Name of the span, without a length, that a verdict makes, and of the event that it is there for. */
export const EVALUATION_SPAN = "evaluate";
export const EVALUATION_EVENT = "gen_ai.evaluation.result";

/**
 * Attributes of spans, all of them. Those of others are in the words that most tools read; the
 * conventions are not settled, so where two names are about, both are written. None ever holds a
 * text of a request or an answer.
 */
export const ATTRIBUTES = {
  operation: "gen_ai.operation.name",
  /** Vendor of the model; `gen_ai.system` is its older name. */
  vendor: "gen_ai.provider.name",
  vendorOld: "gen_ai.system",
  /** The model that was asked for. */
  requestModel: "gen_ai.request.model",
  /** The model that upstream says answered. */
  responseModel: "gen_ai.response.model",
  finishReasons: "gen_ai.response.finish_reasons",
  /** The whole prompt, what was read from or written to a cache included. */
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  cacheReadTokens: "gen_ai.usage.cache_read.input_tokens",
  cacheWriteTokens: "gen_ai.usage.cache_write.input_tokens",
  /** Another name for the same. */
  cacheCreationTokens: "gen_ai.usage.cache_creation.input_tokens",
  /** What a verdict is about: `correctness`, or `agreement` of two answers. */
  evaluationName: "gen_ai.evaluation.name",
  /** right, wrong, same, differs or cannot_tell. */
  evaluationLabel: "gen_ai.evaluation.score.label",
  /** 1 = right or same, 0 = wrong or differs; missing where nobody could tell. */
  evaluationScore: "gen_ai.evaluation.score.value",
  /** Status of the response; 499 when the client has left. */
  httpStatus: "http.response.status_code",
  urlPath: "url.path",
  /** What went wrong: a failure code, an error type of upstream, or a status. */
  errorType: "error.type",
  /** Id of the receipt. */
  requestId: "leadsman.request.id",
  route: "leadsman.route",
  routeVersion: "leadsman.route.version",
  mode: "leadsman.mode",
  task: "leadsman.task",
  decision: "leadsman.decision",
  reason: "leadsman.reason",
  /** What the last triage stated, 0–1; of an upstream call, what this one stated. */
  confidence: "leadsman.confidence",
  threshold: "leadsman.threshold",
  thresholdVersion: "leadsman.threshold.version",
  /** Tier whose answer the client got; of an upstream call, the one that was asked. */
  tier: "leadsman.tier",
  isStreaming: "leadsman.streaming",
  /** From the request's last byte to the first of the answer's body, milliseconds. */
  firstByteMs: "leadsman.first_byte_ms",
  /** What the last tier alone would have cost. */
  baselineUsd: "leadsman.baseline_cost_usd",
  /** `measured` or `estimated`. */
  baselineBasis: "leadsman.baseline_basis",
  /** What the call was for: triage, answer, shadow_triage, shadow_answer, judge, candidate. */
  leg: "leadsman.leg",
  attempt: "leadsman.attempt",
  provider: "leadsman.provider",
  outcome: "leadsman.outcome",
  /** Missing where no price is known. */
  costUsd: "leadsman.cost_usd",
  priceSource: "leadsman.price_source",
  /** The token counts are not all upstream's own. */
  isEstimated: "leadsman.estimated",
  isSimulated: "leadsman.simulated",
  /** Kind of grader: label, human, judge or agreement. Never who. */
  grader: "leadsman.grader",
  upstreamRequestId: "leadsman.upstream.request_id",
} as const;
