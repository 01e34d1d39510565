import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { exampleAttempt, exampleRecord, exampleRoute } from "../cascade/examples.fixture.ts";
import { createProtocol } from "../cascade/protocols/create-protocol.ts";
import { routeVersionId } from "../cascade/route-version.ts";
import type { Route, RouteMode } from "../cascade/route.ts";
import { fakeLedger } from "../ledger/fake-ledger.fixture.ts";
import type { Ledger, ModeChange, RouteVersion, ThresholdVersion } from "../ledger/ledger.ts";
import { createManualClock } from "../support/clock.ts";
import { applySettings, openRouteBook } from "./live-route-book.ts";

/** Tier 0 ships from 0.8, the last tier has no threshold; the mode is `live`. */
const ROUTE = exampleRoute();

function version(changes: Partial<ThresholdVersion> = {}): ThresholdVersion {
  return {
    id: "tv_1",
    route: ROUTE.name,
    tier: 0,
    threshold: 0.9,
    configuredThreshold: 0.8,
    createdAtMs: 1_000,
    reason: "a test",
    by: "operator",
    certificate: null,
    ...changes,
  };
}

function change(mode: RouteMode, changes: Partial<ModeChange> = {}): ModeChange {
  return {
    id: "mc_1",
    route: ROUTE.name,
    mode,
    configuredMode: "live",
    createdAtMs: 1_000,
    reason: "a test",
    by: "operator",
    ...changes,
  };
}

function thresholdsOf(route: Route): readonly (number | null)[] {
  return route.tiers.map(({ threshold }) => threshold);
}

describe("thresholds in force", () => {
  test("without versions the configured values hold", () => {
    expect(applySettings(ROUTE, [], [])).toEqual({
      route: ROUTE,
      thresholdVersionId: null,
      isCertified: false,
    });
  });

  test("the newest version wins", () => {
    const newest = version({ id: "tv_2", threshold: 0.95 });
    const applied = applySettings(ROUTE, [newest, version()], []);
    expect(thresholdsOf(applied.route)).toEqual([0.95, null]);
    expect(applied.thresholdVersionId).toBe("tv_2");
  });

  test("a configured value that was changed since wins over every version", () => {
    const edited = exampleRoute({
      tiers: ROUTE.tiers.map((tier, index) => (index === 0 ? { ...tier, threshold: 0.7 } : tier)),
    });
    const older = version({ id: "tv_0", configuredThreshold: 0.7, threshold: 0.6 });
    for (const versions of [[version()], [version(), older]]) {
      const applied = applySettings(edited, versions, []);
      expect(thresholdsOf(applied.route)).toEqual([0.7, null]);
      expect(applied.thresholdVersionId).toBeNull();
    }
  });

  test("each tier has its own, and the id names all of them", () => {
    const [cheap, deep] = ROUTE.tiers;
    const middle = { model: "claude-sonnet-4-6", provider: "anthropic", threshold: 0.6 };
    const route = exampleRoute({ tiers: [cheap, middle, deep].flatMap((tier) => tier ?? []) });
    const ofMiddle = version({ id: "tv_2", tier: 1, threshold: 0.5, configuredThreshold: 0.6 });
    const one = applySettings(route, [ofMiddle], []);
    expect([thresholdsOf(one.route), one.thresholdVersionId]).toEqual([[0.8, 0.5, null], "tv_2"]);
    const both = applySettings(route, [ofMiddle, version()], []);
    expect(thresholdsOf(both.route)).toEqual([0.9, 0.5, null]);
    expect(both.thresholdVersionId).toBe("tv_1,tv_2");
  });

  test("the last tier never gets one", () => {
    const applied = applySettings(ROUTE, [version({ tier: 1 })], []);
    expect(thresholdsOf(applied.route)).toEqual([0.8, null]);
    expect(applied.thresholdVersionId).toBeNull();
  });
});

