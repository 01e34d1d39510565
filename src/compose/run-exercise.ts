import type { AlertsConfig } from "../config/alerts-config.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Alert } from "../ledger/records/alert.ts";
import type { Job } from "../ledger/records/job.ts";
import { startJobWorker, type JobWorker } from "../quality/jobs/job-worker.ts";
import type { Clock } from "../support/clock.ts";
import { sleep } from "../support/sleep.ts";
import { ALERT_EVENTS, type AlertEvent } from "../watch/channels/notification.ts";
import type { ToldAlert } from "./channel-teller.ts";
import { exerciseAlert, type ExerciseKind } from "./exercise-alert.ts";
import { openChannels } from "./open-channels.ts";

export interface ExerciseOptions {
  readonly alerts: AlertsConfig;
  readonly ledger: Ledger;
  readonly kind: ExerciseKind;
  readonly route: string;
  readonly clock: Clock;
  readonly write: (alert: ToldAlert) => void;
  readonly onError: (error: unknown) => void;
  readonly signal: AbortSignal;
  /** How long a running gateway has to take the first notification. Default 3,000. */
  readonly graceMs?: number;
}

/** What became of one notification, as far as it was waited for. */
export interface ExerciseNotification {
  readonly channel: string;
  readonly event: AlertEvent;
  readonly state: Job["state"];
  /** Why it is not delivered; null when it is, or when nobody has tried. */
  readonly error: string | null;
}

export interface Exercise {
  readonly alert: Alert;
  readonly notifications: readonly ExerciseNotification[];
  /** A running gateway told the channels; else this process did. */
  readonly isByGateway: boolean;
}

/** A gateway looks every second. */
const GRACE_MS = 3_000;
const LOOK_MS = 50;
/** Longer than one try may take. */
const PATIENCE_MS = 20_000;

/**
 * Opens an exercise alert and resolves it, through the outbox that real ones take. Where no gateway
 * takes the notifications, this process delivers them; what fails for now stays in the outbox. The
 * alert is resolved whatever happens on the way.
 */
export async function runExercise(options: ExerciseOptions): Promise<Exercise> {
  const { alerts, ledger, kind, route, clock, write, onError, signal } = options;
  const open = openChannels({ alerts, ledger, clock, write });
  let worker: JobWorker | null = null;
  let alert = exerciseAlert(kind, route, clock);
  const notifications: ExerciseNotification[] = [];
  try {
    for (const event of ALERT_EVENTS) {
      if (event === "resolved") alert = { ...alert, resolvedAtMs: clock.nowMs() };
      const jobs = open.notificationsOf(alert, event);
      await ledger.append([
        { kind: "alert", alert },
        ...jobs.map((job) => ({ kind: "job", job }) as const),
      ]);
      const graceMs = options.graceMs ?? GRACE_MS;
      if (worker === null && !(await isTaken(ledger, jobs, graceMs, signal))) {
        const handlers = await open.jobs();
        worker = startJobWorker({ ledger, handlers, clock, pollMs: LOOK_MS, onError });
      }
      const tried = await Promise.all(jobs.map((job) => waitFor(ledger, job, signal)));
      for (const [index, channel] of channelsOf(jobs).entries()) {
        const { state, lastError } = tried[index] ?? { state: "waiting", lastError: null };
        notifications.push({ channel, event, state, error: lastError });
      }
    }
  } finally {
    // Also where a wait was interrupted: an exercise that stays open would look like trouble.
    if (alert.resolvedAtMs === null) {
      alert = { ...alert, resolvedAtMs: clock.nowMs() };
      await ledger.append([{ kind: "alert", alert }]);
    }
    await worker?.stop(signal);
    await open.close();
  }
  return { alert, notifications, isByGateway: worker === null };
}

function channelsOf(jobs: readonly Job[]): readonly string[] {
  return jobs.map(({ id }) => id.slice(id.lastIndexOf(":") + 1));
}

/** Whether somebody else takes a job within that time. */
async function isTaken(
  ledger: Pick<Ledger, "job">,
  jobs: readonly Job[],
  graceMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < graceMs && !signal.aborted; waitedMs += LOOK_MS) {
    const seen = await Promise.all(jobs.map(({ id }) => ledger.job(id)));
    if (seen.every((job) => job === null || job.tries > 0)) return true;
    await sleep(LOOK_MS, signal);
  }
  return false;
}

/** The job when it has ended or failed for now; as it stands when that takes too long. */
async function waitFor(
  ledger: Pick<Ledger, "job">,
  job: Job,
  signal: AbortSignal,
): Promise<Pick<Job, "state" | "lastError">> {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS && !signal.aborted; waitedMs += LOOK_MS) {
    const now = await ledger.job(job.id);
    if (now === null) return { state: "done", lastError: null };
    if (now.state !== "waiting" || now.lastError !== null) return now;
    await sleep(LOOK_MS, signal);
  }
  return (await ledger.job(job.id)) ?? job;
}
