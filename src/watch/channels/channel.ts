import { alertKey, type Alert, type AlertRule } from "../../ledger/records/alert.ts";

/** Where alerts are told, and which. A new kind is a case in `message-for.ts`. */
export type Channel = ChannelFilter & ChannelTarget;

export interface ChannelFilter {
  readonly name: string;
  /** Null = all. */
  readonly rules: readonly AlertRule[] | null;
  /** Null = all. */
  readonly routes: readonly string[] | null;
  /** `notice` = all. */
  readonly minSeverity: Alert["severity"];
}

export type ChannelTarget =
  | {
      readonly kind: "webhook";
      readonly url: string;
      /** `whsec_` and the base64 of the key; null = requests are not signed. */
      readonly secret: string | null;
    }
  | { readonly kind: "slack"; readonly url: string }
  | { readonly kind: "pagerduty"; readonly url: string; readonly routingKey: string }
  | { readonly kind: "stdout" };

/** Whether an alert is for this channel. The same for its beginning and its end. */
export function isFor(channel: ChannelFilter, alert: Alert): boolean {
  const { rules, routes, minSeverity } = channel;
  return (
    (rules === null || rules.includes(alert.rule)) &&
    (routes === null || routes.includes(alert.route)) &&
    (minSeverity === "notice" || alert.severity === "page")
  );
}

/**
 * What a receiver takes for one incident: an exercise is one of its own, so that its end does not
 * close a real one.
 */
export function incidentKey(alert: Alert): string {
  return alert.isExercise ? `${alertKey(alert)}:exercise:${alert.id}` : alertKey(alert);
}