describe("a certificate", () => {
  const certified = version({ certificate: "{}" });

  test("counts while its version is in force", () => {
    expect(applySettings(ROUTE, [certified], []).isCertified).toBe(true);
  });

  test("is gone with a newer version that has none, and with a changed configuration", () => {
    expect(applySettings(ROUTE, [version({ id: "tv_2" }), certified], []).isCertified).toBe(false);
    const stale = version({ certificate: "{}", configuredThreshold: 0.7 });
    expect(applySettings(ROUTE, [stale], []).isCertified).toBe(false);
  });

  test("does not count when it does not speak of what is in use", () => {
    const applied = applySettings(ROUTE, [certified], [], undefined, () => false);
    expect(applied).toMatchObject({ isCertified: false, thresholdVersionId: "tv_1" });
  });

  test("is needed for every tier that may ship", () => {
    const [cheap, deep] = ROUTE.tiers;
    const tiers = [cheap, cheap, deep].flatMap((tier) => tier ?? []);
    const route = exampleRoute({ tiers });
    expect(applySettings(route, [certified], []).isCertified).toBe(false);
    const ofBoth = [certified, version({ id: "tv_2", tier: 1, certificate: "{}" })];
    expect(applySettings(route, ofBoth, []).isCertified).toBe(true);
    const other = version({ id: "tv_3", tier: 1, certificate: '{"another":1}' });
    expect(applySettings(route, [certified, other], []).isCertified).toBe(false);
  });
});

describe("mode in force", () => {
  interface ModeCase {
    readonly name: string;
    readonly configured: RouteMode;
    readonly changes: readonly ModeChange[];
    readonly running?: Parameters<typeof applySettings>[3];
    readonly mode: RouteMode;
  }
  const isEarlier = ({ createdAtMs }: ModeChange): boolean => createdAtMs < 2_000;
  const obeys = { isEarlier, ignoresEarlierModes: false };
  const overruled = { isEarlier, ignoresEarlierModes: true };
  const cases: readonly ModeCase[] = [
    { name: "as configured without changes", configured: "live", changes: [], mode: "live" },
    {
      name: "the newest change",
      configured: "live",
      changes: [change("off"), change("shadow", { id: "mc_0" })],
      mode: "off",
    },
    {
      name: "as configured once the configured mode was changed",
      configured: "shadow",
      changes: [change("off")],
      mode: "shadow",
    },
    {
      name: "as configured when only an older change would still fit",
      configured: "live",
      changes: [change("off", { configuredMode: "shadow" }), change("shadow", { id: "mc_0" })],
      mode: "live",
    },
    {
      name: "a change of the same canary share",
      configured: { canary: 0.05 },
      changes: [change("off", { configuredMode: { canary: 0.05 } })],
      mode: "off",
    },
    {
      name: "as configured after another canary share",
      configured: { canary: 0.1 },
      changes: [change("off", { configuredMode: { canary: 0.05 } })],
      mode: { canary: 0.1 },
    },
    {
      name: "as configured when a canary took the place of a word",
      configured: { canary: 0.1 },
      changes: [change("off")],
      mode: { canary: 0.1 },
    },
    {
      name: "a change while the gateway ran, whatever was configured",
      configured: "shadow",
      changes: [change({ canary: 0.2 }, { createdAtMs: 2_000 })],
      running: obeys,
      mode: { canary: 0.2 },
    },
    {
      name: "a change while the gateway ran that the command line had started otherwise",
      configured: "live",
      changes: [change("off", { createdAtMs: 2_000 })],
      running: overruled,
      mode: "off",
    },
    {
      name: "as the command line says after changes made before",
      configured: "live",
      changes: [change("off", { createdAtMs: 1_999 })],
      running: overruled,
      mode: "live",
    },
    {
      name: "a fitting change made before the gateway ran",
      configured: "live",
      changes: [change("off", { createdAtMs: 1_999 })],
      running: obeys,
      mode: "off",
    },
  ];
  test.each(cases)("$name", ({ configured, changes, running, mode }) => {
    const route = exampleRoute({ mode: configured });
    expect(applySettings(route, [], changes, running).route.mode).toEqual(mode);
  });
});

/** Settings as another process writes them, and the route versions that were saved. */
interface SettingsLedger {
  readonly ledger: Ledger;
  readonly saved: RouteVersion[];
  apply(version: ThresholdVersion): void;
  fail(error: Error | null): void;
}

function settingsLedger(): SettingsLedger {
  const saved: RouteVersion[] = [];
  const versions: ThresholdVersion[] = [];
  let problem: Error | null = null;
  const ledger = fakeLedger("A route book", {
    saveRouteVersion: (given) => Promise.resolve(void saved.push(given)),
    thresholdVersions: () => Promise.resolve([...versions]),
    modeChanges: () => Promise.resolve([]),
    settingsCounter: () =>
      problem === null ? Promise.resolve(versions.length) : Promise.reject(problem),
  });
  return {
    ledger,
    saved,
    apply: (given) => versions.unshift(given),
    fail: (error) => {
      problem = error;
    },
  };
}

