import type { IncomingMessage, ServerResponse } from "node:http";
import type { GatewayContext } from "../gateway-context.ts";
import { sendJson } from "../own-answer.ts";

/** Answers `/healthz`: the process is up and serves. */
export function serveLiveness(request: IncomingMessage, response: ServerResponse): void {
  sendJson(request, response, 200, JSON.stringify({ status: "ok" }));
}

/** Answers `/readyz`: 200 when new requests are welcome, else 503 with the reasons. */
export function serveReadiness(
  context: GatewayContext,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const reasons = reasonsNotReady(context);
  const status = reasons.length === 0 ? "ready" : "not_ready";
  const body = JSON.stringify({ status, reasons });
  sendJson(request, response, reasons.length === 0 ? 200 : 503, body);
}

/**
 * Answers `GET /_leadsman/api/v1/health` with what the gateway and its ledger say of themselves,
 * and what else the process wants to show under `process`.
 */
export function serveHealth(
  context: GatewayContext,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { inFlight, counters, ledger, router, clock, statusSource } = context;
  const reasons = reasonsNotReady(context);
  const body = {
    status: reasons.length === 0 ? "ready" : "not_ready",
    reasons,
    uptimeMs: Math.floor(clock.monotonicMs() - context.startedMonotonicMs),
    requests: {
      inFlight: inFlight.requests,
      inFlightBytes: inFlight.bytes,
      accepted: counters.accepted,
      refusedByStatus: Object.fromEntries(counters.refused),
    },
    backgroundCalls: router.backgroundCalls(),
    ledger: ledger?.health() ?? null,
    process: statusSource?.() ?? null,
  };
  sendJson(request, response, 200, JSON.stringify(body));
}

function reasonsNotReady({ counters, ledger }: GatewayContext): string[] {
  const reasons: string[] = [];
  if (counters.isDraining) reasons.push("draining");
  if (ledger?.health().isWritable === false) reasons.push("ledger_not_writable");
  return reasons;
}
