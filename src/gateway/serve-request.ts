import type { IncomingMessage, ServerResponse } from "node:http";
import { serveHealth, serveLiveness, serveReadiness } from "./api/health.ts";
import { serveReceipt } from "./api/receipts.ts";
import { serveApi } from "./api/serve-api.ts";
import { checkHost, checkOrigin } from "./authorise.ts";
import type { Denial, TokenCheck } from "./authorise.ts";
import { baseUrlAdvice } from "./base-url-advice.ts";
import { ResponseSink } from "./client-sink.ts";
import { refuse } from "./gateway-context.ts";
import type { Exchange, GatewayContext } from "./gateway-context.ts";
import { matchPath } from "./match-path.ts";
import type { PathMatch } from "./match-path.ts";
import { sendJson } from "./own-answer.ts";
import {
  DRAINING_ERROR,
  invalidRequestError,
  notFoundError,
  overloadedError,
  wrongMethodError,
} from "./own-errors.ts";
import { serveForwarded, serveModels } from "./serve-forwarded.ts";
import { serveMessages } from "./serve-messages.ts";
import { serveMetrics } from "./serve-metrics.ts";

/** Who may call. */
export interface CallerRules {
  readonly knownHosts: ReadonlySet<string>;
  readonly checkToken: TokenCheck;
  /** Whoever may call may read the metrics; so may who has a token for them alone. */
  readonly checkMetricsToken: TokenCheck;
}

/** Takes one request from its head to whoever answers it. */
export function serveRequest(
  context: GatewayContext,
  rules: CallerRules,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { headers, socket } = request;
  const match = matchPath(request.url ?? "");
  const denial =
    checkHost(headers.host, rules.knownHosts, socket.localAddress, socket.localPort) ??
    checkOrigin(headers) ??
    checkSecret(rules, match, headers);
  if (denial !== null) {
    refuse(context, request, response, denial);
    return;
  }
  switch (match.kind) {
    case "messages":
    case "count_tokens":
    case "models":
    case "forwarded":
      serveUpstreamCall(context, match, request, response);
      return;
    case "ambiguous": {
      const message = `The path is not a plain one${baseUrlAdvice(request)}`;
      refuse(context, request, response, invalidRequestError(message));
      return;
    }
    default:
      serveOwnPath(context, match, request, response);
  }
}

function checkSecret(
  rules: CallerRules,
  match: PathMatch,
  headers: IncomingMessage["headers"],
): Denial | null {
  if (isPublic(match)) return null;
  return (match.kind === "metrics" ? rules.checkMetricsToken : rules.checkToken)(headers);
}

type UpstreamMatch = Extract<PathMatch, { readonly path: string }>;
type OwnMatch = Exclude<PathMatch, UpstreamMatch | { readonly kind: "ambiguous" }>;

/** What probes ask without a token; tells nothing but that a gateway is here. */
function isPublic({ kind }: PathMatch): boolean {
  return kind === "root" || kind === "healthz" || kind === "readyz";
}

function serveUpstreamCall(
  context: GatewayContext,
  { kind, path }: UpstreamMatch,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (context.counters.isDraining) {
    response.shouldKeepAlive = false;
    refuse(context, request, response, DRAINING_ERROR);
    return;
  }
  const id = context.requestIds();
  const sink = new ResponseSink(request, response, id);
  const slot = context.inFlight.enter(sink);
  if (slot === null) {
    refuse(context, request, response, overloadedError("The gateway serves as many as it may"), id);
    return;
  }
  context.counters.accepted += 1;
  const exchange: Exchange = { request, response, sink, slot, id, path };
  if (request.method === "POST" && (kind === "messages" || kind === "count_tokens")) {
    serveMessages(context, exchange, kind);
  } else if (request.method === "GET" && kind === "models") serveModels(context, exchange);
  else serveForwarded(context, exchange);
}

function serveOwnPath(
  context: GatewayContext,
  match: OwnMatch,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (match.kind === "unknown") {
    const message = `There is nothing at this path${baseUrlAdvice(request)}`;
    refuse(context, request, response, notFoundError(message));
    return;
  }
  if (match.kind === "api") {
    serveApi(context, match, request, response);
    return;
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    refuse(context, request, response, wrongMethodError("GET, HEAD"));
    return;
  }
  switch (match.kind) {
    case "root":
      sendJson(request, response, 200, JSON.stringify({ service: "leadsman" }));
      return;
    case "healthz":
      serveLiveness(request, response);
      return;
    case "readyz":
      serveReadiness(context, request, response);
      return;
    case "metrics":
      serveMetrics(context, request, response);
      return;
    case "api_health":
      serveHealth(context, request, response);
      return;
    case "receipt":
      serveReceipt(context, request, response, match.requestId);
      return;
  }
}
