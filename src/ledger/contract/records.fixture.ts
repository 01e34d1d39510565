import fc from "fast-check";
import type { Attempt, Draw, PairSide, RequestRecord, ShadowPair } from "../../cascade/receipt.ts";
import type { LedgerEntry } from "../ledger.ts";

export const HOUR_MS = 3_600_000;
/** A full hour, so that tests can speak of hours from here. */
export const START_MS = 1_764_000_000_000;

/** A record as a gateway writes them; change what a test is about. */
export function recordOf(id: string, changes: Partial<RequestRecord> = {}): RequestRecord {
  return {
    id,
    startedAtMs: START_MS,
    kind: "messages",
    path: "/v1/messages",
    route: "support",
    routeVersion: "rv_1",
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
    firstByteMs: 312.5,
    latencyMs: 1_312,
    requestBytes: 2_110,
    responseBytes: 4_410,
    bodyHash: "9f86d081",
    inputClasses: ["length:short"],
    draws: [{ purpose: "control", propensity: 0.01, isChosen: false }],
    attempts: [attemptOf(0)],
    allDeepNanoUsd: 12_345_678n,
    allDeepBasis: "estimated",
    ...changes,
  };
}

export function attemptOf(index: number, changes: Partial<Attempt> = {}): Attempt {
  return {
    index,
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
    upstreamRequestId: "req_upstream",
    startedAfterMs: 0.4,
    firstByteMs: 300.1,
    latencyMs: 1_300.5,
    tokens: {
      inputTokens: 512,
      cacheReadTokens: 0,
      cacheWrite5mTokens: 0,
      cacheWrite1hTokens: 0,
      outputTokens: 212,
    },
    isEstimated: false,
    costNanoUsd: 1_572_000n,
    priceSource: "catalogue 2026-11-23",
    edits: [],
    confidence: 0.93,
    threshold: 0.8,
    answerBegan: true,
    promptHash: "ph_1",
    ...changes,
  };
}

export function pairOf(requestId: string, changes: Partial<ShadowPair> = {}): ShadowPair {
  return {
    requestId,
    route: "support",
    routeVersion: "rv_1",
    createdAtMs: START_MS,
    cheap: { attempt: 1, missing: null, model: "claude-haiku-4-5", confidence: 0.9 },
    deep: { attempt: 0, missing: null, model: "claude-opus-4-7", confidence: null },
    ...changes,
  };
}

export function requestEntry(record: RequestRecord): LedgerEntry {
  return { kind: "request", record };
}

/** Texts that break careless quoting, escaping and length counting. */
export const HOSTILE_TEXTS = [
  "'; DROP TABLE requests; --",
  '"quoted" `name` [name]',
  "NUL\u0000inside",
  "%s %d ? ?1 $1 :name",
  '\\ \n \r \t \u2028 {"json": [1]}',
  "😀 ｗｉｄｅ \u202e",
  "",
] as const;

const anyText = fc.oneof(
  fc.constantFrom(...HOSTILE_TEXTS),
  fc.string({ unit: "binary", maxLength: 20 }),
);
const textOrNull = fc.option(anyText);
const anyMs = fc.double({ min: 0, max: 1e9, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true });
/** A few hours, so that several records meet in one. */
const anyTimeMs = fc.integer({ min: START_MS, max: START_MS + 3 * HOUR_MS - 1 });
/** Up to a million dollars a call: sums stay far below what engines can hold, and above doubles. */
export const anyMoney: fc.Arbitrary<bigint> = fc.bigInt(0n, 10n ** 15n);

const anyEdit: fc.Arbitrary<Attempt["edits"][number]> = fc.oneof(
  fc.record({ op: fc.constant("remove" as const), member: anyText, why: anyText }),
  fc.record({
    op: fc.constant("set" as const),
    member: anyText,
    value: fc.constantFrom(1, "low", null, true, [1, "two"], { type: "disabled" }),
    why: anyText,
  }),
);

