/**
 * The closed vocabularies of the gate. They are stored and shown, so a word is added, never renamed.
 */

/** Why a request was not eligible for triage. */
export const BYPASS_REASONS = [
  "route_off",
  "client_asked",
  "ambiguous_body",
  "tool_result",
  "tools",
  "prefill",
  "client_format",
  "stop_sequences",
  "server_state",
  "citations",
  "input_too_long",
  "too_many_images",
  "max_tokens_small",
  "recent_escalation",
  "no_confidence_field",
  "no_triage_tier",
  "unsupported_content",
  /** Its class of requests escalates so often that triage is not paid for until that is over. */
  "storm",
] as const;
export type BypassReason = (typeof BYPASS_REASONS)[number];

/** Why a triage did not ship. */
export const ESCALATION_REASONS = [
  "low_confidence",
  "null_answer",
  "blank_answer",
  "answer_not_string",
  "answer_missing",
  "confidence_missing",
  "confidence_invalid",
  "verdict_unreadable",
  "triage_refused",
  "triage_max_tokens",
  "triage_stopped",
  "triage_timeout",
  "triage_http_error",
  "triage_stream_error",
  "triage_connection",
  /** Not a failure of the triage: nobody was there any more to be answered. */
  "client_left",
] as const;
export type EscalationReason = (typeof ESCALATION_REASONS)[number];

/** What became of a request, as the header `x-leadsman-decision` and the ledger say it. */
export const DECISIONS = [
  "shipped",
  "escalated",
  "bypassed",
  "control",
  "shadowed",
  "passthrough",
  /** The client left before a decision fell; never seen in a header. */
  "abandoned",
  /** No message call but another path, passed on unread and unmetered; `passthrough` in a header. */
  "forwarded",
] as const;
export type DecisionWord = (typeof DECISIONS)[number];

/** What an attempt was for. */
export const ATTEMPT_ROLES = [
  /** A call to a non-last tier, carrying the verdict instruction. */
  "triage",
  /** The call whose answer the client was meant to get from the last tier. */
  "answer",
  /** A triage in the background of a deep answer. */
  "shadow_triage",
  /** A deep answer in the background of a shipped one. */
  "shadow_answer",
  /** A model was asked whether the answers are right. */
  "judge",
  /** A model that may become a middle tier was triaged, beside an escalated request. */
  "candidate",
] as const;
export type AttemptRole = (typeof ATTEMPT_ROLES)[number];

/** How an attempt ended. */
export const ATTEMPT_OUTCOMES = [
  "completed",
  /** We closed it: the decision was known, so the rest was not needed. */
  "aborted",
  "client_left",
  "http_error",
  /** Upstream sent an error event or broken data inside a response of status 200. */
  "stream_error",
  /** No complete response: see `failureCode`. */
  "failed",
] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** Why one side of a shadow pair is missing. */
export const MISSING_SIDE_REASONS = [
  "pending",
  "not_sampled",
  "not_eligible",
  "other_side_missing",
  "over_budget",
  "over_capacity",
  "credential_gone",
  /** When a restart had delayed the call, the request's text or its route was no longer there. */
  "text_gone",
  "route_gone",
  "client_left",
  "http_error",
  "stream_error",
  "failed",
  "refused",
  "truncated",
  "unreadable",
  "null_answer",
] as const;
export type MissingSideReason = (typeof MISSING_SIDE_REASONS)[number];
