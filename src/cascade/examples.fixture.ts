import type { MessageRequest, ParsedRequest } from "../messages/message-request.ts";
import type { Attempt, RequestRecord } from "./receipt.ts";
import type { Route } from "./route.ts";

/** A plain route of two tiers for tests. */
export function exampleRoute(changes: Partial<Route> = {}): Route {
  return {
    name: "support",
    matchModel: "claude-opus-*",
    tiers: [
      { model: "claude-haiku-4-5", provider: "anthropic", threshold: 0.8 },
      { model: "claude-opus-4-7", provider: "anthropic", threshold: null },
    ],
    mode: "live",
    protocol: { kind: "envelope" },
    sampling: { triage: 1, shadow: 0.01, grade: 0.01, control: 0.01, band: 0.05 },
    limits: { triageTimeoutMs: 10_000, backgroundUsdPerDay: 50 },
    allowTools: false,
    requireCertificate: false,
    bodies: "all",
    ...changes,
  };
}

/** A plain question for tests. */
export function exampleRequest(changes: Partial<MessageRequest> = {}): MessageRequest {
  return {
    model: "claude-opus-4-7",
    max_tokens: 1024,
    messages: [{ role: "user", content: "What is the capital of France?" }],
    ...changes,
  };
}

export function exampleParsed(
  changes: Partial<MessageRequest> = {},
  ambiguity: ParsedRequest["ambiguity"] = null,
): ParsedRequest {
  const value = exampleRequest(changes);
  return { bytes: Buffer.from(JSON.stringify(value)), value, ambiguity };
}

/** A triage that shipped, for tests. */
export function exampleAttempt(changes: Partial<Attempt> = {}): Attempt {
  return {
    index: 0,
    role: "triage",
    tier: 0,
    provider: "anthropic",
    isSimulated: false,
    model: "claude-haiku-4-5",
    reportedModel: "claude-haiku-4-5-20251001",
    outcome: "completed",
    status: 200,
    failureCode: null,
    stopReason: "end_turn",
    upstreamRequestId: null,
    startedAfterMs: 1,
    firstByteMs: 300,
    latencyMs: 900,
    tokens: {
      inputTokens: 1_000,
      cacheReadTokens: 0,
      cacheWrite5mTokens: 0,
      cacheWrite1hTokens: 0,
      outputTokens: 100,
    },
    isEstimated: false,
    costNanoUsd: 1_500_000n,
    priceSource: "catalogue",
    edits: [],
    confidence: 0.93,
    threshold: 0.8,
    answerBegan: true,
    promptHash: "0123456789abcdef",
    ...changes,
  };
}

/** The record of a request that shipped, for tests. */
export function exampleRecord(changes: Partial<RequestRecord> = {}): RequestRecord {
  return {
    id: "req_1",
    startedAtMs: Date.UTC(2026, 10, 23),
    kind: "messages",
    path: "/v1/messages",
    route: "support",
    routeVersion: "fedcba9876543210",
    mode: "live",
    task: null,
    requestedModel: "claude-opus-4-7",
    decision: "shipped",
    reason: null,
    tier: 0,
    model: "claude-haiku-4-5-20251001",
    confidence: 0.93,
    threshold: 0.8,
    thresholdVersion: null,
    isStreaming: true,
    status: 200,
    stopReason: "end_turn",
    firstByteMs: 350,
    latencyMs: 900,
    requestBytes: 200,
    responseBytes: 900,
    bodyHash: null,
    inputClasses: [],
    draws: [],
    attempts: [exampleAttempt()],
    allDeepNanoUsd: null,
    allDeepBasis: null,
    ...changes,
  };
}
