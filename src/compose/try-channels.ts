import type { AlertsConfig, ChannelConfig } from "../config/alerts-config.ts";
import type { Alert } from "../ledger/records/alert.ts";
import type { Clock } from "../support/clock.ts";
import { ALERT_EVENTS, notificationId, type AlertEvent } from "../watch/channels/notification.ts";
import type { PostOutcome } from "../watch/channels/post-message.ts";
import { createChannelTeller, type ToldAlert } from "./channel-teller.ts";
import { exerciseAlert } from "./exercise-alert.ts";

/** How one channel took one message. */
export interface ChannelTrial {
  readonly channel: string;
  readonly kind: ChannelConfig["kind"];
  readonly event: AlertEvent;
  readonly outcome: PostOutcome;
  readonly latencyMs: number;
}

export interface TryChannelsOptions {
  readonly alerts: AlertsConfig;
  /** Those to be tried. */
  readonly channels: readonly ChannelConfig[];
  /** Named in the message. */
  readonly route: string;
  readonly clock: Clock;
  readonly write: (alert: ToldAlert) => void;
  readonly signal: AbortSignal;
}

/**
 * Sends each channel an exercise and its end, at once, once, and past the ledger and its filters.
 * A channel that does not take the beginning is not sent the end.
 */
export async function* tryChannels(options: TryChannelsOptions): AsyncGenerator<ChannelTrial> {
  const { alerts, channels, route, clock, write, signal } = options;
  const teller = createChannelTeller(alerts, clock, write);
  const opened = exerciseAlert("storm", route, clock);
  try {
    for (const channel of channels) {
      for (const event of ALERT_EVENTS) {
        const alert: Alert =
          event === "opened" ? opened : { ...opened, resolvedAtMs: clock.nowMs() };
        const id = notificationId(alert.id, event, channel.name);
        const notification = { id, event, channel: channel.name, alert };
        const startMs = clock.monotonicMs();
        const outcome = await teller.tell(channel, notification, signal);
        const latencyMs = Math.round(clock.monotonicMs() - startMs);
        yield { channel: channel.name, kind: channel.kind, event, outcome, latencyMs };
        if (outcome.kind === "failed" || signal.aborted) break;
      }
    }
  } finally {
    await teller.close();
  }
}
