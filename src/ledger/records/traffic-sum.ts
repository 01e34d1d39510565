import type { NanoUsd } from "../../cascade/receipt.ts";

/** A sum over requests of one combination of the grouping words. */
export interface TrafficSum {
  readonly route: string | null;
  readonly task: string | null;
  readonly mode: string | null;
  readonly decision: string;
  readonly reason: string | null;
  readonly requests: number;
  /** Requests with an attempt whose price is not known; their known part is in the sums. */
  readonly unpricedRequests: number;
  readonly estimatedRequests: number;
  readonly costNanoUsd: NanoUsd;
  /** Of the cost, what calls took that nobody waited for: shadows, candidates, judges. */
  readonly backgroundCostNanoUsd: NanoUsd;
  /** Over requests with a known all-deep cost only; `allDeepRequests` counts them. */
  readonly allDeepNanoUsd: NanoUsd;
  readonly allDeepRequests: number;
  /** Cost of the requests that `allDeepNanoUsd` is about: compare like with like. */
  readonly comparableCostNanoUsd: NanoUsd;
  readonly measuredAllDeepRequests: number;
  readonly latencyMsSum: number;
}

/** The sum of one hour. */
export interface TotalsRow extends TrafficSum {
  /** Start of the UTC hour. */
  readonly hourMs: number;
}

/** Cost of background calls of requests since a time, for the daily cap. */
export interface BackgroundSpend {
  readonly costNanoUsd: NanoUsd;
  readonly unpricedAttempts: number;
}
