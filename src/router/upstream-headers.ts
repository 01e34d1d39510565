import type { HttpHeaders } from "../providers/provider.ts";

/** Prefix of the headers that speak to us and must not travel on. */
const OWN_PREFIX = "x-leadsman-";

/** Set anew by the provider's connection, or by us below. */
const NEVER_FORWARDED = new Set(["host", "content-length", "accept-encoding", "expect"]);

/**
 * The client's headers as they go upstream: everything but ours, with the answer asked for
 * uncompressed, so that tokens can be counted while it passes through.
 *
 * @param isReencoded the body is not the client's bytes, so its `content-encoding` no longer holds
 */
export function upstreamHeaders(headers: HttpHeaders, isReencoded: boolean): HttpHeaders {
  const forwarded: Record<string, string | readonly string[] | undefined> = {
    "accept-encoding": "identity",
  };
  for (const name in headers) {
    if (NEVER_FORWARDED.has(name) || name.startsWith(OWN_PREFIX)) continue;
    if (isReencoded && name === "content-encoding") continue;
    if (headers[name] !== undefined) forwarded[name] = headers[name];
  }
  return forwarded;
}

/**
 * Headers of a triage: as above, without the client's `idempotency-key`, which is meant for the
 * one call whose answer the client expects.
 *
 * @param isClientsProvider the call goes where the client's own would; no other provider may see
 *   the client's credential
 */
export function triageHeaders(headers: HttpHeaders, isClientsProvider: boolean): HttpHeaders {
  const forwarded: Record<string, string | readonly string[] | undefined> = {
    ...upstreamHeaders(headers, true),
    "content-type": "application/json",
  };
  delete forwarded["idempotency-key"];
  if (isClientsProvider) return forwarded;
  const plain = Object.entries(forwarded).filter(([name]) => !MAY_BE_CREDENTIAL.test(name));
  return Object.fromEntries(plain);
}

/** Beside the API's own two: cookies, and whatever else proxies of other vendors take. */
const MAY_BE_CREDENTIAL = /authorization|cookie|key|token|secret/;

/** Belong to one connection, or describe a body that we may have changed. */
const NEVER_RETURNED = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-length",
  "proxy-authenticate",
  "trailer",
  "upgrade",
]);

/** The one header of ours that upstream may set: that its answers are simulated is to be seen. */
const SIMULATED_HEADER = "x-leadsman-simulated";

/**
 * Upstream's headers as the client gets them: verbatim, with ours added. Another gateway like this
 * one may be upstream; what it decided must not be read as decided here.
 */
export function clientHeaders(
  upstream: HttpHeaders,
  own: Readonly<Record<string, string>>,
): HttpHeaders {
  const headers: Record<string, string | readonly string[] | undefined> = {};
  const hops = namedByConnection(upstream["connection"]);
  for (const name in upstream) {
    if (NEVER_RETURNED.has(name) || hops?.includes(name) === true) continue;
    if (name.startsWith(OWN_PREFIX) && name !== SIMULATED_HEADER) continue;
    headers[name] = upstream[name];
  }
  return Object.assign(headers, own);
}

/** Null in the common cases, where `connection` names no other header. */
function namedByConnection(connection: HttpHeaders[string]): readonly string[] | null {
  if (connection === undefined || connection === "keep-alive" || connection === "close") {
    return null;
  }
  const list = typeof connection === "string" ? connection : connection.join(",");
  return list.split(",").map((name) => name.trim().toLowerCase());
}
