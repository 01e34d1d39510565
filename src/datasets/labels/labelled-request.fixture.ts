import type { Attempt, RequestRecord } from "../../cascade/receipt.ts";
import type { Route } from "../../cascade/route.ts";

/** A shipped request; change what a test is about. */
export function recordOf(changes: Partial<RequestRecord>): RequestRecord {
  return {
    id: "req_1",
    startedAtMs: 1_764_000_000_000,
    kind: "messages",
    path: "/v1/messages",
    route: "support",
    routeVersion: "rv_1",
    mode: "live",
    task: null,
    requestedModel: "large",
    decision: "shipped",
    reason: null,
    tier: 0,
    model: "small-1",
    confidence: 0.9,
    threshold: 0.8,
    thresholdVersion: null,
    isStreaming: false,
    status: 200,
    stopReason: "end_turn",
    firstByteMs: 1,
    latencyMs: 2,
    requestBytes: 3,
    responseBytes: 4,
    bodyHash: null,
    inputClasses: ["length:short"],
    draws: [],
    attempts: [attemptOf({})],
    allDeepNanoUsd: null,
    allDeepBasis: null,
    ...changes,
  };
}

export function attemptOf(changes: Partial<Attempt>): Attempt {
  return {
    index: 0,
    role: "triage",
    tier: 0,
    provider: "anthropic",
    isSimulated: false,
    model: "small",
    reportedModel: changes.model === undefined ? "small-1" : `${changes.model}-1`,
    outcome: "completed",
    status: 200,
    failureCode: null,
    stopReason: "end_turn",
    upstreamRequestId: null,
    startedAfterMs: 0,
    firstByteMs: 1,
    latencyMs: 2,
    tokens: {
      inputTokens: 1,
      cacheReadTokens: 0,
      cacheWrite5mTokens: 0,
      cacheWrite1hTokens: 0,
      outputTokens: 1,
    },
    isEstimated: false,
    costNanoUsd: 100n,
    priceSource: "catalogue",
    edits: [],
    confidence: 0.9,
    threshold: 0.8,
    answerBegan: true,
    promptHash: "ph_1",
    ...changes,
  };
}

/** @param models of its tiers */
export function routeOf(models: readonly string[] = ["small", "large"]): Route {
  return {
    name: "support",
    matchModel: null,
    tiers: models.map((model, tier) => ({
      model,
      provider: "anthropic",
      threshold: tier === models.length - 1 ? null : 0.8,
    })),
    mode: "live",
    protocol: { kind: "envelope" },
    sampling: { triage: 1, shadow: 0.01, grade: 0.01, control: 0.01, band: 0.05 },
    limits: { triageTimeoutMs: 10_000, backgroundUsdPerDay: null },
    allowTools: false,
    requireCertificate: false,
    bodies: "graded",
  };
}
