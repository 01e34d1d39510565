/** Who is told when something is wrong. */
export interface AlertsConfig {
  /** Where people reach this gateway, without a slash at the end; null = no link in messages. */
  readonly link: string | null;
  /** Channels may be at addresses that are not public, and without TLS. Default false. */
  readonly allowPrivate: boolean;
  /** Default one: a line where the gateway runs. */
  readonly channels: readonly ChannelConfig[];
}

export const CHANNEL_KINDS = ["webhook", "slack", "pagerduty", "stdout"] as const;

/** The words of the ledger's alerts, which this room does not know. */
export const ALERT_RULES = [
  "false_confident",
  "escalation_storm",
  "confidence_drift",
  "cost",
  "latency",
  "judge_agreement",
  "lowering_proved",
] as const;

export const MIN_SEVERITIES = ["notice", "page"] as const;

interface ChannelFilter {
  readonly name: string;
  /** Null = all. */
  readonly rules: readonly (typeof ALERT_RULES)[number][] | null;
  /** Null = all. */
  readonly routes: readonly string[] | null;
  /** Default `notice`, which is all. */
  readonly minSeverity: (typeof MIN_SEVERITIES)[number];
}

/** Where alerts are told. */
export type ChannelConfig = ChannelFilter &
  (
    | {
        readonly kind: "webhook";
        readonly url: string;
        /** `whsec_…`; null = requests are not signed. */
        readonly secret: string | null;
      }
    | { readonly kind: "slack"; readonly url: string }
    | { readonly kind: "pagerduty"; readonly url: string; readonly routingKey: string }
    | { readonly kind: "stdout" }
  );
