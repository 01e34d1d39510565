/** Bounds of what a gateway takes in; each ends in an error of its own, never in more memory. */
export interface GatewayLimits {
  /** Of one message call's body, on the wire and decoded. Default 32 MiB. Else 413. */
  readonly maxBodyBytes: number;
  /** Of all bodies held at one time, compressed and decoded. Default 512 MiB. Else 529. */
  readonly maxInFlightBytes: number;
  /** Requests served at one time. Default 1,024. Else 529. */
  readonly maxConcurrent: number;
  /** From the first byte of a request to the end of its headers. Default 20,000. Else 408. */
  readonly headersTimeoutMs: number;
  /** From the first byte of a request to the end of its body. Default 300,000. Else 408. */
  readonly requestTimeoutMs: number;
  /** Request line and headers together. Default 32 KiB. Else 431. */
  readonly maxHeaderBytes: number;
  /** How long a connection may idle between requests. Default 65,000. */
  readonly keepAliveTimeoutMs: number;
}

export const DEFAULT_GATEWAY_LIMITS: GatewayLimits = {
  maxBodyBytes: 32 * 1024 * 1024,
  maxInFlightBytes: 512 * 1024 * 1024,
  maxConcurrent: 1_024,
  headersTimeoutMs: 20_000,
  requestTimeoutMs: 300_000,
  maxHeaderBytes: 32 * 1024,
  keepAliveTimeoutMs: 65_000,
};
