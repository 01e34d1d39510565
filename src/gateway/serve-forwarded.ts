import type { IncomingMessage } from "node:http";
import type { HttpHeaders } from "../providers/provider.ts";
import type { ForwardedRequest } from "../router/router.ts";
import { copyRequestHeaders } from "./copy-headers.ts";
import { leaveAfter } from "./gateway-context.ts";
import type { Exchange, GatewayContext } from "./gateway-context.ts";
import { createModelListSink } from "./model-list-sink.ts";

/** Hands any other call to the router, its body as it comes in. */
export function serveForwarded(context: GatewayContext, exchange: Exchange): void {
  const { request, sink } = exchange;
  const headers = copyRequestHeaders(request.headers, context.token);
  const forwarded = forwardedRequest(context, exchange, headers);
  leaveAfter(context, exchange, context.router.handleForwarded(forwarded, sink));
}

/** As any other call, but our virtual models are added to the answer. */
export function serveModels(context: GatewayContext, exchange: Exchange): void {
  const sink = createModelListSink(exchange.sink, context.virtualModels());
  const headers = {
    ...copyRequestHeaders(exchange.request.headers, context.token),
    "accept-encoding": "identity",
  };
  const forwarded = forwardedRequest(context, exchange, headers);
  leaveAfter(context, exchange, context.router.handleForwarded(forwarded, sink));
}

function forwardedRequest(
  context: GatewayContext,
  { request, response, id, path }: Exchange,
  headers: HttpHeaders,
): ForwardedRequest {
  if (request.headers.expect !== undefined) response.writeContinue();
  return {
    id,
    method: request.method ?? "GET",
    path,
    headers,
    body: hasBody(request) ? bodyOf(request) : null,
    arrivedMonotonicMs: context.clock.monotonicMs(),
  };
}

function hasBody(request: IncomingMessage): boolean {
  const { "transfer-encoding": coding, "content-length": length } = request.headers;
  return coding !== undefined || Number(length ?? 0) > 0;
}

/** Who stops reading early still owes the client an answer, so that must not close the socket. */
function bodyOf(request: IncomingMessage): AsyncIterable<Uint8Array> {
  return request.iterator({ destroyOnReturn: false });
}
