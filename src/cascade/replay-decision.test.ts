import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, troubleAtEnd, type TriageEnd } from "./decide.ts";
import { exampleAttempt, exampleRecord, exampleRoute } from "./examples.fixture.ts";
import { planRequest } from "./plan.ts";
import type { Attempt, RequestRecord } from "./receipt.ts";
import { replayDecision, triageFailureCode, type ReplayedDecision } from "./replay-decision.ts";
import type { Route, RouteMode } from "./route.ts";
import { createVerdictReader } from "./verdict-reader.ts";
import { VERDICT_TEXTS } from "./verdict-texts.fixture.ts";
import { BYPASS_REASONS, type AttemptOutcome, type EscalationReason } from "./words.ts";

const ROUTE = exampleRoute({
  tiers: [
    { model: "claude-haiku-4-5", provider: "anthropic", threshold: 0.8 },
    { model: "claude-sonnet-4-6", provider: "anthropic", threshold: 0.7 },
    { model: "claude-opus-4-7", provider: "anthropic", threshold: null },
  ],
});

describe("replayDecision", () => {
  test.each<[string, Partial<RequestRecord>, Route | null, ReplayedDecision]>([
    [
      "no route",
      { route: null, mode: null },
      null,
      { decision: "passthrough", reason: null, tier: null },
    ],
    ["off", { mode: "off" }, ROUTE, { decision: "bypassed", reason: "route_off", tier: 2 }],
    [
      "not eligible",
      { reason: "tools", attempts: [] },
      ROUTE,
      { decision: "bypassed", reason: "tools", tier: 2 },
    ],
    [
      "found too long by upstream",
      { reason: "input_too_long", attempts: [exampleAttempt({ outcome: "http_error" })] },
      ROUTE,
      { decision: "bypassed", reason: "input_too_long", tier: 2 },
    ],
    ["shadow", { mode: "shadow" }, ROUTE, { decision: "shadowed", reason: null, tier: 2 }],
    [
      "control",
      { draws: [{ purpose: "control", propensity: 0.01, isChosen: true }], attempts: [] },
      ROUTE,
      { decision: "control", reason: null, tier: 2 },
    ],
    ["shipped", {}, ROUTE, { decision: "shipped", reason: null, tier: 0 }],
    [
      "shipped by the second tier",
      {
        attempts: [
          exampleAttempt({ confidence: 0.4, outcome: "aborted", answerBegan: false }),
          exampleAttempt({ index: 1, tier: 1, confidence: 0.7, threshold: 0.7 }),
        ],
      },
      ROUTE,
      { decision: "shipped", reason: null, tier: 1 },
    ],
    [
      "escalated twice: the last reason counts",
      {
        attempts: [
          exampleAttempt({ confidence: 0.4, outcome: "aborted", answerBegan: false }),
          exampleAttempt({
            index: 1,
            tier: 1,
            outcome: "completed",
            stopReason: "refusal",
            confidence: null,
            answerBegan: false,
          }),
          exampleAttempt({ index: 2, tier: 2, role: "answer", confidence: null }),
        ],
      },
      ROUTE,
      { decision: "escalated", reason: "triage_refused", tier: 2 },
    ],
    [
      "background triages decide nothing",
      { mode: "shadow", attempts: [exampleAttempt({ role: "shadow_triage" })] },
      ROUTE,
      { decision: "shadowed", reason: null, tier: 2 },
    ],
  ])("%s", (_name, changes, route, replayed) => {
    expect(replayDecision(exampleRecord(changes), route)).toEqual(replayed);
  });

  test("the recorded threshold counts, not the route's of today", () => {
    const attempts = [exampleAttempt({ confidence: 0.75, threshold: 0.75 })];
    expect(replayDecision(exampleRecord({ attempts }), ROUTE).decision).toBe("shipped");
    const without = [exampleAttempt({ confidence: 0.75, threshold: null })];
    expect(replayDecision(exampleRecord({ attempts: without }), ROUTE).reason).toBe(
      "low_confidence",
    );
  });

  test("a client that left before the branch was taken", () => {
    const left = exampleAttempt({ outcome: "client_left", answerBegan: false });
    const replayed = replayDecision(exampleRecord({ attempts: [left] }), ROUTE);
    expect(replayed).toMatchObject({ decision: "escalated", reason: "client_left" });
  });
});

