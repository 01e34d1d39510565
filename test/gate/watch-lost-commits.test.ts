import { afterEach, describe, expect, test } from "vitest";
import {
  evidenceEntry,
  evidenceOf,
  gradeEntry,
  gradeOf,
} from "../../src/ledger/contract/evidence.fixture.ts";
import {
  attemptOf,
  recordOf,
  requestEntry,
  START_MS,
} from "../../src/ledger/contract/records.fixture.ts";
import type { Ledger, LedgerEntry, ThresholdVersion } from "../../src/ledger/ledger.ts";
import type { Alert } from "../../src/ledger/records/alert.ts";
import { makeSqlitePlace, type SqlitePlace } from "../../src/ledger/sqlite/sqlite-place.fixture.ts";
import { createManualClock, type ManualClock } from "../../src/support/clock.ts";
import { createNotificationPlan } from "../../src/watch/channels/notification.ts";
import { createWatch, type Watch } from "../../src/watch/create-watch.ts";
import type { WatchedRoute } from "../../src/watch/watched-route.ts";

/** What becomes of one commit: told as failed in both cases. */
type Fault = "written and not told" | "not written";

const MODEL = "claude-haiku-4-5-20251001";
const ROUTE: WatchedRoute = {
  name: "support",
  thresholds: [0.8],
  promise: { target: "selective", atMost: 0.05 },
  promptHash: "ph_1",
  storm: { rate: 0.35, policy: "alert" },
  ...{ raise: "auto", lower: "alert" },
  objective: { usdPerRequest: null, p95LatencyMs: null },
  sampling: { shadow: 0, grade: 1, band: 0 },
};
const CONFIDENCES = [0.8, 0.85, 0.9, 0.95] as const;
const channel = { name: "hook", rules: null, routes: null, minSeverity: "notice" } as const;

const places: SqlitePlace[] = [];
const ledgers: Ledger[] = [];
afterEach(async () => {
  for (const ledger of ledgers.splice(0)) await ledger.close();
  for (const place of places.splice(0)) await place.remove();
});

/** A watch over a ledger of its own, whose commits can be made to fail. */
interface Desk {
  readonly ledger: Ledger;
  readonly clock: ManualClock;
  /** Commits of the watch so far. */
  commits(): number;
  /** Ids of all notifications that were ever planned in a commit that was written. */
  readonly notifications: Set<string>;
  readonly errors: unknown[];
  watch: Watch;
  /** As a process that was killed comes back. */
  restart(): Promise<void>;
  asked: number;
}

async function openDesk(
  fault: { readonly at: number; readonly kind: Fault } | null,
): Promise<Desk> {
  const place = await makeSqlitePlace();
  const ledger = await place.open();
  places.push(place);
  ledgers.push(ledger);
  const clock = createManualClock(START_MS);
  const notifications = new Set<string>();
  const errors: unknown[] = [];
  let commits = 0;
  const append = async (entries: readonly LedgerEntry[]): Promise<void> => {
    commits += 1;
    const failing = fault?.at === commits ? fault.kind : null;
    if (failing === "not written") throw new Error("the disk is away");
    await ledger.append(entries);
    for (const one of entries) if (one.kind === "job") notifications.add(one.job.id);
    if (failing !== null) throw new Error("the answer is lost");
  };
  const open = (): Promise<Watch> =>
    createWatch({
      ledger: { ...ledger, append },
      routes: [ROUTE],
      neverShip: 1.01,
      notificationsOf: createNotificationPlan([channel], clock),
      isCertified: () => false,
      nextOrigin: () => "origin",
      nowMs: () => clock.nowMs(),
      onError: (error) => errors.push(error),
      every: () => () => undefined,
    });
  const desk: Desk = {
    ...{ ledger, clock, notifications, errors, asked: 0 },
    commits: () => commits,
    watch: await open(),
    restart: async () => {
      desk.watch = await open();
    },
  };
  return desk;
}

