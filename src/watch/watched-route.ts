import type { MovePolicy } from "./control-threshold.ts";
import type { WatchedObjective } from "./objective-watch.ts";
import type { WatchedPromise } from "./allowed-error.ts";

/** A configured route, as far as it is watched. */
export interface WatchedRoute {
  readonly name: string;
  /** Configured thresholds of the tiers that may ship, from the first on. */
  readonly thresholds: readonly number[];
  readonly promise: WatchedPromise;
  /** Of the route's verdict protocol: errors under one prompt say nothing of another's. */
  readonly promptHash: string;
  /** Null: storms are not asked for. */
  readonly storm: WatchedStorm | null;
  readonly raise: MovePolicy;
  readonly lower: MovePolicy;
  readonly objective: WatchedObjective;
  /** Shares, 0–1. */
  readonly sampling: {
    readonly shadow: number;
    readonly grade: number;
    readonly band: number;
  };
}

export interface WatchedStorm {
  /** Escalation rate that is still fine. */
  readonly rate: number;
  /** `bypass`: while a storm lasts, most requests of its class go straight to the last tier. */
  readonly policy: "alert" | "bypass";
}
