import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Ledger } from "../ledger/ledger.ts";
import type { Router } from "../router/router.ts";
import type { Clock } from "../support/clock.ts";
import type { IdSource } from "../support/ids.ts";
import type { JsonObject } from "../support/json.ts";
import { LeadsmanError } from "../support/leadsman-error.ts";
import { createApiState } from "./api/api-state.ts";
import { createTokenCheck, isLoopbackHost, knownHosts, withPort } from "./authorise.ts";
import type { TokenCheck } from "./authorise.ts";
import { createClientErrorListener } from "./client-errors.ts";
import type { UnfinishedResponses } from "./client-errors.ts";
import { drainGateway } from "./drain-gateway.ts";
import type { DrainCounts } from "./drain-gateway.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { gatewayStats } from "./gateway-stats.ts";
import type { GatewayStats } from "./gateway-stats.ts";
import { createInFlight } from "./in-flight.ts";
import type { GatewayLimits } from "./limits.ts";
import { serveRequest } from "./serve-request.ts";
import type { CallerRules } from "./serve-request.ts";
import type { MetricsSource } from "./serve-metrics.ts";

export type { GatewayStats } from "./gateway-stats.ts";

export interface GatewayOptions {
  /** Address or name to listen on. Off loopback a token is required. */
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** What callers must show; null = nobody must. One or more visible ASCII characters. */
  readonly token: string | null;
  /** Further `Host` values, with or without a port, for example of a proxy in front. */
  readonly allowedHosts: readonly string[];
  readonly limits: GatewayLimits;
  readonly router: Router;
  /** Null when nothing is recorded; there are no receipts then. */
  readonly ledger: Ledger | null;
  readonly clock: Clock;
  readonly requestIds: IdSource;
  /** Names of our virtual models; the model list shows those that begin with `claude-leadsman-`. */
  readonly virtualModels: () => readonly string[];
  /**
   * What is wrong with a name that no configured route has, for whoever asked about it; null for one
   * that is configured. Default: none is doubted.
   */
  readonly unknownRoute?: (name: string) => string | null;
  /**
   * True when a provider has a key of its own: a client then has none to send, so the token may
   * also come as `authorization: Bearer` or `x-api-key`.
   */
  readonly requiresTokenAsApiKey: boolean;
  /** Shown by the health API under `process`. */
  readonly statusSource?: () => JsonObject;
  /** Asked by `/metrics`; without it there is nothing at that path. */
  readonly metrics?: MetricsSource;
  /** Told of a request that failed against all promises. Default: nobody. */
  readonly onError?: (error: unknown) => void;
  /** Opens `/metrics` alone; null = only `token` does, and where there is none, nothing is asked. */
  readonly metricsToken?: string | null;
}

/** A gateway that listens. */
export interface Gateway {
  /** Where it can be reached from this machine, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  stats(): GatewayStats;
  /** Takes no more, and lets what is in flight end until the signal is aborted; then cuts it. */
  drain(signal: AbortSignal): Promise<DrainCounts>;
  /** Closes at once, breaking whatever is in flight. */
  close(): Promise<void>;
}

/**
 * Starts to serve clients.
 *
 * @throws {LeadsmanError} `token_required`, `token_invalid`, or `listen_failed`
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const host = options.host.replace(/^\[(.*)\]$/, "$1");
  refuseUnsafe(host, options.token);
  const context = createContext(options);
  const server = createHttpServer(options.limits);
  const port = await listen(server, host, options.port);
  const rules: CallerRules = {
    knownHosts: knownHosts(host, port, options.allowedHosts),
    checkToken: createTokenCheck(options.token, options.requiresTokenAsApiKey),
    checkMetricsToken: metricsTokenCheck(options),
  };
  // Node calls no listener before this turn is over, so no request can come too early.
  serve(server, context, rules);
  return {
    url: `http://${withPort(reachableHost(host), port)}`,
    port,
    stats: () => gatewayStats(context),
    drain: (signal) => drainGateway(server, context, signal),
    close: () => closeNow(server),
  };
}

function refuseUnsafe(host: string, token: string | null): void {
  if (token === null && !isLoopbackHost(host)) {
    throw new LeadsmanError(
      "token_required",
      `Listening off loopback needs a token, so that strangers cannot spend on it: host is ${host}` +
        " and there is no token.",
    );
  }
  if (token !== null && !/^[\u0021-\u007e]+$/.test(token)) {
    throw new LeadsmanError(
      "token_invalid",
      "The gateway's token must be one or more visible ASCII characters without spaces, and it " +
        (token === "" ? "is empty." : "has others."),
    );
  }
}

/** Scrapers know bearer tokens, so either token may come as one. */
function metricsTokenCheck({ token, metricsToken = null }: GatewayOptions): TokenCheck {
  const forMetrics = createTokenCheck(metricsToken, true);
  if (token === null || metricsToken === null) {
    return token === null ? forMetrics : createTokenCheck(token, true);
  }
  const forAll = createTokenCheck(token, true);
  return (headers) => (forMetrics(headers) === null ? null : forAll(headers));
}

function createContext(options: GatewayOptions): GatewayContext {
  const { limits, token, router, ledger, clock, requestIds, virtualModels } = options;
  return {
    limits,
    token,
    router,
    ledger,
    clock,
    requestIds,
    virtualModels,
    unknownRoute: options.unknownRoute ?? (() => null),
    statusSource: options.statusSource ?? null,
    metrics: options.metrics ?? null,
    inFlight: createInFlight(limits.maxConcurrent, limits.maxInFlightBytes),
    counters: { accepted: 0, refused: new Map(), isDraining: false },
    api: createApiState(),
    onError: options.onError ?? (() => undefined),
    startedMonotonicMs: clock.monotonicMs(),
  };
}

function createHttpServer(limits: GatewayLimits): Server {
  const { headersTimeoutMs, requestTimeoutMs } = limits;
  return createServer({
    // Small frames of a stream must not wait for the acknowledgement of the one before.
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
    insecureHTTPParser: false,
    requireHostHeader: true,
    maxHeaderSize: limits.maxHeaderBytes,
    // Node wants the whole to take no less than its part.
    headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs),
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // How often Node looks for slow senders, and so how late it may notice one.
    connectionsCheckingInterval: Math.max(50, Math.min(5_000, headersTimeoutMs / 4)),
  });
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (cause: Error): void => {
      const place = withPort(host, port);
      const message = `Listening on ${place} was wanted, but failed: ${cause.message}`;
      reject(new LeadsmanError("listen_failed", message, { cause }));
    };
    server.once("error", onError);
    server.listen({ host, port }, () => {
      server.off("error", onError);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function serve(server: Server, context: GatewayContext, rules: CallerRules): void {
  const unfinished: UnfinishedResponses = new WeakMap();
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    unfinished.set(request.socket, response);
    serveRequest(context, rules, request, response);
  };
  server.on("request", onRequest);
  // Whether the client may go on with a body is decided after its headers were judged.
  server.on("checkContinue", onRequest);
  server.on("clientError", createClientErrorListener(context, unfinished));
}

function reachableHost(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}

function closeNow(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
