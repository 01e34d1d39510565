import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ALERT_RULES } from "../config/alerts-config.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { ALERT_RULES as LEDGER_RULES } from "../ledger/records/alert.ts";
import { startJobWorker, type JobWorker } from "../quality/jobs/job-worker.ts";
import { createManualClock, systemClock, type ManualClock } from "../support/clock.ts";
import { sleep } from "../support/sleep.ts";
import { alertOf, channelsAt, TEST_SECRET } from "../watch/channels/alert.fixture.ts";
import type { Channel } from "../watch/channels/channel.ts";
import { notificationId, type AlertEvent } from "../watch/channels/notification.ts";
import type { ToldAlert } from "./channel-teller.ts";
import { openChannels, type OpenChannels } from "./open-channels.ts";
import { openLedger } from "./open-ledger.ts";
import { startReceiver, type Receiver, type ReceivedPost } from "./receiver.fixture.ts";

let folder = "";
let receiver: Receiver;
let clock: ManualClock;
let closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "leadsman-channels-"));
  receiver = await startReceiver();
  clock = createManualClock(systemClock.nowMs());
});
afterEach(async () => {
  for (const close of closing.toReversed()) await close();
  closing = [];
  await receiver.close();
  rmSync(folder, { recursive: true });
});

interface Process {
  readonly ledger: Ledger;
  readonly open: OpenChannels;
  readonly written: ToldAlert[];
  readonly worker: JobWorker;
  /** Writes an alert and what tells of it, as a watcher does. */
  tell(event: AlertEvent, id?: string): Promise<void>;
  /** Waits for the end of a notification; the clock moves until it is due again. */
  ended(id: string): Promise<string>;
}

/** A process with channels at the receiver, on the one ledger. */
async function start(channels: readonly Channel[]): Promise<Process> {
  const url = `sqlite:${join(folder, "ledger.db")}`;
  const ledger = await openLedger({ url, spillBytes: 1_000_000 }, clock);
  const written: ToldAlert[] = [];
  const alerts = { link: null, allowPrivate: true, channels };
  const write = (alert: ToldAlert): unknown => written.push(alert);
  const open = openChannels({ alerts, ledger, clock, write });
  const onError = (error: unknown): void => {
    throw error;
  };
  const worker = startJobWorker({ ledger, handlers: await open.jobs(), clock, pollMs: 5, onError });
  closing.push(
    () => ledger.close(),
    () => open.close(),
    () => worker.stop(AbortSignal.abort()),
  );
  return {
    ...{ ledger, open, written, worker },
    tell: async (event, id = "alr_1") => {
      const resolvedAtMs = event === "opened" ? null : clock.nowMs();
      const alert = alertOf({ id, openedAtMs: clock.nowMs(), resolvedAtMs });
      const jobs = open.notificationsOf(alert, event);
      await ledger.append([
        { kind: "alert", alert },
        ...jobs.map((job) => ({ kind: "job", job }) as const),
      ]);
    },
    ended: async (id) => {
      for (let i = 0; i < 1_000; i += 1) {
        const job = await ledger.job(id);
        if (job === null) throw new Error("there is no such job");
        if (job.state !== "waiting") return job.lastError ?? job.state;
        if (job.lastError !== null && job.dueAtMs > clock.nowMs()) {
          clock.advance(job.dueAtMs - clock.nowMs());
        }
        await sleep(5);
      }
      throw new Error(`${id} did not end`);
    },
  };
}

function channelAt(name: string, path = `/${name}`): Channel {
  const channel = channelsAt(receiver.url + path).find((one) => one.name === name);
  if (channel === undefined) throw new Error("there is no such kind");
  return channel;
}

/** What tells receivers that it is the same notification. */
function keyOf({ headers, body }: ReceivedPost): unknown {
  const parsed: unknown = JSON.parse(body);
  return headers["webhook-id"] ?? parsed;
}

const NAMES = ["hook", "chat", "pager", "log"] as const;
const HTTP_NAMES = ["hook", "chat", "pager"] as const;

describe.each(NAMES)("channel %s", (name) => {
  test("tells the beginning, then the end, once each", async () => {
    const one = await start([channelAt(name)]);
    await one.tell("opened");
    await one.tell("resolved");
    // A watcher that starts again may write the same once more.
    await one.tell("opened");
    expect(await one.ended(notificationId("alr_1", "resolved", name))).toBe("done");
    const told =
      name === "log"
        ? one.written.map(({ message }) => message.type)
        : receiver.posts.map(({ body }) =>
            /alert\.resolved|Resolved:|"resolve"/.test(body) ? "end" : "beginning",
          );
    expect(told).toEqual(
      name === "log" ? ["alert.opened", "alert.resolved"] : ["beginning", "end"],
    );
  });
});