export const anyAttempt: fc.Arbitrary<Attempt> = fc.record({
  index: fc.nat({ max: 9 }),
  role: fc.constantFrom("triage", "answer", "shadow_triage", "shadow_answer", "judge", "candidate"),
  tier: fc.option(fc.nat({ max: 3 })),
  provider: anyText,
  isSimulated: fc.boolean(),
  model: anyText,
  reportedModel: textOrNull,
  outcome: fc.constantFrom("completed", "aborted", "client_left", "http_error", "failed"),
  status: fc.option(fc.integer({ min: 100, max: 599 })),
  failureCode: textOrNull,
  stopReason: textOrNull,
  upstreamRequestId: textOrNull,
  startedAfterMs: anyMs,
  firstByteMs: fc.option(anyMs),
  latencyMs: anyMs,
  tokens: fc.record({
    inputTokens: fc.nat(),
    cacheReadTokens: fc.nat(),
    cacheWrite5mTokens: fc.nat(),
    cacheWrite1hTokens: fc.nat(),
    outputTokens: fc.nat(),
  }),
  isEstimated: fc.boolean(),
  costNanoUsd: fc.option(anyMoney),
  priceSource: textOrNull,
  edits: fc.array(anyEdit, { maxLength: 3 }),
  confidence: fc.option(share),
  threshold: fc.option(share),
  answerBegan: fc.boolean(),
  promptHash: textOrNull,
});

const anyDraw: fc.Arbitrary<Draw> = fc.record(
  {
    purpose: fc.constantFrom("canary", "control", "triage", "shadow", "grade", "band"),
    propensity: share,
    isChosen: fc.boolean(),
    unit: anyText,
    least: share,
  },
  { requiredKeys: ["purpose", "propensity", "isChosen"] },
);

/** Records whose attempts are numbered in order. Ids may repeat: give them one of their own. */
export const anyRecord: fc.Arbitrary<RequestRecord> = fc.record({
  id: anyText,
  startedAtMs: anyTimeMs,
  kind: fc.constantFrom("messages", "other"),
  path: anyText,
  route: fc.option(fc.constantFrom("support", "search", "")),
  routeVersion: textOrNull,
  mode: fc.constantFrom("off", "shadow", "live", null),
  task: fc.option(fc.constantFrom("refund", "")),
  requestedModel: textOrNull,
  decision: fc.constantFrom("shipped", "escalated", "bypassed", "passthrough"),
  reason: fc.constantFrom("low_confidence", "tools", null),
  tier: fc.option(fc.nat({ max: 3 })),
  model: textOrNull,
  confidence: fc.option(share),
  threshold: fc.option(share),
  thresholdVersion: textOrNull,
  isStreaming: fc.boolean(),
  status: fc.integer({ min: 100, max: 599 }),
  stopReason: textOrNull,
  firstByteMs: fc.option(anyMs),
  latencyMs: anyMs,
  requestBytes: fc.nat(),
  responseBytes: fc.nat(),
  bodyHash: textOrNull,
  inputClasses: fc.array(anyText, { maxLength: 3 }),
  draws: fc.array(anyDraw, { maxLength: 3 }),
  attempts: fc.array(anyAttempt, { maxLength: 3 }).map(numbered),
  allDeepNanoUsd: fc.option(anyMoney),
  allDeepBasis: fc.constantFrom("measured", "estimated", null),
});

const anySide: fc.Arbitrary<PairSide> = fc.record({
  attempt: fc.option(fc.nat({ max: 9 })),
  missing: fc.constantFrom("pending", "over_budget", "null_answer", null),
  model: textOrNull,
  confidence: fc.option(share),
});

export const anyPair: fc.Arbitrary<ShadowPair> = fc.record({
  requestId: anyText,
  route: anyText,
  routeVersion: anyText,
  createdAtMs: anyTimeMs,
  cheap: anySide,
  deep: anySide,
});

function numbered(attempts: readonly Attempt[]): readonly Attempt[] {
  return attempts.map((attempt, index) => ({ ...attempt, index }));
}
