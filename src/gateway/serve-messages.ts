import { decodeBody } from "../messages/content-decoding.ts";
import { parseMessageRequest } from "../messages/parse-message-request.ts";
import { copyRequestHeaders } from "./copy-headers.ts";
import { leaveAfter, refuseExchange } from "./gateway-context.ts";
import type { Exchange, GatewayContext } from "./gateway-context.ts";
import { invalidRequestError, overloadedError, tooLargeError } from "./own-errors.ts";
import { isDeclaredTooLarge, readBody } from "./read-body.ts";
import type { BodyOutcome } from "./read-body.ts";

/** Which of the router's two message calls a path asks for. */
export type MessageCall = "messages" | "count_tokens";

/** Reads, decodes and parses a message call, then hands it to the router. */
export function serveMessages(
  context: GatewayContext,
  exchange: Exchange,
  call: MessageCall,
): void {
  const { request, response, sink, slot } = exchange;
  const { maxBodyBytes } = context.limits;
  if (isDeclaredTooLarge(request, maxBodyBytes)) {
    refuseExchange(context, exchange, tooLargeError(maxBodyBytes));
    return;
  }
  if (request.headers.expect !== undefined) response.writeContinue();
  readBody(request, maxBodyBytes, sink, slot, (outcome) => {
    onBody(context, exchange, call, outcome);
  });
}

function onBody(
  context: GatewayContext,
  exchange: Exchange,
  call: MessageCall,
  outcome: BodyOutcome,
): void {
  switch (outcome.kind) {
    case "complete":
      onWireBytes(context, exchange, call, outcome.bytes);
      return;
    case "too_large":
      refuseExchange(context, exchange, tooLargeError(context.limits.maxBodyBytes));
      return;
    case "no_room":
      refuseExchange(context, exchange, noRoomError());
      return;
    case "client_left":
      exchange.slot.leave();
      return;
  }
}

function onWireBytes(
  context: GatewayContext,
  exchange: Exchange,
  call: MessageCall,
  wireBytes: Uint8Array,
): void {
  const arrivedMonotonicMs = context.clock.monotonicMs();
  const encoding = exchange.request.headers["content-encoding"];
  const arrival: Arrival = { call, wireBytes, arrivedMonotonicMs };
  // The common case stays free of promises up to the router.
  if (encoding === undefined || encoding === "identity") {
    callRouter(context, exchange, arrival, wireBytes);
    return;
  }
  decodeBody(wireBytes, encoding, context.limits.maxBodyBytes).then(
    (decoded) => {
      if (decoded.ok) {
        if (exchange.slot.reserve(decoded.value.byteLength)) {
          callRouter(context, exchange, arrival, decoded.value);
        } else refuseExchange(context, exchange, noRoomError());
        return;
      }
      const { code, message } = decoded.problem;
      if (code === "too_large") {
        refuseExchange(context, exchange, tooLargeError(context.limits.maxBodyBytes));
      } else {
        const status = code === "unsupported_encoding" ? 415 : 400;
        refuseExchange(context, exchange, { ...invalidRequestError(message), status });
      }
    },
    () => {
      refuseExchange(context, exchange, invalidRequestError("The body could not be decoded"));
    },
  );
}

interface Arrival {
  readonly call: MessageCall;
  readonly wireBytes: Uint8Array;
  readonly arrivedMonotonicMs: number;
}

function callRouter(
  context: GatewayContext,
  exchange: Exchange,
  arrival: Arrival,
  bytes: Uint8Array,
): void {
  const { request, sink, slot, id, path } = exchange;
  if (sink.isOver) {
    slot.leave();
    return;
  }
  const { call, wireBytes, arrivedMonotonicMs } = arrival;
  const parsed = parseMessageRequest(bytes, { isMaxTokensRequired: call === "messages" });
  if (!parsed.ok) {
    refuseExchange(context, exchange, invalidRequestError(parsed.problem.message));
    return;
  }
  const clientRequest = {
    id,
    path,
    headers: copyRequestHeaders(request.headers, context.token),
    wireBytes,
    parsed: parsed.value,
    arrivedMonotonicMs,
  };
  const { router } = context;
  leaveAfter(
    context,
    exchange,
    call === "messages"
      ? router.handleMessages(clientRequest, sink)
      : router.handleCountTokens(clientRequest, sink),
  );
}

function noRoomError(): ReturnType<typeof overloadedError> {
  return overloadedError("The gateway holds as many request bytes as it may");
}
