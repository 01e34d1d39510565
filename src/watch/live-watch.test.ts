import { expect, test } from "vitest";
import { attemptOf, recordOf } from "../ledger/contract/records.fixture.ts";
import type { AlertChange } from "./alert-change.ts";
import { createLiveWatch } from "./live-watch.ts";
import { alertOf } from "./route-step.ts";
import type { WatchedRoute } from "./watched-route.ts";

const route: WatchedRoute = {
  ...{ name: "support", thresholds: [0.8], promptHash: "p1" },
  storm: { rate: 0.35, policy: "alert" },
  ...{ raise: "off", lower: "off", objective: { usdPerRequest: null, p95LatencyMs: null } },
  promise: { target: "selective", atMost: 0.05 },
  sampling: { shadow: 0, grade: 1, band: 0 },
};

test("a storm that follows a raised threshold is not laid to the model, over a restart too", () => {
  const open = (): ReturnType<typeof createLiveWatch> =>
    createLiveWatch(route, stored, (text, { id: cause, startedAtMs: atMs }) => ({
      kind: "open",
      alert: alertOf(route.name, text, { origin: "watch_1", cause, atMs }),
    }));
  let stored: Parameters<typeof createLiveWatch>[1] = null;
  let live = open();
  const ask = (i: number, threshold: number): readonly AlertChange[] =>
    live.observe(
      recordOf(`req_${String(i)}`, {
        decision: threshold > 0.9 ? "escalated" : "shipped",
        reason: threshold > 0.9 ? "low_confidence" : null,
        attempts: [attemptOf(0, { reportedModel: "haiku-1", confidence: 0.9, threshold })],
        ...{ mode: "live", startedAtMs: 1_000_000 + i, bodyHash: `body ${String(i)}` },
        inputClasses: [],
      }),
    );
  for (let i = 0; i < 50; i += 1) expect(ask(i, 0.8)).toEqual([]);
  stored = JSON.parse(JSON.stringify(live.store())) as typeof stored;
  live = open();
  const changes = Array.from({ length: 50 }, (_, i) => ask(50 + i, 1.01)).flat();
  expect(changes).toEqual([
    expect.objectContaining({
      kind: "open",
      alert: expect.objectContaining({
        rule: "escalation_storm",
        summary: expect.stringContaining("Suspected: the threshold was raised"),
        facts: expect.objectContaining({ suspect: "threshold_raise" }),
      }),
    }),
  ]);
});
