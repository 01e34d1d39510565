import { describe, expect, test } from "vitest";
import type { Alert } from "../../ledger/records/alert.ts";
import type { Job } from "../../ledger/records/job.ts";
import { createManualClock, type ManualClock } from "../../support/clock.ts";
import { alertOf, channelsAt, notificationOf, OPENED_AT_MS } from "./alert.fixture.ts";
import { createNotificationPlan, type AlertEvent } from "./notification.ts";
import { createNotifyJobs, retryPauseMs, type NotifyJobs } from "./notify-jobs.ts";
import type { PostOutcome } from "./post-message.ts";

const HOUR_MS = 3_600_000;
const never = new AbortController().signal;
const channels = channelsAt("https://receiver.example");

interface Desk {
  readonly jobs: NotifyJobs;
  readonly clock: ManualClock;
  /** Ids of what was sent. */
  readonly sent: string[];
  jobOf(event: AlertEvent, channel: string, changes?: Partial<Job>): Job;
}

/** A handler over a ledger of the given jobs and alerts, and what it sent. */
function open(
  outcome: PostOutcome,
  ledger: { readonly jobs?: readonly Job[]; readonly alerts?: readonly Alert[] } = {},
): Desk {
  const clock = createManualClock(OPENED_AT_MS);
  const sent: string[] = [];
  return {
    clock,
    sent,
    jobs: firstOf(
      createNotifyJobs({
        channels,
        clock,
        ledger: {
          job: async (id) => ledger.jobs?.find((job) => job.id === id) ?? null,
          alerts: async () => ledger.alerts ?? [],
        },
        tell: async (_channel, { id }) => {
          sent.push(id);
          return outcome;
        },
      }),
    ),
    jobOf: (event, channel, changes = {}) => jobOf(event, channel, changes),
  };
}

/** All of them run any job; they differ in the kind that they are given. */
function firstOf([first]: readonly NotifyJobs[]): NotifyJobs {
  if (first === undefined) throw new Error("there are channels");
  return first;
}

function jobOf(event: AlertEvent, channel: string, changes: Partial<Job> = {}): Job {
  const plan = createNotificationPlan(channels, createManualClock(OPENED_AT_MS));
  const { alert } = notificationOf(event, channel);
  const job = plan(alert, event).find(({ id }) => id.endsWith(`:${channel}`));
  if (job === undefined) throw new Error("there is no such channel");
  return { ...job, tries: 1, ...changes };
}

const delivered: PostOutcome = { kind: "delivered", status: 200 };

function failure(
  reason: string,
  mayRetry: boolean,
  retryAfterMs: number | null = null,
): PostOutcome {
  return { kind: "failed", reason, mayRetry, retryAfterMs, detail: null };
}

describe("the outbox", () => {
  test("has a job for each channel that wants an alert, under an id for ever", () => {
    const plan = createNotificationPlan(channels, createManualClock(7));
    const jobs = plan(alertOf(), "opened");
    expect(jobs.map(({ id }) => id)).toEqual(
      channels.map(({ name }) => `notify:alr_01KB9Z:opened:${name}`),
    );
    expect(jobs[0]).toMatchObject({
      ...{
        kind: "notify:hook",
        route: "support",
        itemId: "alr_01KB9Z",
        createdAtMs: 7,
        dueAtMs: 7,
      },
    });
  });

  test.each([
    [{ minSeverity: "page" as const }, { severity: "notice" as const }, false],
    [{ minSeverity: "page" as const }, { severity: "page" as const }, true],
    [{ rules: ["cost" as const] }, {}, false],
    [{ rules: ["cost" as const, "escalation_storm" as const] }, {}, true],
    [{ routes: ["search"] }, {}, false],
    [{ routes: ["search", "support"] }, {}, true],
  ])("of a channel of %j has an alert of %j: %j", (filter, changes, isThere) => {
    const [channel] = channels;
    if (channel === undefined) throw new Error("there are channels");
    const plan = createNotificationPlan([{ ...channel, ...filter }], createManualClock());
    for (const event of ["opened", "resolved"] as const) {
      expect(plan(alertOf(changes), event)).toHaveLength(isThere ? 1 : 0);
    }
  });

  test("holds no secret of a channel", () => {
    const plan = createNotificationPlan(channels, createManualClock());
    const written = JSON.stringify(plan(alertOf(), "opened"));
    expect(written).not.toMatch(/whsec_|routing-key|receiver\.example/);
  });
});

