import type { ChannelConfig } from "../config/alerts-config.ts";
import type { LeadsmanConfig } from "../config/config.ts";
import { systemClock } from "../support/clock.ts";
import { createGatewayLog, type GatewayLog } from "../telemetry/logs/create-gateway-log.ts";

export type { GatewayLog } from "../telemetry/logs/create-gateway-log.ts";

/** The JSON log that the configuration asks for. */
export function openGatewayLog(
  { server, providers, telemetry, alerts }: LeadsmanConfig,
  write: (line: string) => void,
): GatewayLog {
  const keys = Object.values(providers).flatMap((provider) =>
    provider.kind === "anthropic" && provider.auth.kind === "api_key" ? [provider.auth.apiKey] : [],
  );
  const tokens = [server.token, telemetry.metrics.token].filter((token) => token !== null);
  return createGatewayLog({
    level: telemetry.logs.level,
    secrets: [...keys, ...tokens, ...alerts.channels.flatMap(secretsOf)],
    write,
    clock: systemClock,
  });
}

/** Whoever knows the address of an incoming webhook may post there; PagerDuty's is the same for all. */
function secretsOf(channel: ChannelConfig): readonly string[] {
  switch (channel.kind) {
    case "webhook":
      return channel.secret === null ? [channel.url] : [channel.url, channel.secret];
    case "slack":
      return [channel.url];
    case "pagerduty":
      return [channel.routingKey];
    case "stdout":
      return [];
  }
}
