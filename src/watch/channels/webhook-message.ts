import type { Alert } from "../../ledger/records/alert.ts";
import { incidentKey } from "./channel.ts";
import { linkTo } from "./alert-text.ts";
import type { AlertEvent, Notification } from "./notification.ts";

/** Version of `WebhookMessage`. Members are added within a version; else it is another one. */
export const WEBHOOK_VERSION = 1;

/** Body of a generic webhook: ids, words and numbers, and no text of any request. */
export interface WebhookMessage {
  readonly type: `alert.${AlertEvent}`;
  readonly version: typeof WEBHOOK_VERSION;
  /** When it happened, ISO 8601; not when it was sent. */
  readonly timestamp: string;
  readonly data: WebhookAlert;
}

export type WebhookAlert = Pick<
  Alert,
  | ("id" | "rule" | "route" | "subject" | "severity" | "isExercise" | "summary")
  | ("facts" | "action" | "revert" | "openedAtMs" | "resolvedAtMs")
> & {
  /** The same for alerts of one cause. */
  readonly key: string;
  readonly link: string | null;
};

/** @param gatewayUrl where people reach the gateway; null = no link */
export function webhookMessage(
  { event, alert }: Notification,
  gatewayUrl: string | null,
): WebhookMessage {
  const { id, rule, route, subject, severity, isExercise, summary } = alert;
  const { facts, action, revert, openedAtMs } = alert;
  const resolvedAtMs = event === "opened" ? null : alert.resolvedAtMs;
  return {
    type: `alert.${event}`,
    version: WEBHOOK_VERSION,
    timestamp: new Date(resolvedAtMs ?? openedAtMs).toISOString(),
    data: {
      ...{ id, key: incidentKey(alert), rule, route, subject, severity, isExercise, summary },
      ...{ facts, action, revert, openedAtMs, resolvedAtMs },
      link: linkTo(alert, gatewayUrl),
    },
  };
}
