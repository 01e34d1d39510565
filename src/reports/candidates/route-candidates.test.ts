import { expect, test } from "vitest";
import type { EvidenceKey } from "../../ledger/records/evidence.ts";
import { DAY, exampleCount } from "../evidence/evidence-count.fixture.ts";
import type { ReportedRoute } from "../evidence/reported-route.ts";
import { describeCandidates } from "./route-candidates.ts";

const PROMISED = { atMost: 0.05, failureProbability: 0.05 };
const ROUTE: ReportedRoute = {
  ...{ name: "support", mode: "live", thresholds: [0.8, null], target: "joint" },
  models: ["claude-haiku-4-5", "claude-opus-4-7"],
  candidates: ["claude-sonnet-4-6", "claude-sonnet-5-5"],
  promised: PROMISED,
};

function tried(model: string, items: number, changes: Partial<EvidenceKey> = {}) {
  return exampleCount(items, {
    ...{ tier: 100, decision: "escalated", cheapModel: model, differs: false },
    ...changes,
  });
}

function askedBy(
  counts: Parameters<typeof describeCandidates>[0],
  route: ReportedRoute | null = ROUTE,
): readonly (readonly [string, number])[] {
  return describeCandidates(counts, route, PROMISED).map(({ model, asked }) => [model, asked]);
}

test("a candidate that nobody was asked of yet is told of as well", () => {
  expect(askedBy([tried("claude-sonnet-4-6-20260901", 40)])).toEqual([
    ["claude-sonnet-4-6-20260901", 40],
    ["claude-sonnet-5-5", 0],
  ]);
});

test("a model is one candidate wherever it stood in the list", () => {
  const counts = [tried("claude-sonnet-4-6", 40), tried("claude-sonnet-4-6", 2, { tier: 101 })];
  expect(askedBy([...counts, tried("claude-sonnet-5-5", 7)])).toEqual([
    ["claude-sonnet-4-6", 42],
    ["claude-sonnet-5-5", 7],
  ]);
});

test("evidence crosses no change of the snapshot, the deep model or the prompt", () => {
  const later = { dayMs: DAY + 86_400_000 };
  const counts = [
    tried("claude-sonnet-4-6-20260901", 400),
    tried("claude-sonnet-4-6-20261101", 300, { promptHash: "other" }),
    tried("claude-sonnet-4-6-20261101", 200, { deepModel: "claude-opus-4-6" }),
    tried("claude-sonnet-4-6-20261101", 5, later),
  ];
  expect(askedBy(counts)[0]).toEqual(["claude-sonnet-4-6-20261101", 5]);
});

test("what became a tier is no candidate any more; what was taken off the list is told of", () => {
  const models = ["claude-haiku-4-5", "claude-sonnet-4-6", "claude-opus-4-7"];
  const route = { ...ROUTE, models, candidates: [] };
  const counts = [tried("claude-sonnet-4-6-20260901", 400), tried("claude-sonnet-5-5", 30)];
  expect(askedBy(counts, route)).toEqual([["claude-sonnet-5-5", 30]]);
  expect(askedBy(counts, null)).toHaveLength(2);
  expect(askedBy([], { ...ROUTE, candidates: [] })).toEqual([]);
});
