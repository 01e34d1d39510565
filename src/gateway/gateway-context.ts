import type { IncomingMessage, ServerResponse } from "node:http";
import type { Ledger } from "../ledger/ledger.ts";
import type { Router } from "../router/router.ts";
import type { Clock } from "../support/clock.ts";
import type { IdSource } from "../support/ids.ts";
import type { JsonObject } from "../support/json.ts";
import type { ApiState } from "./api/api-state.ts";
import type { GatewaySink } from "./client-sink.ts";
import type { InFlight, Slot } from "./in-flight.ts";
import type { GatewayLimits } from "./limits.ts";
import { sendError } from "./own-answer.ts";
import type { OwnError } from "./own-answer.ts";
import { FAILED_ERROR } from "./own-errors.ts";
import type { MetricsSource } from "./serve-metrics.ts";

/** What every part of a running gateway may need. */
export interface GatewayContext {
  readonly limits: GatewayLimits;
  readonly token: string | null;
  readonly router: Router;
  readonly ledger: Ledger | null;
  readonly clock: Clock;
  readonly requestIds: IdSource;
  readonly virtualModels: () => readonly string[];
  /** What is wrong with a name that no configured route has; null for one that is configured. */
  readonly unknownRoute: (name: string) => string | null;
  readonly statusSource: (() => JsonObject) | null;
  /** Null when there are no metrics. */
  readonly metrics: MetricsSource | null;
  readonly inFlight: InFlight;
  readonly counters: GatewayCounters;
  readonly api: ApiState;
  /** Told what should not have happened, so that somebody hears of it. */
  readonly onError: (error: unknown) => void;
  readonly startedMonotonicMs: number;
}

/** The only state of a gateway besides what is in flight. */
export interface GatewayCounters {
  /** Requests that were given a place. */
  accepted: number;
  /** Answers of the gateway's own with an error, by status. */
  readonly refused: Map<number, number>;
  isDraining: boolean;
}

/** One request that was given a place. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly sink: GatewaySink;
  readonly slot: Slot;
  /** Ours; the router's record goes by the same. */
  readonly id: string;
  /** Path and query for upstream. */
  readonly path: string;
}

/** Answers with an error of our own and counts it. */
export function refuse(
  context: GatewayContext,
  request: IncomingMessage,
  response: ServerResponse,
  error: OwnError,
  requestId: string = context.requestIds(),
): void {
  const { refused } = context.counters;
  refused.set(error.status, (refused.get(error.status) ?? 0) + 1);
  sendError(request, response, requestId, error);
}

/** Refuses a request that already has a place, and gives the place back. */
export function refuseExchange(context: GatewayContext, exchange: Exchange, error: OwnError): void {
  exchange.slot.leave();
  if (exchange.sink.isOver) return;
  refuse(context, exchange.request, exchange.response, error, exchange.id);
}

/**
 * Frees the place when the router is done and its answer has left the process; whatever the router
 * left open is broken off, not left hanging. A router that fails against its promise has a client
 * that must be told.
 */
export function leaveAfter(
  context: GatewayContext,
  exchange: Exchange,
  handled: Promise<void>,
): void {
  const finish = (): void => {
    const { request, sink, slot } = exchange;
    sink.destroy();
    sink.onClosed(() => {
      slot.leave();
    });
    // An answer may come before the end of the body, of which the connection must then be rid.
    if (!request.complete) request.resume();
  };
  handled.then(finish, (error: unknown) => {
    exchange.sink.cut(FAILED_ERROR);
    finish();
    context.onError(error);
  });
}
