/** Header names in lower case, as Node gives them. Repeated headers are an array. */
export type HttpHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Limits in milliseconds for one call; each ends the call with its own failure code. */
export interface UpstreamTimeouts {
  /** Until the connection stands. Default 5,000. */
  readonly connectMs: number;
  /** From the request on the wire to the response head. Default 600,000. */
  readonly firstByteMs: number;
  /** Between two chunks of the body. Default 600,000. */
  readonly idleMs: number;
  /** From `send` to the last byte. Default 1,800,000. */
  readonly totalMs: number;
}

/**
 * First byte and idle are equal on purpose: the HTTP client then keeps one timer per connection.
 * With different values it makes two for every call, whose remains showed as a quarter of the CPU.
 */
export const DEFAULT_TIMEOUTS: UpstreamTimeouts = {
  connectMs: 5_000,
  firstByteMs: 600_000,
  idleMs: 600_000,
  totalMs: 1_800_000,
};

export interface UpstreamRequest {
  readonly method: string;
  /** Path with query, for example `/v1/messages?beta=true`. The host is the provider's own. */
  readonly path: string;
  /** Without hop-by-hop headers, `host` and `content-length`; the provider adds its own. */
  readonly headers: HttpHeaders;
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | null;
  readonly timeouts: UpstreamTimeouts;
}

export interface UpstreamHead {
  readonly status: number;
  readonly headers: HttpHeaders;
}

export const UPSTREAM_FAILURES = [
  "connect_failed",
  "connect_timeout",
  "first_byte_timeout",
  "idle_timeout",
  "total_timeout",
  "connection_lost",
] as const;

/** A call that ended without a complete response. A response of any status is not a failure. */
export interface UpstreamFailure {
  readonly code: (typeof UPSTREAM_FAILURES)[number];
  /** A sentence without secrets: what was tried, how long, what was seen. */
  readonly message: string;
  /** True when no byte of a response had arrived and the connection itself was the trouble. */
  readonly isSafeToRetry: boolean;
}

/**
 * Where a response goes. The order is `onHead`, any number of `onChunk`, then exactly one of `onEnd`
 * and `onFailure` (which may also come first). Never called synchronously from within `send`, and
 * never again after `abort`.
 */
export interface UpstreamSink {
  onHead(head: UpstreamHead): void;
  /** The chunk belongs to the sink from now on. */
  onChunk(chunk: Uint8Array): void;
  onEnd(): void;
  onFailure(failure: UpstreamFailure): void;
}

/** A call under way. All methods may be called at any time and any number of times. */
export interface UpstreamCall {
  /** Closes the connection now. The sink hears nothing more. */
  abort(): void;
  /** Stops reading, so that a slow client slows the upstream. */
  pause(): void;
  resume(): void;
}

/** Something that answers HTTP requests of the Messages API: a vendor, or a simulation of one. */
export interface Provider {
  readonly name: string;
  /** True for everything that is not a real model; shown wherever a person could be misled. */
  readonly isSimulated: boolean;
  send(request: UpstreamRequest, sink: UpstreamSink): UpstreamCall;
  /** Lets calls end, then frees sockets. */
  close(): Promise<void>;
}