const ENDS: readonly TriageEnd[] = [
  { kind: "stopped", stopReason: "end_turn" },
  { kind: "stopped", stopReason: "max_tokens" },
  { kind: "stopped", stopReason: "refusal" },
  { kind: "stopped", stopReason: "tool_use" },
  { kind: "stream_error" },
  { kind: "http_error" },
  { kind: "connection" },
  { kind: "timeout" },
];

interface Played {
  readonly reason: EscalationReason | null;
  readonly attempt: Attempt;
}

/** Plays a triage as a router does: a decision after each piece, and at the end. */
function play(
  pieces: readonly string[],
  end: TriageEnd,
  threshold: number,
  isStreaming: boolean,
): Played {
  const reader = createVerdictReader({ confidenceField: "confidence", answerField: "answer" });
  let isShipping = false;
  for (const piece of pieces) {
    const decision = decide({ verdict: reader.push(piece), threshold, end: null });
    isShipping ||= decision.kind === "ship";
    if (decision.kind === "escalate" && !isShipping) {
      return { reason: decision.reason, attempt: recorded(reader.state, null, threshold) };
    }
  }
  const verdict = reader.end();
  const attempt = recorded(verdict, end, threshold);
  const decision = decide({ verdict, threshold, end });
  if (decision.kind === "escalate") return { reason: decision.reason, attempt };
  return { reason: isStreaming ? null : troubleAtEnd(verdict, end), attempt };
}

function recorded(
  verdict: ReturnType<ReturnType<typeof createVerdictReader>["end"]>,
  end: TriageEnd | null,
  threshold: number,
): Attempt {
  const hasBegun = verdict.kind === "answering" || verdict.kind === "complete";
  return exampleAttempt({
    confidence: verdict.kind === "reading" ? null : verdict.confidence,
    threshold,
    answerBegan: verdict.kind === "unusable" ? verdict.answerBegan : hasBegun,
    outcome: outcomeOf(end),
    stopReason: end?.kind === "stopped" ? end.stopReason : null,
    failureCode: triageFailureCode({ verdict, end }) ?? upstreamCodeOf(end),
  });
}

function outcomeOf(end: TriageEnd | null): AttemptOutcome {
  switch (end?.kind) {
    case undefined:
    case "timeout":
      return "aborted";
    case "stopped":
      return "completed";
    case "connection":
      return "failed";
    case "http_error":
    case "stream_error":
      return end.kind;
  }
}

function upstreamCodeOf(end: TriageEnd | null): string | null {
  if (end?.kind === "connection") return "connection_lost";
  return end?.kind === "http_error" || end?.kind === "stream_error" ? "overloaded_error" : null;
}

describe("a record and its route replay to the same decision", () => {
  test("every way a triage can go", () => {
    const texts = fc.constantFrom(...VERDICT_TEXTS.map(({ text }) => text));
    const thresholds = fc.constantFrom(0, 0.5, 0.9, 0.93, 1, 1.01);
    fc.assert(
      fc.property(
        texts,
        fc.nat(),
        fc.constantFrom(...ENDS),
        thresholds,
        fc.boolean(),
        (text, place, end, threshold, isStreaming) => {
          const cut = place % (text.length + 1);
          const pieces = [text.slice(0, cut), text.slice(cut)];
          const { reason, attempt } = play(pieces, end, threshold, isStreaming);
          const record = exampleRecord({ attempts: [attempt], isStreaming });
          expect(replayDecision(record, ROUTE)).toEqual({
            decision: reason === null ? "shipped" : "escalated",
            reason,
            tier: reason === null ? 0 : 2,
          });
        },
      ),
      { numRuns: 5_000 },
    );
  });

  test("every plan", () => {
    const modes = fc.constantFrom<RouteMode>("off", "shadow", "live", { canary: 0.5 });
    const reasons = fc.constantFrom(null, ...BYPASS_REASONS.filter((word) => word !== "route_off"));
    fc.assert(
      fc.property(modes, reasons, fc.string(), (mode, bypassReason, requestId) => {
        const route = exampleRoute({ sampling: { ...ROUTE.sampling, control: 0.5, triage: 0.5 } });
        const subject = { user: requestId, metadataUserId: null, bodyHash: "b", requestId };
        const input = { route, mode, isCertified: false, bypassReason, salt: "s", subject };
        const plan = planRequest(input);
        if (plan.action.kind === "climb") return;
        const { decision, reason } = plan.action;
        const record = exampleRecord({ mode: plan.mode, reason, draws: plan.draws, attempts: [] });
        expect(replayDecision(record, route)).toMatchObject({ decision, reason });
      }),
    );
  });
});
