import { describe, expect, test } from "vitest";
import { exampleAttempt, exampleRecord } from "../cascade/examples.fixture.ts";
import type { PairSide, ShadowPair } from "../cascade/receipt.ts";
import type { MissingSideReason } from "../cascade/words.ts";
import { describeShadow, reasonNotToShip } from "./shadow-report.ts";

test.each([
  ["sure and answering", {}, null],
  ["exactly at the threshold", { confidence: 0.8 }, null],
  ["unsure", { confidence: 0.64 }, "low_confidence"],
  ["unsure, and cut for it", { confidence: 0.2, outcome: "aborted" }, "low_confidence"],
  ["sure without an answer", { failureCode: "null_answer", answerBegan: false }, "null_answer"],
  ["refused", { stopReason: "refusal" }, "stopped: refusal"],
  [
    "failed upstream",
    { outcome: "http_error", confidence: null, failureCode: "overloaded_error" },
    "overloaded_error",
  ],
  [
    "timed out",
    { outcome: "aborted", confidence: null, failureCode: "triage_timeout" },
    "triage_timeout",
  ],
  ["silent", { confidence: null }, "confidence_missing"],
  ["without a word of answer", { answerBegan: false }, "answer_missing"],
] as const)("a triage that was %s", (_, changes, reason) => {
  expect(reasonNotToShip(exampleAttempt(changes))).toBe(reason);
});

describe("describeShadow", () => {
  const spend = { costNanoUsd: 3_000n, unpricedAttempts: 0 };
  const shadowed = (confidence: number) =>
    exampleRecord({
      decision: "shadowed",
      attempts: [exampleAttempt({ role: "shadow_triage", confidence })],
    });
  const pair = (cheap: MissingSideReason | null, deep: MissingSideReason | null): ShadowPair => ({
    requestId: "req_1",
    route: "support",
    routeVersion: "fedcba9876543210",
    createdAtMs: 0,
    cheap: side(cheap),
    deep: side(deep),
  });

  test("counts what would have shipped, with an interval once there is enough", () => {
    const records = [...Array(30).keys()].map((i) => shadowed(i < 24 ? 0.95 : 0.35));
    const report = describeShadow({ records, pairs: [], spend, isComplete: true });
    expect(report).toMatchObject({
      triages: 30,
      wouldShip: { count: 24, of: 30, share: 0.8 },
      wouldNot: [{ reason: "low_confidence", count: 6 }],
    });
    expect(report?.wouldShip.interval?.low).toBeCloseTo(0.6269, 4);
  });

  test("says not known yet while there are few", () => {
    const report = describeShadow({
      records: [shadowed(0.95)],
      pairs: [],
      spend,
      isComplete: true,
    });
    expect(report?.wouldShip).toEqual({ count: 1, of: 1, share: null, interval: null });
  });

  test("counts complete pairs and why sides are missing", () => {
    const pairs = [
      pair(null, null),
      pair("unreadable", null),
      pair("unreadable", null),
      pair(null, "pending"),
    ];
    const report = describeShadow({ records: [], pairs, spend, isComplete: true });
    expect(report?.pairs).toEqual({
      total: 4,
      complete: 1,
      missing: [
        { side: "cheap", reason: "unreadable", count: 2 },
        { side: "deep", reason: "pending", count: 1 },
      ],
    });
  });

  test("is null when nothing was asked in the background", () => {
    const records = [exampleRecord()];
    expect(describeShadow({ records, pairs: [], spend, isComplete: true })).toBeNull();
  });
});

function side(missing: MissingSideReason | null): PairSide {
  return { attempt: missing === null ? 0 : null, missing, model: null, confidence: null };
}
