import type { NanoUsd } from "../../cascade/receipt.ts";

/**
 * Requests of a replay that one tier answers together, later and at a lower price. Written before
 * they are sent, so that answers that were paid for are never lost from sight.
 */
export interface ReplayBatch {
  readonly id: string;
  readonly route: string;
  readonly dataset: string;
  readonly tier: number;
  /** The provider's name in the configuration. */
  readonly provider: string;
  /** Null while it is not known whether upstream has received it. */
  readonly upstreamId: string | null;
  readonly state: ReplayBatchState;
  /** Whose answers are awaited; empty once nothing is. */
  readonly itemIds: readonly string[];
  /** The most that it may cost; null = unpriced. */
  readonly highNanoUsd: NanoUsd | null;
  /** Probability with which its rows were drawn, 0–1. */
  readonly propensity: number;
  readonly createdAtMs: number;
}

export type ReplayBatchState =
  /** Its answers are still to come, or to be booked. */
  | "open"
  | "booked"
  /** Upstream has never received it: nothing was paid. */
  | "not_received"
  /** Upstream holds its answers no longer. */
  | "gone"
  /** The operator gave it up. */
  | "dropped";
