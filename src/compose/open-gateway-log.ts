import type { LeadsmanConfig } from "../config/config.ts";
import { systemClock } from "../support/clock.ts";
import { createGatewayLog, type GatewayLog } from "../telemetry/logs/create-gateway-log.ts";

export type { GatewayLog } from "../telemetry/logs/create-gateway-log.ts";

/** The JSON log that the configuration asks for. */
export function openGatewayLog(
  { server, providers, telemetry }: LeadsmanConfig,
  write: (line: string) => void,
): GatewayLog {
  const keys = Object.values(providers).flatMap((provider) =>
    provider.kind === "anthropic" && provider.auth.kind === "api_key" ? [provider.auth.apiKey] : [],
  );
  const tokens = [server.token, telemetry.metrics.token].filter((token) => token !== null);
  return createGatewayLog({
    level: telemetry.logs.level,
    secrets: [...keys, ...tokens],
    write,
    clock: systemClock,
  });
}