describe.each(HTTP_NAMES)("channel %s", (name) => {
  test("tries again after trouble with the same key, and the end waits its turn", async () => {
    const one = await start([channelAt(name)]);
    receiver.answerWith(`/${name}`, 500);
    await one.tell("opened");
    await expect.poll(() => receiver.posts.length).toBe(1);
    await one.tell("resolved");
    const resolution = notificationId("alr_1", "resolved", name);
    const errorOf = async (): Promise<unknown> => (await one.ledger.job(resolution))?.lastError;
    await expect.poll(errorOf).toBe("opening_first");
    receiver.answerWith(`/${name}`, 200);
    expect(await one.ended(notificationId("alr_1", "opened", name))).toBe("done");
    expect(await one.ended(resolution)).toBe("done");
    expect(receiver.posts).toHaveLength(3);
    const [first, second, third] = receiver.posts.map(keyOf);
    expect(second).toEqual(first);
    expect(third).not.toEqual(first);
    if (name === "pager") expect(third).toMatchObject({ event_action: "resolve" });
  });

  test("gives up what no try can help, and says why; the end is told all the same", async () => {
    const one = await start([channelAt(name)]);
    receiver.answerWith(`/${name}`, 410);
    await one.tell("opened");
    expect(await one.ended(notificationId("alr_1", "opened", name))).toBe("status_410");
    receiver.answerWith(`/${name}`, 200);
    await one.tell("resolved");
    expect(await one.ended(notificationId("alr_1", "resolved", name))).toBe("done");
  });

  test("sends nothing under another key when its process stops in the middle", async () => {
    const first = await start([channelAt(name)]);
    receiver.answerWith(`/${name}`, null);
    await first.tell("opened");
    await expect.poll(() => receiver.posts.length).toBe(1);
    await first.worker.stop(AbortSignal.abort());
    receiver.answerWith(`/${name}`, 200);
    const second = await start([channelAt(name)]);
    expect(await second.ended(notificationId("alr_1", "opened", name))).toBe("done");
    await expect.poll(() => receiver.posts.length).toBe(2);
    const [before, after] = receiver.posts.map(keyOf);
    expect(after).toEqual(before);
  });
});

test("every try of a webhook is signed for its own time, and verifies", async () => {
  const one = await start([channelAt("hook")]);
  receiver.answerWith("/hook", 503);
  await one.tell("opened");
  await expect.poll(() => receiver.posts.length).toBe(1);
  receiver.answerWith("/hook", 200);
  expect(await one.ended(notificationId("alr_1", "opened", "hook"))).toBe("done");
  const webhook = new Webhook(TEST_SECRET);
  const times = receiver.posts.map(({ headers, body }) => {
    const asked: Record<string, string> = {};
    for (const [key, value] of Object.entries(headers)) asked[key] = String(value);
    const signed: unknown = webhook.verify(body, asked);
    expect(signed).toMatchObject({ type: "alert.opened", data: { id: "alr_1" } });
    expect(headers["webhook-id"]).toBe("notify:alr_1:opened:hook");
    return Number(headers["webhook-timestamp"]);
  });
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBe(5);
});

test("a receiver that does not answer holds up no other channel", async () => {
  const one = await start([channelAt("hook", "/dead"), channelAt("chat", "/alive")]);
  receiver.answerWith("/dead", null);
  for (let i = 0; i < 300; i += 1) await one.tell("opened", `alr_${i}`);
  const toldMs = performance.now();
  const ended = Array.from({ length: 300 }, (_, i) =>
    one.ended(notificationId(`alr_${i}`, "opened", "chat")),
  );
  expect(await Promise.all(ended)).toEqual(new Array(300).fill("done"));
  // A try at the dead one takes 15 s.
  expect(performance.now() - toldMs).toBeLessThan(5_000);
  expect((await one.ledger.job(notificationId("alr_0", "opened", "hook")))?.state).toBe("waiting");
  expect(receiver.posts.filter(({ path }) => path === "/dead")).toHaveLength(4);
});

test("what waits for a channel that left the configuration is given up", async () => {
  const before = await start([channelAt("hook"), channelAt("chat")]);
  await before.worker.stop(AbortSignal.abort());
  await before.tell("opened");
  const after = await start([channelAt("chat")]);
  const id = notificationId("alr_1", "opened", "hook");
  expect(await after.ended(id)).toBe("not_configured");
  expect(await after.ended(notificationId("alr_1", "opened", "chat"))).toBe("done");
});

test("where there is no channel, an alert is kept and nobody told", async () => {
  const one = await start([]);
  await one.tell("opened");
  expect(await one.ledger.alert("alr_1")).not.toBeNull();
  expect(await one.ledger.jobCounts({})).toEqual([]);
});

test("the rules that a channel may name are those of alerts", () => {
  expect(ALERT_RULES).toEqual(LEDGER_RULES);
});