interface Batch {
  readonly count: number;
  readonly confidence?: number;
  readonly isWrong?: (i: number) => boolean;
  /** Else they ship. */
  readonly escalates?: (i: number) => boolean;
}

/** Requests that end, and verdicts on those that shipped. */
async function serve(desk: Desk, { count, confidence, isWrong, escalates }: Batch): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    desk.asked += 1;
    desk.clock.advance(10);
    const id = `req_${String(desk.asked).padStart(5, "0")}`;
    const stated = confidence ?? CONFIDENCES[i % CONFIDENCES.length] ?? 0.9;
    const decision = escalates?.(i) === true ? "escalated" : "shipped";
    const attempts = [attemptOf(0, { reportedModel: MODEL, confidence: stated, threshold: 0.8 })];
    const record = recordOf(id, {
      ...{ decision, attempts, confidence: stated, bodyHash: `body ${id}`, inputClasses: [] },
      reason: decision === "escalated" ? "low_confidence" : null,
      startedAtMs: desk.clock.nowMs(),
      draws: [{ purpose: "grade", propensity: 1, isChosen: true, least: 1 }],
    });
    const entries: LedgerEntry[] = [requestEntry(record)];
    if (isWrong !== undefined && decision === "shipped") {
      const of = { decision, confidence: stated, cheapModel: MODEL, propensity: 1 } as const;
      entries.push(evidenceEntry(evidenceOf(id, of)));
      const outcome = isWrong(i) ? "wrong" : "right";
      entries.push(gradeEntry(gradeOf(`grade_${id}`, id, { outcome })));
    }
    await desk.ledger.append(entries);
    desk.watch.requestEnded(record);
  }
}

/** What a route goes through: errors, raises, recovery, a storm, its end, and a second one. */
const LIFE: readonly Batch[] = [
  { count: 100 },
  { count: 60, isWrong: (i) => i % 3 === 0 },
  { count: 60, isWrong: (i) => i % 3 === 0 },
  { count: 120, confidence: 0.95, isWrong: () => false },
  { count: 80, escalates: (i) => i % 10 !== 0 },
  { count: 260, confidence: 0.95 },
  { count: 80, escalates: (i) => i % 10 !== 0 },
  { count: 260, confidence: 0.95 },
];

/** What there is in the end. */
interface Told {
  readonly alerts: readonly Alert[];
  readonly versions: readonly ThresholdVersion[];
  readonly notifications: readonly string[];
}

async function live(
  desk: Desk,
  afterTick: () => Promise<void> = () => Promise.resolve(),
): Promise<Told> {
  for (const batch of LIFE) {
    await serve(desk, batch);
    await desk.watch.tick();
    await afterTick();
    // What could not be written is written by the next look.
    await desk.watch.tick();
  }
  return {
    alerts: (await desk.ledger.alerts({}, 1_000)).toReversed(),
    versions: (await desk.ledger.thresholdVersions("support")).toReversed(),
    notifications: [...desk.notifications].toSorted(),
  };
}

/** The same life without a fault. */
async function wantedLife(): Promise<{ readonly told: Told; readonly commits: number }> {
  const desk = await openDesk(null);
  const told = await live(desk);
  expect(desk.errors).toEqual([]);
  return { told, commits: desk.commits() };
}

const wanted = await wantedLife();
for (const ledger of ledgers.splice(0)) await ledger.close();
const atEach = Array.from({ length: wanted.commits }, (_, i) => i + 1);

const ofVerdicts = ({ alerts, versions }: Told): object => ({
  versions,
  alerts: alerts.filter(({ rule }) => rule === "false_confident"),
});

