import { linkTo, shortText, timeOf, titleOf } from "./alert-text.ts";
import type { Notification } from "./notification.ts";

const MAX_LINE_PART = 1_000;

/** An alert on one line, for a log. */
export function alertLine({ event, alert }: Notification, gatewayUrl: string | null): string {
  const { severity, summary, action, revert } = alert;
  const link = linkTo(alert, gatewayUrl);
  const parts = [
    `${titleOf(alert, event)}: ${shortText(summary, MAX_LINE_PART)}`,
    timeOf(alert, event),
    ...(event === "opened" && action !== null ? [`done: ${shortText(action, MAX_LINE_PART)}`] : []),
    ...(event === "opened" && revert !== null
      ? [`to take it back: ${shortText(revert, MAX_LINE_PART)}`]
      : []),
    link ?? alert.id,
  ];
  return `${severity === "page" ? "ALERT" : "alert"} ${parts.join(" · ")}`;
}
