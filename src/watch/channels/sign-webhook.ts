import { createHmac } from "node:crypto";

const SECRET_PREFIX = "whsec_";

/** Headers of a webhook, as Standard Webhooks 1 names them. */
export interface WebhookHeaders {
  readonly "webhook-id": string;
  /** Seconds since the Unix epoch. */
  readonly "webhook-timestamp": string;
  readonly "webhook-signature"?: string;
}

/**
 * Signs `id.timestamp.body` with HMAC-SHA256, as Standard Webhooks 1 says
 * (https://www.standardwebhooks.com). The time is that of the try: receivers refuse old ones.
 *
 * @param secret `whsec_` and base64; null leaves the signature out
 */
export function signWebhook(
  id: string,
  body: string,
  secret: string | null,
  nowMs: number,
): WebhookHeaders {
  const timestamp = String(Math.floor(nowMs / 1_000));
  const headers = { "webhook-id": id, "webhook-timestamp": timestamp };
  if (secret === null) return headers;
  const key = Buffer.from(secret.replace(SECRET_PREFIX, ""), "base64");
  const digest = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { ...headers, "webhook-signature": `v1,${digest}` };
}
