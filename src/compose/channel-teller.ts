import type { AlertsConfig } from "../config/alerts-config.ts";
import type { Clock } from "../support/clock.ts";
import { alertLine } from "../watch/channels/alert-line.ts";
import type { Channel } from "../watch/channels/channel.ts";
import { messageFor } from "../watch/channels/message-for.ts";
import type { Notification } from "../watch/channels/notification.ts";
import { createMessagePoster, type PostOutcome } from "../watch/channels/post-message.ts";
import { webhookMessage, type WebhookMessage } from "../watch/channels/webhook-message.ts";

/** An alert for the log of this process. */
export interface ToldAlert {
  readonly line: string;
  /** The same as data: what a webhook gets. */
  readonly message: WebhookMessage;
}

/** Tells channels, past any outbox. */
export interface ChannelTeller {
  /** Tells one channel once. Never rejects. */
  tell(channel: Channel, notification: Notification, signal: AbortSignal): Promise<PostOutcome>;
  close(): Promise<void>;
}

/** @param write writes to the log of this process, for channels of kind `stdout` */
export function createChannelTeller(
  { link, allowPrivate }: Pick<AlertsConfig, "link" | "allowPrivate">,
  clock: Clock,
  write: (alert: ToldAlert) => void,
): ChannelTeller {
  const poster = createMessagePoster({ allowPrivate });
  return {
    tell: async (channel, notification, signal) => {
      if (channel.kind !== "stdout") {
        return poster.post(messageFor(channel, notification, link, clock.nowMs()), signal);
      }
      const message = webhookMessage(notification, link);
      write({ line: alertLine(notification, link), message });
      return { kind: "delivered", status: null };
    },
    close: () => poster.close(),
  };
}
