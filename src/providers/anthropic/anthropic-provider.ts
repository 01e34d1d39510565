import { Pool, buildConnector } from "undici";

import { LeadsmanError } from "../../support/leadsman-error.ts";
import { DEFAULT_TIMEOUTS } from "../provider.ts";
import type { HttpHeaders, Provider, UpstreamRequest } from "../provider.ts";
import { PooledCall } from "./pooled-call.ts";

/** Whose credential goes upstream. */
export type UpstreamAuth =
  /** The client's own: its `authorization` and `x-api-key` headers are forwarded as they came. */
  | { readonly kind: "passthrough" }
  /** Ours: sent as `x-api-key`; the client's `authorization` and `x-api-key` are dropped. */
  | { readonly kind: "api_key"; readonly apiKey: string };

export interface AnthropicProviderOptions {
  readonly name: string;
  /** `http://` or `https://`; a path is put before every request's own path. */
  readonly baseUrl: string;
  readonly auth: UpstreamAuth;
  /** Most connections open at once; further calls wait for a free one. Default 256. */
  readonly connections?: number;
}

const DEFAULT_CONNECTIONS = 256;

/** How long an unused connection is kept, unless the server hints otherwise. */
const KEEP_ALIVE_MS = 60_000;

/**
 * Any server that speaks the Messages API over HTTP/1.1. Bytes pass through as they are: no
 * redirect is followed, nothing is decoded, no request is repeated.
 *
 * @throws LeadsmanError `base_url_invalid`
 */
export function createAnthropicProvider(options: AnthropicProviderOptions): Provider {
  const { origin, pathPrefix } = readBaseUrl(options.baseUrl);
  const openConnection = createConnectionOpener();
  const pool = new Pool(origin, {
    connections: options.connections ?? DEFAULT_CONNECTIONS,
    pipelining: 1,
    // HTTP/2 would put all calls on one connection, where one slow reader can hold up the rest.
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: openConnection.connect,
  });
  const upstream = `${options.name} (${origin})`;
  let closing: Promise<void> | null = null;
  return {
    name: options.name,
    isSimulated: false,
    send: (request, sink) => {
      openConnection.connectMs = request.timeouts.connectMs;
      const call = new PooledCall(upstream, request, sink);
      call.begin(pool, pathPrefix + request.path, requestHeaders(request, options.auth));
      return call;
    },
    close: () => (closing ??= pool.close()),
  };
}

function readBaseUrl(baseUrl: string): { origin: string; pathPrefix: string } {
  const url = URL.parse(baseUrl);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new LeadsmanError(
      "base_url_invalid",
      "The base URL of a provider must begin with http:// or https:// and name a host.",
    );
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new LeadsmanError(
      "base_url_invalid",
      `The base URL of a provider must be a host and a path, but the one for ${url.host} also ` +
        "has a user, a query or a fragment.",
    );
  }
  return { origin: url.origin, pathPrefix: url.pathname.replace(/\/+$/, "") };
}

interface ConnectionOpener {
  /** The limit for connections opened from now on: that of the latest call. */
  connectMs: number;
  readonly connect: buildConnector.connector;
}

/**
 * The pool knows one limit for all connections, a call brings its own. Without the limit of the
 * call, attempts that nobody waits for any more would keep their places in the pool.
 */
function createConnectionOpener(): ConnectionOpener {
  const connectorByMs = new Map<number, buildConnector.connector>();
  const opener: ConnectionOpener = {
    connectMs: DEFAULT_TIMEOUTS.connectMs,
    connect: (target, done) => {
      let connector = connectorByMs.get(opener.connectMs);
      if (connector === undefined) {
        connector = buildConnector({ timeout: opener.connectMs, allowH2: false });
        connectorByMs.set(opener.connectMs, connector);
      }
      connector(target, done);
    },
  };
  return opener;
}

/** Names and values by turns, the form that costs undici the least. */
function requestHeaders(request: UpstreamRequest, auth: UpstreamAuth): string[] {
  const flat: string[] = [];
  const headers: HttpHeaders = request.headers;
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined) continue;
    if (auth.kind === "api_key" && (name === "authorization" || name === "x-api-key")) continue;
    if (typeof value === "string") flat.push(name, value);
    else for (const one of value) flat.push(name, one);
  }
  if (auth.kind === "api_key") flat.push("x-api-key", auth.apiKey);
  return flat;
}
