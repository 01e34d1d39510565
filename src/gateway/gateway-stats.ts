import type { GatewayContext } from "./gateway-context.ts";

export interface GatewayStats {
  /** Calls for upstream being served now. */
  readonly inFlight: number;
  /** Bytes of their bodies held in memory. */
  readonly inFlightBytes: number;
  /** Calls for upstream that were given a place since the start. */
  readonly accepted: number;
  /** Requests answered with an error of the gateway's own since the start. */
  readonly refused: number;
  readonly refusedByStatus: ReadonlyMap<number, number>;
}

export function gatewayStats({
  inFlight,
  counters,
}: Pick<GatewayContext, "inFlight" | "counters">): GatewayStats {
  let refused = 0;
  for (const count of counters.refused.values()) refused += count;
  return {
    inFlight: inFlight.requests,
    inFlightBytes: inFlight.bytes,
    accepted: counters.accepted,
    refused,
    refusedByStatus: new Map(counters.refused),
  };
}
