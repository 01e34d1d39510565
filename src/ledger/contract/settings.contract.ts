import { expect, test } from "vitest";
import type { Route } from "../../cascade/route.ts";
import type { ModeChange, RouteVersion, ThresholdVersion, TuningLook } from "../ledger.ts";
import { withLedger } from "./ledger-place.fixture.ts";
import type { MakePlace } from "./ledger-place.fixture.ts";
import { HOSTILE_TEXTS, START_MS } from "./records.fixture.ts";

/** Routes as they were, and the audits of thresholds and modes. */
export function describeSettings(makePlace: MakePlace): void {
  test("a route version comes back as it was, however often it is saved", () =>
    withLedger(makePlace, async (ledger) => {
      const version: RouteVersion = { id: "rv_1", createdAtMs: START_MS, route: routeOf() };
      await Promise.all([ledger.saveRouteVersion(version), ledger.saveRouteVersion(version)]);
      await ledger.saveRouteVersion({ ...version, createdAtMs: START_MS + 1 });
      expect(await ledger.routeVersion("rv_1")).toEqual(version);
      expect(await ledger.routeVersion("rv_2")).toBeNull();
    }));

  // The last one written is in force, even where the clock was set back before it.
  test("threshold versions of a route come in reverse order of writing", () =>
    withLedger(makePlace, async (ledger) => {
      const versions = [
        thresholdOf("tv_1", { createdAtMs: START_MS + 1 }),
        thresholdOf("tv_2", { createdAtMs: START_MS + 3, certificate: '{"atMost":0.05}' }),
        thresholdOf("tv_3", { createdAtMs: START_MS + 2 }),
        thresholdOf("tv_4", { createdAtMs: START_MS + 3, reason: HOSTILE_TEXTS.join(" ") }),
        thresholdOf("tv_5", { route: "search" }),
      ];
      for (const version of versions) await ledger.addThresholdVersion(version);
      expect(await ledger.thresholdVersions("support")).toEqual([
        versions[3],
        versions[2],
        versions[1],
        versions[0],
      ]);
      expect(await ledger.thresholdVersions("nobody")).toEqual([]);
    }));

  test("mode changes of a route come in reverse order of writing", () =>
    withLedger(makePlace, async (ledger) => {
      const changes = [
        modeOf("mc_1", { createdAtMs: START_MS + 2, mode: { canary: 0.05 } }),
        modeOf("mc_2", { createdAtMs: START_MS + 1, configuredMode: { canary: 1 } }),
        modeOf("mc_3", { createdAtMs: START_MS + 3, mode: "off" }),
        modeOf("mc_4", { route: "search" }),
      ];
      for (const change of changes) await ledger.addModeChange(change);
      expect(await ledger.modeChanges("support")).toEqual([changes[2], changes[1], changes[0]]);
    }));

  test("the settings counter grows with every change, whichever handle made it", () =>
    withLedger(makePlace, async (ledger, place) => {
      const other = await place.open();
      const counters = [await ledger.settingsCounter()];
      await ledger.addThresholdVersion(thresholdOf("tv_1"));
      counters.push(await other.settingsCounter());
      await other.addModeChange(modeOf("mc_1"));
      counters.push(await ledger.settingsCounter());
      await other.addThresholdVersion(thresholdOf("tv_2"));
      counters.push(await ledger.settingsCounter());
      expect(counters).toEqual([...new Set(counters)].toSorted((a, b) => a - b));
      expect(await other.settingsCounter()).toBe(await ledger.settingsCounter());
      await other.close();
    }));

  test("looks of a route come oldest first, each once, and change no setting", () =>
    withLedger(makePlace, async (ledger) => {
      const before = await ledger.settingsCounter();
      const looks = [
        lookOf("look_1", { createdAtMs: START_MS + 2, subject: HOSTILE_TEXTS.join(" ") }),
        lookOf("look_2", { createdAtMs: START_MS + 1, certified: "0.9" }),
        lookOf("look_3", { route: "search" }),
      ];
      for (const look of [...looks, ...looks]) await ledger.addTuningLook(look);
      expect(await ledger.tuningLooks("support")).toEqual([looks[1], looks[0]]);
      expect(await ledger.settingsCounter()).toBe(before);
    }));

  test("saving a route version is no change of a setting", () =>
    withLedger(makePlace, async (ledger) => {
      const before = await ledger.settingsCounter();
      await ledger.saveRouteVersion({ id: "rv_1", createdAtMs: START_MS, route: routeOf() });
      expect(await ledger.settingsCounter()).toBe(before);
    }));
}

function routeOf(): Route {
  return {
    name: HOSTILE_TEXTS[0],
    matchModel: "claude-opus-*",
    tiers: [
      { model: "claude-haiku-4-5", provider: "anthropic", threshold: 0.8 },
      { model: "requested", provider: "anthropic", threshold: null },
    ],
    mode: { canary: 0.05 },
    protocol: { kind: "field", field: "confidence" },
    sampling: { triage: 1, shadow: 0.01, grade: 0.01, control: 0.01, band: 0.05 },
    limits: { triageTimeoutMs: 10_000, backgroundUsdPerDay: null },
    allowTools: false,
    requireCertificate: true,
    bodies: "graded",
  };
}

function thresholdOf(id: string, changes: Partial<ThresholdVersion> = {}): ThresholdVersion {
  return {
    id,
    route: "support",
    tier: 0,
    threshold: 0.85,
    configuredThreshold: 0.8,
    createdAtMs: START_MS,
    reason: "storm",
    by: "operator",
    certificate: null,
    ...changes,
  };
}

function lookOf(id: string, changes: Partial<TuningLook> = {}): TuningLook {
  return {
    id,
    route: "support",
    createdAtMs: START_MS,
    subject: '["cheap","deep","p1"]',
    goal: '{"target":"joint"}',
    dataHash: "d1",
    labelledRows: 300,
    failureProbability: 0.05,
    certified: null,
    ...changes,
  };
}

function modeOf(id: string, changes: Partial<ModeChange> = {}): ModeChange {
  return {
    id,
    route: "support",
    mode: "shadow",
    configuredMode: "live",
    createdAtMs: START_MS,
    reason: "quality fell",
    by: "operator",
    ...changes,
  };
}
