import type { Alert } from "../../ledger/records/alert.ts";
import type { Job } from "../../ledger/records/job.ts";
import { isJsonObject } from "../../support/json.ts";
import type { Clock } from "../../support/clock.ts";
import { isFor, type ChannelFilter } from "./channel.ts";

/** What kinds and ids of jobs that tell of alerts begin with. */
export const NOTIFY_KIND = "notify";

/**
 * Kind of the jobs that tell one channel. One for each, as each has places of its own: a receiver that
 * hangs holds up no other.
 */
export function notifyKind(channel: string): string {
  return `${NOTIFY_KIND}:${channel}`;
}

export const ALERT_EVENTS = ["opened", "resolved"] as const;
export type AlertEvent = (typeof ALERT_EVENTS)[number];

/** One thing to tell one channel. The alert is as it was at the time. */
export interface Notification {
  /** The same for every try, so that a receiver knows what it has already. */
  readonly id: string;
  readonly event: AlertEvent;
  /** Name of the channel. */
  readonly channel: string;
  readonly alert: Alert;
}

/** Says which jobs tell of an alert; to be appended in one commit with the alert. */
export type NotificationPlan = (alert: Alert, event: AlertEvent) => readonly Job[];

/** The outbox: a job for each channel that wants the alert. Pure but for the time. */
export function createNotificationPlan(
  channels: readonly ChannelFilter[],
  clock: Clock,
): NotificationPlan {
  return (alert, event) =>
    channels
      .filter((channel) => isFor(channel, alert))
      .map(({ name }) =>
        jobFor(
          { id: notificationId(alert.id, event, name), event, channel: name, alert },
          clock.nowMs(),
        ),
      );
}

/** Equal ids are one job, so a notification that is planned again is told once. */
export function notificationId(alertId: string, event: AlertEvent, channel: string): string {
  return `${NOTIFY_KIND}:${alertId}:${event}:${channel}`;
}

function jobFor(notification: Notification, nowMs: number): Job {
  const { id, event, channel, alert } = notification;
  return {
    id,
    kind: notifyKind(channel),
    route: alert.route,
    itemId: alert.id,
    payload: JSON.stringify({ event, channel, alert }),
    createdAtMs: nowMs,
    dueAtMs: nowMs,
    tries: 0,
    state: "waiting",
    lastError: null,
  };
}

/** What a job is to tell; null when its payload is none. */
export function readNotification({
  id,
  payload,
}: Pick<Job, "id" | "payload">): Notification | null {
  let read: unknown;
  try {
    read = JSON.parse(payload);
  } catch {
    return null;
  }
  if (!isJsonObject(read)) return null;
  const { event: word, channel, alert } = read;
  const event = ALERT_EVENTS.find((known) => known === word);
  if (event === undefined || typeof channel !== "string" || !isAlert(alert)) return null;
  return { id, event, channel, alert };
}

/** Own payloads only come back, so what messages rely on is enough. */
function isAlert(value: unknown): value is Alert {
  return (
    isJsonObject(value) &&
    ["id", "rule", "route", "severity", "summary"].every((key) => typeof value[key] === "string") &&
    typeof value["openedAtMs"] === "number" &&
    isJsonObject(value["facts"])
  );
}