describe("a notification", () => {
  test("that was delivered is done", async () => {
    const { jobs, jobOf, sent } = open(delivered);
    expect(await jobs.run(jobOf("opened", "hook"), never)).toEqual({ state: "done", entries: [] });
    expect(sent).toEqual(["notify:alr_01KB9Z:opened:hook"]);
  });

  test("that cannot help is given up at once, with the reason", async () => {
    const { jobs, jobOf } = open(failure("status_404", false));
    const result = await jobs.run(jobOf("opened", "hook"), never);
    expect(result).toMatchObject({ state: "failed", error: "status_404", mayRetry: false });
  });

  test("for a channel that is gone, or that cannot be read, is given up unsent", async () => {
    const { jobs, jobOf, sent } = open(delivered);
    const gone = jobOf("opened", "hook", {
      payload: JSON.stringify({ ...notificationOf("opened", "hook"), channel: "old" }),
    });
    expect(await jobs.run(gone, never)).toMatchObject({ error: "not_configured", mayRetry: false });
    for (const payload of ["", "[]", '{"event":"opened"}', '{"event":"x","channel":"hook"}']) {
      const result = await jobs.run(jobOf("opened", "hook", { payload }), never);
      expect(result).toMatchObject({ error: "payload_unreadable", mayRetry: false });
    }
    expect(sent).toEqual([]);
  });

  test("is tried again for about a day, then given up with the last reason", async () => {
    const { jobs, clock } = open(failure("status_500", true));
    const pauses: number[] = [];
    for (let tries = 1; tries < 100; tries += 1) {
      const result = await jobs.run(jobOf("opened", "hook", { tries }), never);
      if (result.state === "done" || !result.mayRetry) {
        expect(result).toMatchObject({ error: "status_500" });
        break;
      }
      const pauseMs = (result.dueAtMs ?? NaN) - clock.nowMs();
      pauses.push(pauseMs);
      clock.advance(pauseMs);
    }
    expect(pauses.slice(0, 7).map((ms) => ms / 1_000)).toEqual([5, 15, 60, 240, 960, 3600, 3600]);
    expect((clock.nowMs() - OPENED_AT_MS) / HOUR_MS).toBeCloseTo(24.4, 1);
  });

  test("that waited while the gateway was away has its tries all the same", async () => {
    const { jobs, clock } = open(failure("network", true));
    clock.advance(100 * HOUR_MS);
    const [first, fifth] = await Promise.all(
      [1, 5].map((tries) => jobs.run(jobOf("opened", "hook", { tries }), never)),
    );
    expect(first).toMatchObject({ mayRetry: true, dueAtMs: clock.nowMs() + 5_000 });
    expect(fifth).toMatchObject({ mayRetry: false });
  });

  test("waits for as long as its receiver asks, up to an hour", async () => {
    for (const [askedMs, waitedMs] of [
      [1_000, 5_000],
      [90_000, 90_000],
      [9 * HOUR_MS, HOUR_MS],
      // A receiver may ask for parts of a millisecond; the ledger has none.
      [90_000.5, 90_001],
    ] as const) {
      const { jobs, clock } = open(failure("status_429", true, askedMs));
      const result = await jobs.run(jobOf("opened", "hook"), never);
      expect(result).toMatchObject({ dueAtMs: clock.nowMs() + waitedMs });
    }
  });

  test("that is older than the clock says, since it was set back, is tried no oftener", async () => {
    const pauses = [1, 2, 3, 9].map((tries) =>
      retryPauseMs(jobOf("opened", "hook", { tries }), OPENED_AT_MS - 24 * HOUR_MS),
    );
    expect(pauses.map((ms) => ms / 1_000)).toEqual([5, 20, 80, 3_600]);
  });

  test("pauses never shrink with age or tries", () => {
    for (const tries of [1, 2, 3, 9]) {
      const pauses = [0, 5_000, 60_000, HOUR_MS].map((ageMs) =>
        retryPauseMs(jobOf("opened", "hook", { tries }), OPENED_AT_MS + ageMs),
      );
      expect(pauses).toEqual(pauses.toSorted((one, other) => one - other));
    }
  });
});

