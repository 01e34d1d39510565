import { expect, test } from "vitest";
import type { ThresholdVersion } from "../ledger/ledger.ts";
import {
  readRouteSettings,
  settingsAfter,
  stricterBelow,
  versionsOf,
  type RouteSettings,
} from "./route-settings.ts";
import type { WatchedRoute } from "./watched-route.ts";

const route: WatchedRoute = {
  ...{ name: "support", thresholds: [0.8, 0.7], promptHash: "p1", storm: null },
  ...{ raise: "auto", lower: "auto", objective: { usdPerRequest: null, p95LatencyMs: null } },
  promise: { target: "joint", atMost: 0.05 },
  sampling: { shadow: 0, grade: 1, band: 1 },
};

const certificate = JSON.stringify({ madeFor: { models: ["haiku"] }, shipShares: [0.3, 0.2] });
const versions = [0.9, 0.85].map((threshold, tier): ThresholdVersion => ({
  ...{ id: `threshold_${String(tier)}`, route: "support", tier, threshold, certificate },
  ...{ configuredThreshold: route.thresholds[tier] ?? 0, createdAtMs: 1, reason: "tuned" },
  by: "operator",
}));
const certified = (): Promise<RouteSettings> =>
  readRouteSettings({ thresholdVersions: () => Promise.resolve(versions) }, route);

function moved(before: RouteSettings, tier: number, threshold: number): RouteSettings {
  const made = versionsOf(route, before, {
    ...{ sequence: 1, tier, threshold, reason: "", evidence: {}, isCertified: true, atMs: 2 },
  });
  const next = settingsAfter(route, before, made);
  // Another process reads the same from the ledger.
  expect(next.certificate).toBe(made[0]?.certificate);
  return next;
}

test("what may be wrong of what ships follows from the certified coverage, and below it from the promise", async () => {
  const settings = await certified();
  expect(settings.allowed).toEqual({ atMost: 0.1, from: "promise_over_certified_coverage" });
  expect(stricterBelow(route, settings, 0)).toEqual({ threshold: 0.9, atMost: 0.05 });
  expect(stricterBelow(route, settings, 1)).toEqual({ threshold: 0.85, atMost: 0.05 });
});

test("after a raise the certified threshold may be gone down to again, and no further", async () => {
  const raised = moved(await certified(), 0, 0.95);
  expect(raised.allowed.atMost).toBe(0.1);
  expect(stricterBelow(route, raised, 0)).toEqual({ threshold: 0.9, atMost: 0.05 });
  const back = moved(raised, 0, 0.9);
  expect(back).toMatchObject({ thresholds: [0.9, 0.85], allowed: { atMost: 0.1 } });
});

test("a lowering below it leaves no coverage to divide by, for good", async () => {
  const lowered = moved(await certified(), 1, 0.8);
  expect(lowered.thresholds).toEqual([0.9, 0.8]);
  expect(lowered.allowed).toEqual({ atMost: 0.05, from: "promise_taken_strictly" });
  expect(JSON.parse(lowered.certificate ?? "")).toMatchObject({ madeFor: { models: ["haiku"] } });
  expect(moved(lowered, 1, 0.9).allowed.atMost).toBe(0.05);
});
