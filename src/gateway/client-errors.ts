import { STATUS_CODES } from "node:http";
import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { errorEnvelope } from "../messages/error-envelope.ts";
import type { GatewayContext } from "./gateway-context.ts";
import type { OwnError } from "./own-answer.ts";
import { invalidRequestError } from "./own-errors.ts";

/** The latest response of each connection. */
export type UnfinishedResponses = WeakMap<Duplex, ServerResponse>;

/**
 * Answers what Node's parser gave up on (bad HTTP, too long headers, too slow senders) in our
 * envelope, and closes the connection. Where an answer is half sent, only the latter.
 */
export function createClientErrorListener(
  context: GatewayContext,
  unfinished: UnfinishedResponses,
): (error: Error, socket: Duplex) => void {
  return (error, socket) => {
    const response = unfinished.get(socket);
    const isMidAnswer = response?.headersSent === true && !response.writableFinished;
    if (!socket.writable || isMidAnswer || isConnectionLost(error)) {
      socket.destroy();
      return;
    }
    const own = ownError(error, context.limits.maxHeaderBytes);
    const { refused } = context.counters;
    refused.set(own.status, (refused.get(own.status) ?? 0) + 1);
    socket.end(rawResponse(own, context.requestIds()), () => socket.destroy());
  };
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}

function isConnectionLost(error: Error): boolean {
  return codeOf(error) === "ECONNRESET" || codeOf(error) === "EPIPE";
}

function ownError(error: Error, maxHeaderBytes: number): OwnError {
  switch (codeOf(error)) {
    case "HPE_HEADER_OVERFLOW":
      return {
        status: 431,
        type: "invalid_request_error",
        message: `Headers exceed the maximum size of ${String(maxHeaderBytes)} bytes`,
      };
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return {
        status: 408,
        type: "timeout_error",
        message: "The request did not arrive in time",
      };
    default:
      return invalidRequestError("The request is not valid HTTP/1.1");
  }
}

function rawResponse({ status, type, message }: OwnError, requestId: string): string {
  const body = errorEnvelope({ type, message }, requestId);
  return [
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ""}`,
    "content-type: application/json",
    `content-length: ${String(Buffer.byteLength(body))}`,
    `x-leadsman-id: ${requestId}`,
    "connection: close",
    "",
    body,
  ].join("\r\n");
}
