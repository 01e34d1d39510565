import { pagerdutyMessage } from "./pagerduty-message.ts";
import type { Channel, ChannelTarget } from "./channel.ts";
import type { Notification } from "./notification.ts";
import { signWebhook } from "./sign-webhook.ts";
import { slackMessage } from "./slack-message.ts";
import { webhookMessage } from "./webhook-message.ts";

/** An HTTP POST, ready to be sent. */
export interface OutgoingMessage {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A channel that is reached over HTTP. */
export type HttpChannel = Channel & Exclude<ChannelTarget, { readonly kind: "stdout" }>;

/**
 * What a channel is sent. The same notification gives the same body each time; only the time and
 * the signature of a webhook are those of the try.
 */
export function messageFor(
  channel: HttpChannel,
  notification: Notification,
  gatewayUrl: string | null,
  nowMs: number,
): OutgoingMessage {
  const { url } = channel;
  const headers = { "content-type": "application/json", "user-agent": "leadsman" };
  switch (channel.kind) {
    case "webhook": {
      const body = JSON.stringify(webhookMessage(notification, gatewayUrl));
      const signed = signWebhook(notification.id, body, channel.secret, nowMs);
      return { url, body, headers: { ...headers, ...signed } };
    }
    case "slack":
      return { url, headers, body: JSON.stringify(slackMessage(notification, gatewayUrl)) };
    case "pagerduty": {
      const event = pagerdutyMessage(notification, channel.routingKey, gatewayUrl);
      return { url, headers, body: JSON.stringify(event) };
    }
  }
}
