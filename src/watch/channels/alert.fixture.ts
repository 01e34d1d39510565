import type { Alert } from "../../ledger/records/alert.ts";
import type { Channel } from "./channel.ts";
import { notificationId, type AlertEvent, type Notification } from "./notification.ts";

export const OPENED_AT_MS: number = Date.UTC(2026, 10, 30, 14, 5);
const LASTED_MS = 47 * 60_000;

/** A storm, as a watcher would tell it. */
export function alertOf(changes: Partial<Alert> = {}): Alert {
  return {
    id: "alr_01KB9Z",
    rule: "escalation_storm",
    route: "support",
    subject: "task:refund",
    severity: "page",
    summary: "61.0 % of 200 requests escalate, usual are 18.0 %. Suspect: confidence collapse.",
    facts: {
      escalationRate: 0.61,
      escalationRateLow: 0.541,
      escalationRateHigh: 0.675,
      usualRate: 0.18,
      requests: 200,
      suspect: "confidence_collapse",
      costUsd: 1.23456,
      latencyP95Ms: 1830,
      sinceMs: OPENED_AT_MS - 120_000,
      isBypassed: true,
      note: null,
    },
    action: "Requests of task:refund go to the deep model without triage.",
    revert: "leadsman mode support live --reason 'the storm is over'",
    openedAtMs: OPENED_AT_MS,
    resolvedAtMs: null,
    acknowledgedAtMs: null,
    acknowledgedBy: null,
    isExercise: false,
    ...changes,
  };
}

/** What is told of it. */
export function notificationOf(
  event: AlertEvent,
  channel: string,
  changes: Partial<Alert> = {},
): Notification {
  const end = event === "resolved" ? { resolvedAtMs: OPENED_AT_MS + LASTED_MS } : {};
  const alert = alertOf({ ...end, ...changes });
  return { id: notificationId(alert.id, event, channel), event, channel, alert };
}

export const TEST_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** One channel of each kind, those of HTTP at the given address. */
export function channelsAt(url: string): readonly Channel[] {
  const all = { rules: null, routes: null, minSeverity: "notice" } as const;
  return [
    { ...all, name: "hook", kind: "webhook", url, secret: TEST_SECRET },
    { ...all, name: "chat", kind: "slack", url },
    { ...all, name: "pager", kind: "pagerduty", url, routingKey: "routing-key-1" },
    { ...all, name: "log", kind: "stdout" },
  ];
}
