/** What a request target asks for. `path` is the target for upstream, query included. */
export type PathMatch =
  | { readonly kind: "messages"; readonly path: string }
  | { readonly kind: "count_tokens"; readonly path: string }
  | { readonly kind: "models"; readonly path: string }
  /** Any other path of the Messages API's host. */
  | { readonly kind: "forwarded"; readonly path: string }
  | { readonly kind: "root" }
  | { readonly kind: "healthz" }
  | { readonly kind: "readyz" }
  | { readonly kind: "metrics" }
  | { readonly kind: "api_health" }
  | { readonly kind: "receipt"; readonly requestId: string }
  /** Anything else below `/_leadsman/api/v1/`; whether it is there is known further on. */
  | { readonly kind: "api"; readonly resource: string; readonly query: string }
  /** Could mean one path to us and another to upstream; must not be forwarded. */
  | { readonly kind: "ambiguous" }
  | { readonly kind: "unknown" };

const API_PREFIX = "/_leadsman/api/v1/";
const RECEIPT_PREFIX = `${API_PREFIX}receipts/`;

/**
 * Reads a request target. A base URL that ends in `/v1`, or lacks it, is a common slip of clients:
 * `/v1/v1/…` and `/messages…` therefore mean `/v1/…` and `/v1/messages…`.
 *
 * @param target path and query as they stand in the request line
 */
export function matchPath(target: string): PathMatch {
  const queryStart = target.indexOf("?");
  const path = queryStart === -1 ? target : target.slice(0, queryStart);
  if (isAmbiguous(path)) return { kind: "ambiguous" };
  const query = queryStart === -1 ? "" : target.slice(queryStart);
  const upstreamPath = toUpstreamPath(path);
  return upstreamPath === null ? matchOwnPath(path, query) : matchUpstreamPath(upstreamPath, query);
}

function toUpstreamPath(path: string): string | null {
  if (path.startsWith("/v1/")) return path.startsWith("/v1/v1/") ? path.slice(3) : path;
  if (path === "/messages" || path.startsWith("/messages/")) return `/v1${path}`;
  return null;
}

function matchUpstreamPath(path: string, query: string): PathMatch {
  switch (path) {
    case "/v1/messages":
      return { kind: "messages", path: path + query };
    case "/v1/messages/count_tokens":
      return { kind: "count_tokens", path: path + query };
    case "/v1/models":
      return { kind: "models", path: path + query };
    default:
      return { kind: "forwarded", path: path + query };
  }
}

function matchOwnPath(path: string, query: string): PathMatch {
  switch (path) {
    case "/":
      return { kind: "root" };
    case "/healthz":
      return { kind: "healthz" };
    case "/readyz":
      return { kind: "readyz" };
    case "/metrics":
      return { kind: "metrics" };
    case `${API_PREFIX}health`:
      return { kind: "api_health" };
    default:
      return path.startsWith(API_PREFIX) ? matchApi(path, query) : { kind: "unknown" };
  }
}

function matchApi(path: string, query: string): PathMatch {
  if (path.startsWith(RECEIPT_PREFIX)) {
    const requestId = path.slice(RECEIPT_PREFIX.length);
    return /^[\w-]{1,128}$/.test(requestId) ? { kind: "receipt", requestId } : { kind: "unknown" };
  }
  const resource = path.slice(API_PREFIX.length);
  return /^[\w-]+(?:\/[\w-]{1,128})?$/.test(resource)
    ? { kind: "api", resource, query }
    : { kind: "unknown" };
}

/** Whatever is neither a plain path nor could be an innocent escape. The common case is one test. */
function isAmbiguous(path: string): boolean {
  if (/^(?:\/[\w~:@!$&'()*+,;=-][\w.~:@!$&'()*+,;=-]*)+\/?$/.test(path) || path === "/")
    return false;
  return !path.startsWith("/") || hasAmbiguousPart(path);
}

/**
 * Empty and dot segments, backslashes, fragments, and escapes of what needs none (letters, digits,
 * `-._~`) or of what separates (`/`, `\`, control characters): readers disagree on all of them.
 */
function hasAmbiguousPart(path: string): boolean {
  if (/\/\/|\\|#|\/\.{1,2}(?:\/|$)/.test(path)) return true;
  for (const [, hexDigits] of path.matchAll(/%(.{0,2})/g)) {
    if (hexDigits === undefined || !/^[\da-f]{2}$/i.test(hexDigits)) return true;
    const character = String.fromCharCode(Number.parseInt(hexDigits, 16));
    if (character <= "\u001f" || character === "\u007f" || /[\w.~/\\-]/.test(character))
      return true;
  }
  return false;
}
