import { createHash } from "node:crypto";
import type { Alert } from "../../ledger/records/alert.ts";
import type { JsonObject } from "../../support/json.ts";
import { linkTo, shortText, titleOf } from "./alert-text.ts";
import { incidentKey } from "./channel.ts";
import type { Notification } from "./notification.ts";

/** Limits of Events API v2 in characters. */
const MAX_SUMMARY = 1_024;
const MAX_KEY = 255;

const SEVERITIES: Readonly<Record<Alert["severity"], string>> = {
  page: "critical",
  notice: "warning",
};

/** An event for PagerDuty's Events API v2, which opens an incident or closes it by its key. */
export function pagerdutyMessage(
  { event, alert }: Notification,
  routingKey: string,
  gatewayUrl: string | null,
): JsonObject {
  const target = { routing_key: routingKey, dedup_key: dedupKey(alert) };
  if (event === "resolved") return { ...target, event_action: "resolve" };
  const { id, rule, route, subject, facts, action, revert, isExercise } = alert;
  const link = linkTo(alert, gatewayUrl);
  return {
    ...target,
    event_action: "trigger",
    client: "Leadsman",
    payload: {
      summary: shortText(`${titleOf(alert, event)}: ${alert.summary}`, MAX_SUMMARY),
      source: `leadsman/${route}`,
      severity: isExercise ? "info" : SEVERITIES[alert.severity],
      timestamp: new Date(alert.openedAtMs).toISOString(),
      component: route,
      class: rule,
      custom_details: { ...facts, alert: id, subject, action, revert },
    },
    ...(link === null ? {} : { links: [{ href: link, text: "The alert" }] }),
  };
}

function dedupKey(alert: Alert): string {
  const key = incidentKey(alert);
  if (key.length <= MAX_KEY) return key;
  return `leadsman:${createHash("sha256").update(key).digest("hex")}`;
}
