import type { IncomingHttpHeaders } from "node:http";
import type { HttpHeaders } from "../providers/provider.ts";
import { bearerToken } from "./authorise.ts";

/** Headers that describe one connection (RFC 9110 §7.6.1) and must not pass a gateway. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Besides those: what our own connection has settled, and our token. */
const DROPPED_FROM_REQUESTS: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  "content-length",
  "expect",
  "host",
  "x-leadsman-token",
]);

/**
 * The client's headers as the router may see them. Where the gateway's token came as an API key, it
 * is left out: it must never reach an upstream.
 */
export function copyRequestHeaders(
  headers: IncomingHttpHeaders,
  token: string | null,
): HttpHeaders {
  const named = namedByConnection(headers.connection);
  const copy: Record<string, string | readonly string[]> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || DROPPED_FROM_REQUESTS.has(name)) continue;
    if (named?.has(name) === true) continue;
    copy[name] = value;
  }
  if (token !== null) dropToken(copy, headers, token);
  return copy;
}

/** An upstream's or the router's headers as the client may see them, for `writeHead`. */
export function copyResponseHeaders(headers: HttpHeaders): Record<string, string | string[]> {
  const named = namedByConnection(headers["connection"]);
  const copy: Record<string, string | string[]> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || HOP_BY_HOP.has(name) || named?.has(name) === true) continue;
    copy[name] = typeof value === "string" ? value : [...value];
  }
  return copy;
}

/** Plain comparison is enough: who gets here has shown the token already. */
function dropToken(
  copy: Record<string, string | readonly string[]>,
  headers: IncomingHttpHeaders,
  token: string,
): void {
  if (headers["x-api-key"] === token) delete copy["x-api-key"];
  if (bearerToken(headers.authorization) === token) delete copy["authorization"];
}

/** Null in the common cases, where `connection` names no other header. */
function namedByConnection(
  connection: string | readonly string[] | undefined,
): ReadonlySet<string> | null {
  if (connection === undefined || connection === "keep-alive" || connection === "close")
    return null;
  const list = typeof connection === "string" ? connection : connection.join(",");
  return new Set(list.split(",").map((name) => name.trim().toLowerCase()));
}
