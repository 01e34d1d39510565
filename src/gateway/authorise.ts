import { hash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { isIPv4 } from "node:net";

/** Why a request is turned away before anything of it is read. Becomes an error envelope. */
export interface Denial {
  readonly status: 401 | 403 | 421;
  readonly type: "authentication_error" | "permission_error" | "invalid_request_error";
  readonly message: string;
}

/** True for hosts that only this machine can reach. Unsure means false. */
export function isLoopbackHost(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

/**
 * The `Host` values, in lower case, that name this gateway. Anything else may be a name that was
 * made to point here (DNS rebinding).
 *
 * @param host what the gateway listens on
 * @param allowedHosts names as clients see them: with a port only that port counts; without one,
 * ours and none at all (a proxy in front on 80 or 443) do
 */
export function knownHosts(
  host: string,
  port: number,
  allowedHosts: readonly string[],
): ReadonlySet<string> {
  const known = new Set<string>();
  const add = (name: string): void => {
    known.add(withPort(name, port));
    // Browsers leave out the port of plain HTTP.
    if (port === 80) known.add(bracketed(name));
  };
  for (const name of ["localhost", "127.0.0.1", "::1", host.toLowerCase()]) add(name);
  for (const allowed of allowedHosts) {
    const entry = allowed.toLowerCase();
    if (/^(?:[^:]+|\[.*\]):\d+$/.test(entry)) known.add(entry);
    else known.add(bracketed(entry)).add(withPort(entry, port));
  }
  return known;
}

/** An address and port as they stand in a `Host` header. */
export function withPort(host: string, port: number): string {
  return `${bracketed(host)}:${String(port)}`;
}

/**
 * A request that came to `localAddress` under exactly that address was not rebound: no name was
 * involved. Health checks of orchestrators come this way.
 */
export function checkHost(
  hostHeader: string | undefined,
  known: ReadonlySet<string>,
  localAddress: string | undefined,
  localPort: number | undefined,
): Denial | null {
  if (hostHeader !== undefined) {
    if (known.has(hostHeader) || known.has(hostHeader.toLowerCase())) return null;
    if (localAddress !== undefined && localPort !== undefined) {
      // A socket that speaks both IP versions shows IPv4 addresses in mapped form.
      const address = localAddress.replace(/^::ffff:(?=\d+\.)/, "");
      if (hostHeader === withPort(address, localPort)) return null;
    }
  }
  return {
    status: 421,
    type: "invalid_request_error",
    message:
      "The Host header must name this gateway (an allowed host and its port)" +
      (hostHeader === undefined ? ", but there is none." : `, but it is ${quoted(hostHeader)}.`),
  };
}

/** Pages of other origins must not use a gateway that their visitor can reach. */
export function checkOrigin(headers: IncomingHttpHeaders): Denial | null {
  const origin = headers.origin;
  if (origin === undefined) return null;
  const host = headers.host?.toLowerCase() ?? "";
  const lowerOrigin = origin.toLowerCase();
  if (lowerOrigin === `http://${host}` || lowerOrigin === `https://${host}`) return null;
  return {
    status: 403,
    type: "permission_error",
    message: `Requests from pages of another origin are not served; Origin is ${quoted(origin)}.`,
  };
}

/** Says whether the headers carry the gateway's token. */
export type TokenCheck = (headers: IncomingHttpHeaders) => Denial | null;

/**
 * @param token null = none is asked for
 * @param isAlsoApiKey whether the token may come where an API key would: `authorization: Bearer` or
 * `x-api-key`
 */
export function createTokenCheck(token: string | null, isAlsoApiKey: boolean): TokenCheck {
  if (token === null) return () => null;
  const digest = digestOf(token);
  // Digests are of equal length, so neither the content nor the length of the token shows in time.
  const isToken = (candidate: string | undefined): boolean =>
    candidate !== undefined && timingSafeEqual(digestOf(candidate), digest);
  const denial: Denial = {
    status: 401,
    type: "authentication_error",
    message: isAlsoApiKey
      ? "The gateway's token must come as x-leadsman-token, x-api-key or a bearer token."
      : "The gateway's token must come in the header x-leadsman-token.",
  };
  return (headers) => {
    if (isToken(singleValue(headers["x-leadsman-token"]))) return null;
    if (!isAlsoApiKey) return denial;
    const isKnown =
      isToken(singleValue(headers["x-api-key"])) || isToken(bearerToken(headers.authorization));
    return isKnown ? null : denial;
  };
}

/** What follows `Bearer` in an `authorization` header, or undefined. */
export function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  return /^bearer +(\S+) *$/i.exec(authorization)?.[1];
}

function digestOf(text: string): Buffer {
  return hash("sha256", text, "buffer");
}

function singleValue(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function bracketed(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

/** Header values are a stranger's text: cut, and safe to print. */
function quoted(value: string): string {
  return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value);
}
