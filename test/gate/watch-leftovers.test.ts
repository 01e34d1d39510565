import { afterEach, expect, test } from "vitest";
import { attemptOf, recordOf, START_MS } from "../../src/ledger/contract/records.fixture.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { Alert } from "../../src/ledger/records/alert.ts";
import { makeSqlitePlace, type SqlitePlace } from "../../src/ledger/sqlite/sqlite-place.fixture.ts";
import { createManualClock, type ManualClock } from "../../src/support/clock.ts";
import { createNotificationPlan } from "../../src/watch/channels/notification.ts";
import { createWatch, type Watch } from "../../src/watch/create-watch.ts";
import type { WatchedRoute } from "../../src/watch/watched-route.ts";

const HOUR_MS = 3_600_000;
const ROUTE: WatchedRoute = {
  ...{ name: "support", thresholds: [0.8], promptHash: "ph_1" },
  promise: { target: "selective", atMost: 0.05 },
  storm: { rate: 0.35, policy: "alert" },
  ...{ raise: "auto", lower: "alert" },
  objective: { usdPerRequest: null, p95LatencyMs: null },
  sampling: { shadow: 0, grade: 1, band: 0 },
};
const channel = { name: "hook", rules: null, routes: null, minSeverity: "notice" } as const;

let place: SqlitePlace;
let ledger: Ledger;
let clock: ManualClock;
let asked = 0;
afterEach(async () => {
  await ledger.close();
  await place.remove();
});

async function openDesk(): Promise<void> {
  place = await makeSqlitePlace();
  ledger = await place.open();
  clock = createManualClock(START_MS);
}

function openWatch(routes: readonly WatchedRoute[]): Promise<Watch> {
  return createWatch({
    ...{ ledger, routes, neverShip: 1.01 },
    notificationsOf: createNotificationPlan([channel], clock),
    isCertified: () => false,
    nextOrigin: () => "origin",
    nowMs: () => clock.nowMs(),
    onError: (error) => {
      throw error;
    },
    every: () => () => undefined,
  });
}

function alertOf(id: string, changes: Partial<Alert> = {}): Alert {
  return {
    ...{ id, rule: "false_confident", route: "support", subject: null, severity: "notice" },
    ...{ summary: "5 of 20 are wrong.", facts: {}, action: null, revert: null },
    ...{ openedAtMs: clock.nowMs(), resolvedAtMs: null, acknowledgedAtMs: null },
    ...{ acknowledgedBy: null, isExercise: false },
    ...changes,
  };
}

const openIds = async (): Promise<readonly string[]> =>
  (await ledger.alerts({ isOpen: true }, 100)).map(({ id }) => id);
const endTold = async (id: string): Promise<boolean> =>
  (await ledger.job(`notify:${id}:resolved:hook`)) !== null;

function serve(watch: Watch, count: number, decision: "shipped" | "escalated"): void {
  for (let i = 0; i < count; i += 1) {
    asked += 1;
    clock.advance(10);
    const id = `req_${String(asked)}`;
    watch.requestEnded(
      recordOf(id, {
        ...{ decision, bodyHash: `body ${id}`, inputClasses: [], startedAtMs: clock.nowMs() },
        reason: decision === "escalated" ? "low_confidence" : null,
        attempts: [attemptOf(0, { reportedModel: "haiku-1", confidence: 0.8, threshold: 0.8 })],
      }),
    );
  }
}

test("two processes that see one storm in the same second leave one alert open, and its end ends it", async () => {
  await openDesk();
  const both = [await openWatch([ROUTE]), await openWatch([ROUTE])];
  for (const watch of both) serve(watch, 60, "escalated");
  await Promise.all(both.map((watch) => watch.tick()));
  for (const watch of both) {
    serve(watch, 1, "escalated");
    clock.advance(20_000);
    await watch.tick();
  }
  const [left, ...others] = await openIds();
  expect(others).toEqual([]);
  const all = await ledger.alerts({}, 10);
  for (const { id } of all) expect(await endTold(id)).toBe(false);
  for (const watch of both) {
    serve(watch, 250, "shipped");
    await watch.tick();
  }
  expect(await openIds()).toEqual([]);
  const ends = await Promise.all(all.map(async ({ id }) => ((await endTold(id)) ? id : null)));
  expect(ends.filter((id) => id !== null)).toEqual([left]);
});

test("what is open of a route that nobody watches any more is over after a day, and its end is told", async () => {
  await openDesk();
  const state = { name: "verdicts/old", route: "old", json: "{}", updatedAtMs: clock.nowMs() };
  await ledger.append([
    { kind: "alert", alert: alertOf("alert_old", { route: "old" }) },
    { kind: "alert", alert: alertOf("alert_exercise", { route: "old", isExercise: true }) },
    { kind: "alert", alert: alertOf("alert_here") },
    { kind: "watch_state", state },
  ]);
  const watch = await openWatch([ROUTE]);
  await watch.tick();
  clock.advance(20 * HOUR_MS);
  // Another gateway watches it.
  await ledger.append([{ kind: "watch_state", state: { ...state, updatedAtMs: clock.nowMs() } }]);
  clock.advance(20 * HOUR_MS);
  await watch.tick();
  expect(await openIds()).toHaveLength(3);
  clock.advance(5 * HOUR_MS);
  await watch.tick();
  expect((await openIds()).toSorted()).toEqual(["alert_exercise", "alert_here"]);
  expect(await endTold("alert_old")).toBe(true);
});

test("what requests told is written every ten seconds, also where the clock was set back", async () => {
  await openDesk();
  const watch = await openWatch([ROUTE]);
  const storedAtMs = async (): Promise<number | undefined> => {
    serve(watch, 1, "shipped");
    await watch.tick();
    const states = await ledger.watchStates("support");
    return states.find(({ name }) => name === "requests/support")?.updatedAtMs;
  };
  clock.advance(20_000);
  expect(await storedAtMs()).toBe(clock.nowMs());
  clock.advance(-HOUR_MS);
  expect(await storedAtMs()).toBe(clock.nowMs());
});

test("what is open of a tier that was taken away, or offers what is offered no longer, is over at the start", async () => {
  await openDesk();
  await ledger.append([
    { kind: "alert", alert: alertOf("alert_tier", { subject: "tier:2:judge:task:refund" }) },
    { kind: "alert", alert: alertOf("alert_offer", { rule: "lowering_proved" }) },
    { kind: "alert", alert: alertOf("alert_here", { subject: "task:refund" }) },
  ]);
  await (await openWatch([{ ...ROUTE, thresholds: [0.8, 0.9] }])).tick();
  expect((await openIds()).toSorted()).toEqual(["alert_here", "alert_tier"]);
  await (await openWatch([ROUTE])).tick();
  expect(await openIds()).toEqual(["alert_here"]);
  for (const id of ["alert_tier", "alert_offer"]) expect(await endTold(id)).toBe(true);
});
