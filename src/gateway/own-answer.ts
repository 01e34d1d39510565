import type { IncomingMessage, ServerResponse } from "node:http";
import { errorEnvelope } from "../messages/error-envelope.ts";

/** How long a refused client may still talk before the connection is closed under it. */
const LINGER_MS = 2_000;

/** Unread bodies up to this size are not worth a new connection. */
const SMALL_BODY_BYTES = 64 * 1024;

/** An error of the gateway's own making. */
export interface OwnError {
  readonly status: number;
  /** As the Messages API names it, for example `not_found_error`. */
  readonly type: string;
  readonly message: string;
  /** Besides those that every answer of ours has. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends JSON that the gateway itself has made. */
export function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  json: string,
  headers?: Readonly<Record<string, string>>,
): void {
  sendText(request, response, status, json, { "content-type": "application/json", ...headers });
}

/** Sends a text of the gateway's own; `headers` say of which type. */
export function sendText(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>>,
): void {
  if (response.headersSent || response.destroyed) return;
  const body = Buffer.from(text);
  const head = {
    "content-length": String(body.byteLength),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...headers,
  };
  if (isSmallOrRead(request)) response.writeHead(status, head).end(body);
  else sendAndLinger(request, response, status, head, body);
  // Whoever began to read the body may have stopped; the connection moves on only when it is drained.
  request.resume();
}

/** Sends an error of the gateway's own in the envelope that clients of the Messages API know. */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  error: OwnError,
): void {
  const { status, headers, type, message } = error;
  const envelope = errorEnvelope({ type, message }, requestId);
  sendJson(request, response, status, envelope, { "x-leadsman-id": requestId, ...headers });
}

/** What is left of such a body is soon dropped, and the connection can go on. */
function isSmallOrRead(request: IncomingMessage): boolean {
  if (request.complete) return true;
  const { "transfer-encoding": coding, "content-length": length } = request.headers;
  return coding === undefined && Number(length ?? 0) <= SMALL_BODY_BYTES;
}

/**
 * Closing while the client still sends would reset the connection, and the client might lose the
 * answer. So the whole answer goes out at once, but its end waits until the body was drained.
 */
function sendAndLinger(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  head: Readonly<Record<string, string>>,
  body: Buffer,
): void {
  response.writeHead(status, { ...head, connection: "close" });
  response.write(body);
  // Who waits for "100 Continue" sends nothing after this answer.
  if (request.headers.expect !== undefined) {
    response.end();
    return;
  }
  const finish = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(finish, LINGER_MS);
  request.once("end", finish).once("close", finish);
}
