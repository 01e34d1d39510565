import { describe, expect, test } from "vitest";
import type { Attempt, RequestRecord, ShadowPair } from "../../cascade/receipt.ts";
import type { Route } from "../../cascade/route.ts";
import { evidenceOfRecord } from "./evidence-of-record.ts";
import { attemptOf, recordOf, routeOf } from "./labelled-request.fixture.ts";
import type { Label } from "./label.ts";

function made(
  record: RequestRecord,
  tier: Label["tier"] = null,
  route: Route | null = routeOf(),
  pair: ShadowPair | null = null,
) {
  return evidenceOfRecord({ record, pair, route }, tier);
}

const SHADOWED = recordOf({
  decision: "shadowed",
  tier: 1,
  attempts: [
    attemptOf({ index: 0, role: "answer", tier: 1, model: "large", confidence: null }),
    attemptOf({ index: 1, role: "shadow_triage", tier: 0 }),
  ],
});

describe("what the record of a request teaches", () => {
  test("a shipped answer: its facts, and that nobody drew it", () => {
    const found = made(recordOf({ task: "refund" }));
    expect(found).toMatchObject({
      ok: true,
      value: {
        tier: 0,
        evidence: {
          itemId: "req_1",
          tier: 0,
          deepTier: 1,
          source: "traffic",
          dataset: null,
          task: "refund",
          decision: "shipped",
          propensity: null,
          cheapModel: "small-1",
          deepModel: "large",
          promptHash: "ph_1",
          confidence: 0.9,
          cheapMissing: null,
          deepMissing: "not_sampled",
          cheapCostNanoUsd: 100n,
          deepCostNanoUsd: null,
        },
      },
    });
  });

  test("in shadow the client got the deep answer, so that is what its label is about", () => {
    expect(made(SHADOWED)).toMatchObject({
      value: { tier: 1, evidence: { tier: 0, confidence: 0.9, cheapMissing: null } },
    });
    expect(made(SHADOWED, "cheap")).toMatchObject({ value: { tier: 0 } });
    expect(made(SHADOWED, 0)).toMatchObject({ value: { tier: 0, evidence: { tier: 0 } } });
  });

  test("of a triage that was cut nobody knows the answer, and none can be labelled", () => {
    const escalated = recordOf({
      decision: "escalated",
      reason: "low_confidence",
      tier: 1,
      attempts: [
        attemptOf({ index: 0, outcome: "aborted", confidence: 0.3, stopReason: null }),
        attemptOf({ index: 1, role: "answer", tier: 1, model: "large" }),
      ],
    });
    expect(made(escalated)).toMatchObject({
      value: { tier: 1, evidence: { confidence: 0.3, cheapMissing: "not_sampled" } },
    });
    expect(made(escalated, "cheap")).toMatchObject({ problem: { code: "no_answer" } });
  });

  test("with three tiers the tier that shipped is the cheap one of its evidence", () => {
    const route = routeOf(["small", "middle", "large"]);
    const record = recordOf({
      tier: 1,
      attempts: [
        attemptOf({ index: 0, outcome: "aborted", confidence: 0.3 }),
        attemptOf({ index: 1, tier: 1, reportedModel: "middle-1" }),
      ],
    });
    expect(made(record, null, route)).toMatchObject({
      value: { tier: 1, evidence: { tier: 1, deepTier: 2, cheapModel: "middle-1" } },
    });
    expect(made(record, 0, route)).toMatchObject({ problem: { code: "no_answer" } });
    expect(made(record, "deep", route)).toMatchObject({ problem: { code: "no_answer" } });
  });

  test("of a control request the cheap side is missing", () => {
    const control = recordOf({
      decision: "control",
      tier: 1,
      attempts: [attemptOf({ role: "answer", tier: 1, model: "large", reportedModel: null })],
    });
    expect(made(control)).toMatchObject({
      value: {
        tier: 1,
        evidence: { cheapModel: "small", cheapMissing: "not_sampled", deepModel: "large" },
      },
    });
  });

  test("a side that is still to come is left to the gateway", () => {
    const [answer] = SHADOWED.attempts;
    const record = { ...SHADOWED, attempts: [answer as Attempt] };
    const pair: ShadowPair = {
      requestId: "req_1",
      route: "support",
      routeVersion: "rv_1",
      createdAtMs: 1,
      cheap: { attempt: null, missing: "pending", model: null, confidence: null },
      deep: { attempt: 0, missing: null, model: "large", confidence: null },
    };
    expect(made(record, null, routeOf(), pair)).toMatchObject({
      value: { evidence: { cheapMissing: "not_sampled", deepMissing: null } },
    });
    const late = { ...pair, cheap: { ...pair.cheap, missing: "over_budget" as const } };
    expect(made(record, null, routeOf(), late)).toMatchObject({
      value: { evidence: { cheapMissing: "over_budget" } },
    });
  });
});

describe("what teaches nothing", () => {
  test.each(["bypassed", "passthrough", "abandoned", "forwarded"] as const)("%s", (decision) => {
    expect(made(recordOf({ decision }))).toMatchObject({
      ok: false,
      problem: { code: "no_evidence", message: expect.stringContaining(decision) },
    });
  });

  test("a route that is not known, or has one tier", () => {
    expect(made(recordOf({}), null, null)).toMatchObject({ problem: { code: "no_evidence" } });
    expect(made(recordOf({}), null, routeOf(["large"]))).toMatchObject({
      problem: { code: "no_evidence" },
    });
  });
});
