import type { AlertsConfig } from "../config/alerts-config.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { JobHandler } from "../quality/jobs/job-handler.ts";
import type { Clock } from "../support/clock.ts";
import { alertLine } from "../watch/channels/alert-line.ts";
import type { Channel } from "../watch/channels/channel.ts";
import { messageFor } from "../watch/channels/message-for.ts";
import { createNotificationPlan } from "../watch/channels/notification.ts";
import type { Notification, NotificationPlan } from "../watch/channels/notification.ts";
import { createNotifyJobs } from "../watch/channels/notify-jobs.ts";
import { createMessagePoster, type PostOutcome } from "../watch/channels/post-message.ts";
import { webhookMessage, type WebhookMessage } from "../watch/channels/webhook-message.ts";

/** An alert for the log of this process. */
export interface ToldAlert {
  readonly line: string;
  /** The same as data: what a webhook gets. */
  readonly message: WebhookMessage;
}

/** The configured channels, ready to tell. */
export interface OpenChannels {
  readonly channels: readonly Channel[];
  /** The jobs that tell of an alert; to be appended in one commit with it. */
  readonly notificationsOf: NotificationPlan;
  /** Does those jobs. */
  readonly jobs: JobHandler;
  /** Tells one channel once, at once and past the ledger. Never rejects. */
  tell(channel: Channel, notification: Notification, signal: AbortSignal): Promise<PostOutcome>;
  close(): Promise<void>;
}

export interface OpenChannelsOptions {
  readonly alerts: AlertsConfig;
  readonly ledger: Pick<Ledger, "job" | "alerts">;
  readonly clock: Clock;
  /** Writes to the log of this process, for channels of kind `stdout`. */
  readonly write: (alert: ToldAlert) => void;
}

/** Wires channels to the network, and to the outbox in the ledger. */
export function openChannels(options: OpenChannelsOptions): OpenChannels {
  const { alerts, ledger, clock, write } = options;
  const { channels, link, allowPrivate } = alerts;
  const poster = createMessagePoster({ allowPrivate });
  const tell: OpenChannels["tell"] = async (channel, notification, signal) => {
    if (channel.kind === "stdout") {
      write({
        line: alertLine(notification, link),
        message: webhookMessage(notification, link),
      });
      return { kind: "delivered", status: null };
    }
    return poster.post(messageFor(channel, notification, link, clock.nowMs()), signal);
  };
  return {
    channels,
    notificationsOf: createNotificationPlan(channels, clock),
    jobs: createNotifyJobs({ ledger, channels, tell, clock }),
    tell,
    close: () => poster.close(),
  };
}