describe("an open route book", () => {
  const clock = createManualClock();
  const neverFails = (error: unknown): never => {
    throw error;
  };

  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("without a ledger holds what is configured", async () => {
    const book = await openRouteBook([ROUTE], null, clock, neverFails);
    const [active] = book.current();
    expect(active).toMatchObject({ route: ROUTE, versionId: routeVersionId(ROUTE) });
    expect(active?.protocol.kind).toBe("envelope");
    book.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("takes a new threshold over within two seconds and saves what is then in force", async () => {
    const { ledger, saved, apply } = settingsLedger();
    const book = await openRouteBook([ROUTE], ledger, clock, neverFails);
    const before = book.current();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(book.current()).toBe(before);
    expect(saved.map(({ id }) => id)).toEqual([routeVersionId(ROUTE)]);

    apply(version());
    await vi.advanceTimersByTimeAsync(1_999);
    const [active] = book.current();
    expect(active).toMatchObject({ thresholdVersionId: "tv_1" });
    expect(active?.route.tiers[0]?.threshold).toBe(0.9);
    expect(saved.at(-1)).toMatchObject({ id: active?.versionId, route: active?.route });
    expect(active?.protocol).toBe(before[0]?.protocol);
    book.close();
  });

  test("obeys a mode that is ordered while it runs, though the clock was set back meanwhile", async () => {
    const before = change("live", { id: "mc_1", createdAtMs: 9_000 });
    let modes: readonly ModeChange[] = [before];
    const ledger = fakeLedger("A route book", {
      saveRouteVersion: () => Promise.resolve(),
      thresholdVersions: () => Promise.resolve([]),
      modeChanges: () => Promise.resolve(modes),
      settingsCounter: () => Promise.resolve(modes.length),
    });
    const startedShadow = exampleRoute({ mode: "shadow" });
    const late = createManualClock(10_000);
    const options = { ignoresEarlierModes: true };
    const book = await openRouteBook([startedShadow], ledger, late, neverFails, options);
    expect(book.current()[0]?.route.mode).toBe("shadow");
    modes = [change("off", { id: "mc_2", createdAtMs: 5_000 }), before];
    await vi.advanceTimersByTimeAsync(1_000);
    expect(book.current()[0]?.route.mode).toBe("off");
    book.close();
  });

  test("keeps the last known state while the ledger is away, and goes on afterwards", async () => {
    const errors: unknown[] = [];
    const { ledger, apply, fail } = settingsLedger();
    const book = await openRouteBook([ROUTE], ledger, clock, (error) => errors.push(error));
    const before = book.current();
    const away = new Error("away");
    fail(away);
    apply(version());
    await vi.advanceTimersByTimeAsync(1_000);
    expect([errors, book.current()]).toEqual([[away], before]);
    fail(null);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(book.current()[0]?.thresholdVersionId).toBe("tv_1");
    book.close();
  });

  test("notices that upstream answers with another model than the certificate's", async () => {
    const [cheap = "", deep = ""] = ROUTE.tiers.map(({ model }) => model);
    const { promptHash } = createProtocol(ROUTE.protocol);
    const madeFor = { models: [cheap, deep], reportedModels: ["snapshot-1", null], promptHash };
    const certified = version({ certificate: JSON.stringify({ madeFor }) });
    let reportedModel = "snapshot-1";
    const ledger = fakeLedger("A route book", {
      saveRouteVersion: () => Promise.resolve(),
      thresholdVersions: () => Promise.resolve([certified]),
      modeChanges: () => Promise.resolve([]),
      settingsCounter: () => Promise.resolve(1),
      requests: () => {
        const attempt = exampleAttempt({ role: "triage", tier: 0, model: cheap, reportedModel });
        return Promise.resolve({ rows: [exampleRecord({ attempts: [attempt] })], next: null });
      },
    });
    const book = await openRouteBook([ROUTE], ledger, clock, neverFails);
    expect(book.current()[0]?.isCertified).toBe(true);
    reportedModel = "snapshot-2";
    await vi.advanceTimersByTimeAsync(30_000);
    expect(book.current()[0]?.isCertified).toBe(false);
    book.close();
  });

  test("refreshes when it is told to, and no more once it is closed", async () => {
    const { ledger, apply } = settingsLedger();
    const book = await openRouteBook([ROUTE], ledger, clock, neverFails);
    apply(version());
    await book.refresh();
    expect(book.current()[0]?.thresholdVersionId).toBe("tv_1");
    book.close();
    apply(version({ id: "tv_2" }));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(book.current()[0]?.thresholdVersionId).toBe("tv_1");
  });
});
