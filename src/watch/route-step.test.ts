import { expect, test } from "vitest";
import type { GradedAnswer } from "../ledger/records/graded-answer.ts";
import { createLiveWatch } from "./live-watch.ts";
import { alertOf, stepOver, type RouteStep, type StoredVerdicts } from "./route-step.ts";
import type { RouteWatchParts } from "./route-watch-parts.ts";
import type { WatchedRoute } from "./watched-route.ts";

const route: WatchedRoute = {
  ...{ name: "support", thresholds: [0.8], promptHash: "p1", storm: null },
  ...{ raise: "off", lower: "off", objective: { usdPerRequest: null, p95LatencyMs: null } },
  promise: { target: "selective", atMost: 0.05 },
  sampling: { shadow: 0, grade: 1, band: 0 },
};

/** Only what a step asks for: every verdict is the first on its answer. */
const ledger = {
  grades: () => Promise.resolve([]),
  request: () => Promise.resolve(null),
} as Partial<RouteWatchParts["ledger"]> as RouteWatchParts["ledger"];

const parts: RouteWatchParts = {
  ...{ ledger, route, neverShip: 1.01, notificationsOf: () => [], isCertified: () => false },
  ...{ nextOrigin: () => "watch_1", nowMs: () => 1 },
};

const NOTHING: StoredVerdicts = { origin: "watch_1", cursor: 0, tiers: [] };

interface Graded {
  readonly isWrong: boolean;
  readonly task: string;
  readonly model: string;
}

function graded(sequence: number, { isWrong, task, model }: Graded): GradedAnswer {
  const itemId = `req_${String(sequence)}`;
  const nothing = { label: null, human: null, judge: null };
  return {
    sequence,
    grade: {
      ...{ id: `grd_${String(sequence)}`, itemId, tier: 0, by: "label", grader: "desk" },
      ...{ outcome: isWrong ? "wrong" : "right", createdAtMs: 1, isRepeat: false },
      ...{ note: null, retractedAtMs: null },
    },
    evidence: {
      ...{ itemId, tier: 0, deepTier: 1, source: "traffic", dataset: null, route: "support" },
      ...{ task, createdAtMs: 1, cluster: null, inputClasses: [], decision: "shipped" },
      ...{ propensity: 1, cheapModel: model, deepModel: "opus", promptHash: "p1" },
      ...{ confidence: 0.9, cheapMissing: null, deepMissing: "not_sampled" },
      ...{ cheapCostNanoUsd: null, deepCostNanoUsd: null, cheapLatencyMs: null },
      ...{ deepLatencyMs: null, cheap: nothing, deep: nothing, differs: null },
    },
  };
}

const live = createLiveWatch(route, null, (text, { id: cause, startedAtMs: atMs }) => ({
  kind: "open",
  alert: alertOf(route.name, text, { origin: "watch_1", cause, atMs }),
}));

function step(
  before: StoredVerdicts,
  count: number,
  of: (i: number) => Graded,
  atMost = 0.05,
  threshold = 0.8,
): Promise<RouteStep> {
  return stepOver(parts, before, {
    graded: Array.from({ length: count }, (_, i) => graded(before.cursor + i + 1, of(i))),
    passed: count,
    settings: {
      ...{ thresholds: [threshold], newestVersion: null, certificate: null, coveredAt: [] },
      allowed: { atMost, from: "promise" },
    },
    counts: [],
    live: { ...live, modelOf: () => of(0).model },
  });
}

const told = ({ changes }: RouteStep): readonly (readonly [string, string | null])[] =>
  changes.map((one) => [one.kind, one.kind === "open" ? one.alert.subject : one.subject]);
const well = (model: string) => (): Graded => ({ isWrong: false, task: "refund", model });
/** One in twenty is of a task that is always wrong. */
const oneBad = (i: number): Graded => {
  const isBad = i % 20 === 0;
  return { isWrong: isBad, task: isBad ? "refund" : "plans", model: "haiku-1" };
};

test("another model begins anew, and what was told of a task ends when that one is well", async () => {
  const bad = await step(NOTHING, 160, oneBad);
  expect(told(bad)).toEqual([["open", "task:refund"]]);
  const changed = await step(bad.stored, 1, well("haiku-2"));
  expect(told(changed)).toEqual([]);
  expect(changed.stored.tiers).toMatchObject([
    { model: "haiku-2", truth: { graded: 1 }, tasks: [{ task: "refund" }] },
  ]);
  const after = await step(changed.stored, 300, well("haiku-2"));
  expect(told(after)).toEqual([["resolve", "task:refund"]]);
});

test("another limit is another question, of the route and of its tasks", async () => {
  const bad = await step(NOTHING, 160, oneBad);
  const looser = await step(bad.stored, 1, oneBad, 0.5);
  expect(looser.stored.tiers).toMatchObject([
    { atMost: 0.5, truth: { graded: 1 }, tasks: [{ task: "refund", truth: { alarm: {} } }] },
  ]);
  const after = await step(looser.stored, 20, well("haiku-1"), 0.5);
  expect(told(after)).toEqual([["resolve", "task:refund"]]);
});

test("a lowering that was offered is withdrawn when somebody sets the threshold, or another model comes", async () => {
  const { stored } = await step(NOTHING, 5, well("haiku-1"));
  const offered: StoredVerdicts = {
    ...stored,
    tiers: stored.tiers.map((tier) => ({ ...tier, control: { ...tier.control, isTold: true } })),
  };
  const withdrawn = [{ kind: "resolve", rule: "lowering_proved", subject: null, atMs: 1 }];
  expect((await step(offered, 5, well("haiku-1"))).changes).toEqual([]);
  const set = await step(offered, 5, well("haiku-1"), 0.05, 0.7);
  expect(set.changes).toEqual(withdrawn);
  expect((await step(set.stored, 5, well("haiku-1"), 0.05, 0.7)).changes).toEqual([]);
  // Seen without a verdict too.
  expect((await step(offered, 0, well("haiku-1"), 0.05, 0.7)).changes).toEqual(withdrawn);
  expect((await step(offered, 5, well("haiku-2"))).changes).toEqual(withdrawn);
});

test("a limit that changes under the watch's own threshold does not make its next lowering cheaper", async () => {
  const { stored } = await step(NOTHING, 5, well("haiku-1"));
  const once: StoredVerdicts = {
    ...stored,
    tiers: stored.tiers.map((tier) => ({ ...tier, control: { ...tier.control, lowerings: 1 } })),
  };
  const loweringsAt = async (threshold: number): Promise<readonly number[]> => {
    const after = await step(once, 1, well("haiku-1"), 0.04, threshold);
    return after.stored.tiers.map(({ control }) => control.lowerings);
  };
  expect(await loweringsAt(0.8)).toEqual([1]);
  expect(await loweringsAt(0.7)).toEqual([0]);
});

test("a threshold set by hand leaves an alarm open until what ships at it is proved well", async () => {
  const third = (i: number): Graded => ({ isWrong: i % 3 === 0, task: "plans", model: "haiku-1" });
  const bad = await step(NOTHING, 30, third);
  expect(told(bad)).toEqual([["open", null]]);
  // All that was graded stated 0.9.
  const nothingShips = await step(bad.stored, 300, well("haiku-1"), 0.05, 0.95);
  expect(told(nothingShips)).toEqual([]);
  const stillShips = await step(bad.stored, 300, well("haiku-1"), 0.05, 0.85);
  expect(told(stillShips)).toEqual([["resolve", null]]);
  expect(stillShips.stored.tiers).toMatchObject([
    { control: { threshold: 0.85, wrongSinceMove: 0 } },
  ]);
});
