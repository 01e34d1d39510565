import { isIP } from "node:net";
import { Agent, request } from "undici";
import { ADDRESS_REFUSED, createCheckedLookup, type ResolveHost } from "./checked-lookup.ts";
import type { OutgoingMessage } from "./message-for.ts";
import { isPublicAddress } from "./public-address.ts";

/** How a try to send ended. */
export type PostOutcome =
  /** `status` is null where no HTTP was spoken. */
  | { readonly kind: "delivered"; readonly status: number | null }
  | {
      readonly kind: "failed";
      /** A word for tables: `status_503`, `timeout`, `network`, `address_refused`, … */
      readonly reason: string;
      readonly mayRetry: boolean;
      /** What the receiver asks for, in milliseconds; null = it does not say. */
      readonly retryAfterMs: number | null;
      /** For who sets a channel up: an excerpt of the answer, or of the error. */
      readonly detail: string | null;
    };

/** Posts messages to receivers. */
export interface MessagePoster {
  /** Never rejects. */
  post(message: OutgoingMessage, signal: AbortSignal): Promise<PostOutcome>;
  close(): Promise<void>;
}

export interface MessagePosterOptions {
  /** Addresses that are not public are allowed. */
  readonly allowPrivate: boolean;
  /** From connecting to the end of the answer. Default 15,000. */
  readonly timeoutMs?: number;
  /** Resolves host names. Default the system's. */
  readonly resolve?: ResolveHost;
}

const TIMEOUT_MS = 15_000;
/** Of an answer; the rest is not read. */
const MAX_ANSWER_BYTES = 4_096;
const MAX_DETAIL = 200;

/**
 * Posts over HTTP/1.1 with one connection a message. A host name is resolved once, when it is
 * connected: the addresses that were checked are those that are used, so a name that changes its
 * mind in between (DNS rebinding) leads nowhere. Redirects are not followed.
 */
export function createMessagePoster(options: MessagePosterOptions): MessagePoster {
  const { allowPrivate, timeoutMs = TIMEOUT_MS } = options;
  const isAllowed = (address: string): boolean => allowPrivate || isPublicAddress(address);
  const agent = new Agent({
    connect: {
      timeout: timeoutMs,
      lookup: createCheckedLookup(isAllowed, options.resolve),
    },
    allowH2: false,
    pipelining: 0,
  });
  return {
    async post({ url, headers, body }, signal) {
      // Nothing is looked up for an address, so the connection would not ask.
      const host = new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");
      if (isIP(host) !== 0 && !isAllowed(host)) return refused(host);
      const timeout = AbortSignal.timeout(timeoutMs);
      try {
        const response = await request(url, {
          ...{ method: "POST", headers, body, dispatcher: agent },
          signal: AbortSignal.any([signal, timeout]),
        });
        return outcomeOf(response.statusCode, response.headers, await readStart(response.body));
      } catch (error) {
        if (signal.aborted) return failed("interrupted", true, null);
        if (timeout.aborted) return failed("timeout", true, null);
        return outcomeOfError(error);
      }
    },
    close: () => agent.destroy(),
  };
}

async function readStart(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop closes the connection.
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString("utf8");
}

function outcomeOf(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  answer: string,
): PostOutcome {
  if (status >= 200 && status < 300) return { kind: "delivered", status };
  const mayRetry = status >= 500 || status === 429 || status === 408;
  const seconds = Number(headers["retry-after"] ?? NaN);
  const retryAfterMs = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
  const reason = status >= 300 && status < 400 ? "redirect" : `status_${status}`;
  return { ...failed(reason, mayRetry, answer), retryAfterMs };
}

function outcomeOfError(error: unknown): PostOutcome {
  const causes = error instanceof AggregateError ? error.errors : [error];
  const first: unknown = causes[0];
  const code = first instanceof Error && "code" in first ? first.code : null;
  const message = first instanceof Error ? first.message : String(first);
  if (code === ADDRESS_REFUSED) return failed("address_refused", false, message);
  return failed("network", true, message);
}

function refused(host: string): PostOutcome {
  return failed("address_refused", false, `${host} is not public`);
}

function failed(
  reason: string,
  mayRetry: boolean,
  detail: string | null,
): Extract<PostOutcome, { kind: "failed" }> {
  const short = detail === null || detail === "" ? null : detail.slice(0, MAX_DETAIL);
  return { kind: "failed", reason, mayRetry, retryAfterMs: null, detail: short };
}