describe("the end of an alert", () => {
  test("waits while its beginning waits, and not for its own tries", async () => {
    const opening = jobOf("opened", "hook", { dueAtMs: OPENED_AT_MS + 60_000 });
    const { jobs, sent } = open(delivered, { jobs: [opening] });
    const result = await jobs.run(jobOf("resolved", "hook"), never);
    expect(result).toMatchObject({
      ...{ error: "opening_first", mayRetry: true, dueAtMs: OPENED_AT_MS + 61_000 },
    });
    expect(sent).toEqual([]);
  });

  test("waits for whole milliseconds, as the ledger keeps them", async () => {
    const opening = jobOf("opened", "hook", { dueAtMs: OPENED_AT_MS + 5_003 });
    const { jobs, clock } = open(delivered, { jobs: [opening] });
    for (const passedMs of [5_001, 1, 1, 1]) {
      clock.advance(passedMs);
      const result = await jobs.run(jobOf("resolved", "hook"), never);
      const dueAtMs = result.state === "failed" ? result.dueAtMs : undefined;
      expect(Number.isInteger(dueAtMs)).toBe(true);
    }
  });

  test.each(["done", "given_up"] as const)("is told when its beginning is %s", async (state) => {
    const { jobs, sent } = open(delivered, { jobs: [jobOf("opened", "hook", { state })] });
    await jobs.run(jobOf("resolved", "hook"), never);
    expect(sent).toEqual(["notify:alr_01KB9Z:resolved:hook"]);
  });

  test("outlives a beginning that took its whole day", async () => {
    const { jobs, clock } = open(failure("status_503", true));
    clock.advance(30 * HOUR_MS);
    const result = await jobs.run(jobOf("resolved", "hook", { tries: 90 }), never);
    expect(result).toMatchObject({ mayRetry: true });
    clock.advance(19 * HOUR_MS);
    expect(await jobs.run(jobOf("resolved", "hook", { tries: 99 }), never)).toMatchObject({
      ...{ error: "status_503", mayRetry: false },
    });
  });

  test.each<[string, Partial<Alert>, boolean]>([
    ["a later alert of the same cause", {}, false],
    ["one of another cause", { subject: "task:other" }, true],
    ["an exercise", { isExercise: true }, true],
    ["one that began before", { openedAtMs: OPENED_AT_MS - 1, resolvedAtMs: OPENED_AT_MS }, true],
    ["one that lasts, also where the clock was set back", { openedAtMs: OPENED_AT_MS - 1 }, false],
  ])("does not close the incident of %s", async (_, changes, isClosed) => {
    const later = alertOf({ id: "alr_2", openedAtMs: OPENED_AT_MS + 1, ...changes });
    const { jobs, sent } = open(delivered, { alerts: [later, alertOf()] });
    expect(await jobs.run(jobOf("resolved", "pager"), never)).toMatchObject({ state: "done" });
    expect(sent).toHaveLength(isClosed ? 1 : 0);
    // The others know alerts by their ids.
    await jobs.run(jobOf("resolved", "chat"), never);
    expect(sent.at(-1)).toBe("notify:alr_01KB9Z:resolved:chat");
  });
});
