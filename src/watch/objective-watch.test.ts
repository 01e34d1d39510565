import { expect, test } from "vitest";
import { createRandom } from "../support/random.ts";
import { createObjectiveWatch, type StoredObjectives } from "./objective-watch.ts";

const objective = { usdPerRequest: 0.01, p95LatencyMs: 2_000 };

test("tells of a mean cost above the objective, and when it is kept again", () => {
  const random = createRandom("cost");
  const watch = createObjectiveWatch(objective, {});
  const spend = (mean: number, count: number) =>
    Array.from({ length: count }, () =>
      watch.observe({ usd: mean * 2 * random(), latencyMs: 100 }),
    ).flat();
  expect(spend(0.009, 5_000)).toEqual([]);
  expect(spend(0.03, 1_000)).toEqual([expect.objectContaining({ kind: "opened", rule: "cost" })]);
  expect(spend(0.005, 1_000)).toEqual([expect.objectContaining({ kind: "cleared", rule: "cost" })]);
});

test("one dear request rings alone no bell", () => {
  const watch = createObjectiveWatch(objective, {});
  expect(watch.observe({ usd: 1_000, latencyMs: 1 })).toEqual([]);
});

test("tells of a 95th percentile above the objective", () => {
  const random = createRandom("latency");
  const watch = createObjectiveWatch(objective, {});
  const wait = (slow: number, count: number) =>
    Array.from({ length: count }, () =>
      watch.observe({ usd: null, latencyMs: random() < slow ? 5_000 : 500 }),
    ).flat();
  expect(wait(0.04, 5_000)).toEqual([]);
  expect(wait(0.2, 1_000)).toEqual([expect.objectContaining({ kind: "opened", rule: "latency" })]);
});

test("watches nothing that is not asked, and goes on from storage", () => {
  const nothing = createObjectiveWatch({ usdPerRequest: null, p95LatencyMs: null }, {});
  expect(nothing.observe({ usd: 9, latencyMs: 9_999 })).toEqual([]);
  expect(nothing.store()).toEqual({});
  const watch = createObjectiveWatch(objective, {});
  for (let i = 0; i < 300; i += 1) watch.observe({ usd: i / 1e5, latencyMs: i * 9 });
  const stored = JSON.parse(JSON.stringify(watch.store())) as StoredObjectives;
  expect(createObjectiveWatch(objective, stored).store()).toEqual(watch.store());
});
