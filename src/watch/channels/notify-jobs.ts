import type { Ledger } from "../../ledger/ledger.ts";
import type { Job } from "../../ledger/records/job.ts";
import type { Clock } from "../../support/clock.ts";
import { incidentKey, isFor, type Channel } from "./channel.ts";
import { notificationId, notifyKind, readNotification, type Notification } from "./notification.ts";
import type { PostOutcome } from "./post-message.ts";

/** Tells one channel of alerts. The shape of a job handler, which `compose/` gives to the worker. */
export interface NotifyJobs {
  readonly kind: string;
  readonly maxConcurrent: number;
  readonly maxTries: number;
  readonly leaseMs: number;
  run(job: Job, signal: AbortSignal): Promise<NotifyResult>;
}

export type NotifyResult =
  | { readonly state: "done"; readonly entries: readonly [] }
  | {
      readonly state: "failed";
      readonly error: string;
      readonly mayRetry: boolean;
      readonly dueAtMs?: number;
      readonly entries: readonly [];
    };

export interface NotifyJobsOptions {
  readonly ledger: Pick<Ledger, "job" | "alerts">;
  readonly channels: readonly Channel[];
  /** Kinds of jobs for channels that are configured no longer: they are given up. */
  readonly leftKinds?: readonly string[];
  /** Tells one channel once. Never rejects. */
  readonly tell: (
    channel: Channel,
    notification: Notification,
    signal: AbortSignal,
  ) => Promise<PostOutcome>;
  readonly clock: Clock;
}

/** Of one channel: a receiver that hangs holds a place for its whole timeout. */
const MAX_CONCURRENT = 4;
/** Longer than a try takes, and short: a notification of a process that was killed waits for it. */
const LEASE_MS = 30_000;
/** Time decides; this only ends what comes back for ever. */
const MAX_TRIES = 1_000;

const HOUR_MS = 3_600_000;
const FIRST_PAUSE_MS = 5_000;
const PAUSE_FACTOR = 4;
/** How long a receiver may be away. */
const OPENING_MS = 24 * HOUR_MS;
/** An end waits for its beginning, which may take a day itself. */
const RESOLUTION_MS = 2 * OPENING_MS;
/** When the gateway was away itself, that much is tried all the same. */
const MIN_TRIES = 5;
/** Alerts of a route that are looked through for a later one of the same cause. */
const LATER_ALERTS = 100;

/**
 * Tells each channel of the beginning of an alert, then of its end: the end waits until the
 * beginning was delivered or given up. What may pass (network, timeouts, 5xx, 429, 408) is tried
 * again for about a day; any other answer is final.
 */
export function createNotifyJobs(options: NotifyJobsOptions): readonly NotifyJobs[] {
  const { channels, leftKinds = [] } = options;
  const byName = new Map(channels.map((channel) => [channel.name, channel]));
  const run = async (job: Job, signal: AbortSignal): Promise<NotifyResult> => {
    const notification = readNotification(job);
    if (notification === null) return givenUp("payload_unreadable");
    const channel = byName.get(notification.channel);
    if (channel === undefined) return givenUp("not_configured");
    if (notification.event === "resolved") {
      const held = await resolutionHeld(options, job, channel, notification);
      if (held !== null) return held;
    }
    const outcome = await options.tell(channel, notification, signal);
    return resultOf(job, notification, outcome, options.clock.nowMs());
  };
  const kinds = new Set([...channels.map(({ name }) => notifyKind(name)), ...leftKinds]);
  return [...kinds].map((kind) => {
    return { kind, maxConcurrent: MAX_CONCURRENT, maxTries: MAX_TRIES, leaseMs: LEASE_MS, run };
  });
}

/** Why an end is not to be told now; null = it is. */
async function resolutionHeld(
  { ledger, clock }: NotifyJobsOptions,
  job: Job,
  channel: Channel,
  { alert }: Notification,
): Promise<NotifyResult | null> {
  const opening = await ledger.job(notificationId(alert.id, "opened", channel.name));
  if (opening?.state === "waiting") {
    const nowMs = clock.nowMs();
    const dueAtMs = Math.max(opening.dueAtMs, nowMs) + waitMs(job, nowMs);
    return { state: "failed", error: "opening_first", mayRetry: true, dueAtMs, entries: [] };
  }
  if (channel.kind !== "pagerduty") return null;
  const later = await ledger.alerts({ route: alert.route }, LATER_ALERTS);
  const isTakenOver = later.some(
    (other) =>
      other.id !== alert.id &&
      (other.resolvedAtMs === null || other.openedAtMs > alert.openedAtMs) &&
      incidentKey(other) === incidentKey(alert) &&
      isFor(channel, other),
  );
  // The incident is the later alert's by now, and ends with it.
  return isTakenOver ? DONE : null;
}

const DONE: NotifyResult = { state: "done", entries: [] };

function resultOf(
  job: Job,
  { event }: Notification,
  outcome: PostOutcome,
  nowMs: number,
): NotifyResult {
  if (outcome.kind === "delivered") return DONE;
  const { reason, mayRetry, retryAfterMs } = outcome;
  const horizonMs = event === "opened" ? OPENING_MS : RESOLUTION_MS;
  const isLate = nowMs - job.createdAtMs >= horizonMs && job.tries >= MIN_TRIES;
  if (!mayRetry || isLate) return givenUp(reason);
  const askedMs = Math.ceil(retryAfterMs ?? 0);
  const pauseMs = Math.min(HOUR_MS, Math.max(askedMs, retryPauseMs(job, nowMs)));
  return { state: "failed", error: reason, mayRetry: true, dueAtMs: nowMs + pauseMs, entries: [] };
}

/**
 * Until the next try: 5 s, 15 s, 1 min, 4 min, 16 min, then every hour. By age, since waiting for
 * the beginning counts as tries too; by tries where that is less, since the gateway may have been away.
 */
export function retryPauseMs({ tries, createdAtMs }: Job, nowMs: number): number {
  const byTries = FIRST_PAUSE_MS * PAUSE_FACTOR ** (tries - 1);
  const ageMs = nowMs - createdAtMs;
  // Where the clock was set back nothing is known of it.
  const byAge = ageMs < 0 ? HOUR_MS : Math.max(FIRST_PAUSE_MS, (PAUSE_FACTOR - 1) * ageMs);
  return Math.min(HOUR_MS, byTries, byAge);
}

/** A second at first, when its beginning is just being told. */
function waitMs({ createdAtMs }: Job, nowMs: number): number {
  return Math.min(60_000, Math.max(1_000, Math.ceil((nowMs - createdAtMs) / 4)));
}

function givenUp(error: string): NotifyResult {
  return { state: "failed", error, mayRetry: false, entries: [] };
}
