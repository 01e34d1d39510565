import { expect, test } from "vitest";
import { loadText } from "../config/sample-config.fixture.ts";
import { openGatewayLog } from "./open-gateway-log.ts";

const SECRETS = {
  apiKey: "key-of-a-provider",
  token: "token-of-the-gateway",
  metrics: "token-of-metrics",
  hook: "https://hooks.example/in/hook-path",
  signing: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  chat: "https://hooks.slack.example/services/T0/B0/chat-path",
  routing: "routing-key-of-the-pager",
} as const;

test("no line holds a key, a token, or what posts to a channel", () => {
  const loaded = loadText(`version: 1
server: { token: "${SECRETS.token}" }
providers: { eu: { apiKey: "${SECRETS.apiKey}" } }
telemetry: { metrics: { token: "${SECRETS.metrics}" } }
alerts:
  channels:
    - { name: hook, kind: webhook, url: "${SECRETS.hook}", secret: "${SECRETS.signing}" }
    - { name: chat, kind: slack, url: "${SECRETS.chat}" }
    - { name: pager, kind: pagerduty, routingKey: "${SECRETS.routing}" }
`);
  if (!loaded.ok) throw new Error("the file is broken");
  const lines: string[] = [];
  const log = openGatewayLog(loaded.value.config, (line) => lines.push(line));
  for (const secret of Object.values(SECRETS))
    log.trouble(new Error(`Trouble with ${secret} here`));
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject(
    lines.map(() => ({ msg: "Trouble with [redacted] here" })),
  );
});