test("a route that goes wrong, recovers and storms twice is told of each once, in pairs", () => {
  const { alerts, versions, notifications } = wanted.told;
  expect(versions.length).toBeGreaterThan(1);
  expect(new Set(versions.map(({ id }) => id)).size).toBe(versions.length);
  expect(alerts.map(({ rule, resolvedAtMs }) => [rule, resolvedAtMs !== null]).slice(-2)).toEqual([
    ["escalation_storm", true],
    ["escalation_storm", true],
  ]);
  expect(
    alerts.some(({ rule, severity }) => rule === "false_confident" && severity === "page"),
  ).toBe(true);
  expect(new Set(alerts.map(({ id }) => id)).size).toBe(alerts.length);
  expect(notifications.filter((id) => id.includes(":opened:"))).toHaveLength(alerts.length);
  expect(wanted.commits).toBeGreaterThan(5);
});

describe.each<Fault>(["written and not told", "not written"])("a commit that is %s", (kind) => {
  test.each(atEach)(
    "changes nothing of what is told, in the same process (commit %i)",
    async (at) => {
      const desk = await openDesk({ at, kind });
      expect(await live(desk)).toEqual(wanted.told);
      expect(desk.errors).toHaveLength(1);
    },
  );

  test.each(atEach)(
    "changes nothing of what verdicts led to, over a restart (commit %i)",
    async (at) => {
      const desk = await openDesk({ at, kind });
      let isRestarted = false;
      const told = await live(desk, async () => {
        if (desk.errors.length === 0 || isRestarted) return;
        isRestarted = true;
        await desk.restart();
      });
      expect(isRestarted).toBe(true);
      expect(ofVerdicts(told)).toEqual(ofVerdicts(wanted.told));
      // Requests that only a killed process had seen are gone; a storm goes on, and is told once.
      if (kind === "written and not told") expect(told).toEqual(wanted.told);
      const storms = told.alerts.filter(({ rule }) => rule === "escalation_storm");
      expect(storms.length).toBeLessThanOrEqual(2);
    },
  );
});

/** Up to the first verdicts that raise the threshold, which are not looked at yet. */
async function untilErrors(desk: Desk): Promise<void> {
  for (const batch of LIFE.slice(0, 1)) {
    await serve(desk, batch);
    await desk.watch.tick();
  }
  await serve(desk, { count: 60, isWrong: (i) => i % 3 === 0 });
}

test("a threshold that somebody sets while a raise could not be written is not overwritten", async () => {
  const desk = await openDesk({ at: 1, kind: "not written" });
  await untilErrors(desk);
  await desk.watch.tick();
  expect(desk.errors).toHaveLength(1);
  const byHand = {
    ...{ id: "threshold_by_hand", route: "support", tier: 0, threshold: 0.95 },
    ...{ configuredThreshold: 0.8, createdAtMs: desk.clock.nowMs(), reason: "errors" },
    ...{ by: "operator", certificate: null },
  };
  await desk.ledger.addThresholdVersion(byHand);
  await desk.watch.tick();
  await desk.watch.tick();
  expect((await desk.ledger.thresholdVersions("support"))[0]).toEqual(byHand);
  expect(desk.errors).toHaveLength(1);
});

test("two processes that look at the same verdicts tell of them under one id", async () => {
  const alone = await openDesk(null);
  const desk = await openDesk(null);
  const both = [alone, desk];
  for (const one of both) await untilErrors(one);
  await alone.watch.tick();
  const first = desk.watch;
  await desk.restart();
  await Promise.all([first.tick(), desk.watch.tick()]);
  expect(desk.commits()).toBeGreaterThan(alone.commits());
  // Who comes later goes on from where the other one was.
  for (const one of both) await serve(one, { count: 60, isWrong: (i) => i % 3 === 0 });
  for (const { watch } of both) await watch.tick();
  await first.tick();
  expect(alone.notifications.size).toBeGreaterThan(3);
  expect(desk.notifications).toEqual(alone.notifications);
  const alertsOf = ({ ledger }: Desk) => ledger.alerts({}, 10);
  expect(await alertsOf(desk)).toEqual(await alertsOf(alone));
  const versionsOf = ({ ledger }: Desk) => ledger.thresholdVersions("support");
  expect(await versionsOf(desk)).toEqual(await versionsOf(alone));
});
