import { pino, type Logger } from "pino";
import type { RequestRecord } from "../../cascade/receipt.ts";
import type { RouterObserver } from "../../router/router.ts";
import type { Clock } from "../../support/clock.ts";
import { createRedaction } from "./redact-credentials.ts";

/** The gateway's own log, a line of JSON for each event. */
export interface GatewayLog extends RouterObserver {
  /** Something happened that is no trouble. */
  event(message: string, facts?: Readonly<Record<string, unknown>>): void;
  /** Trouble that concerns no single request. */
  trouble(error: unknown): void;
}

export interface GatewayLogOptions {
  readonly level: "silent" | "error" | "warn" | "info" | "debug";
  /** Of the configuration: they never stand in a line. */
  readonly secrets: readonly string[];
  /** Takes a line without its end. */
  readonly write: (line: string) => void;
  readonly clock: Clock;
}

export function createGatewayLog(options: GatewayLogOptions): GatewayLog {
  const log = openLogger(options);
  return {
    event: (message, facts = {}) => {
      log.info({ ...facts }, message);
    },
    trouble: (error) => {
      const message = error instanceof Error ? error.message : String(error);
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      log.error({ code }, message);
    },
    requestEnded: (record) => {
      if (record.status >= 500) log.warn(requestFacts(record), "request");
      else log.info(requestFacts(record), "request");
    },
  };
}

function openLogger({ level, secrets, write, clock }: GatewayLogOptions): Logger {
  const redact = createRedaction(secrets);
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date(clock.nowMs()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: redact },
    },
    {
      write: (line) => {
        write(line.trimEnd());
      },
    },
  );
}

/** What a line says of a request: ids, words and numbers, no text and no header. */
function requestFacts(record: RequestRecord): Readonly<Record<string, unknown>> {
  const costs = record.attempts.map(({ costNanoUsd }) => costNanoUsd);
  const isPriced = costs.every((cost) => cost !== null);
  const nanoUsd = costs.reduce<bigint>((sum, cost) => sum + (cost ?? 0n), 0n);
  return {
    id: record.id,
    status: record.status,
    route: record.route,
    mode: record.mode,
    decision: record.decision,
    reason: record.reason,
    confidence: record.confidence,
    threshold: record.threshold,
    tier: record.tier,
    model: record.model,
    isStreaming: record.isStreaming,
    firstByteMs: record.firstByteMs,
    latencyMs: record.latencyMs,
    attempts: record.attempts.length,
    costUsd: isPriced ? Number(nanoUsd) / 1e9 : null,
  };
}
