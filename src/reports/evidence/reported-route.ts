import type { PromiseTarget } from "./promised-rate.ts";
import type { Promised } from "./promise-state.ts";

/** A route as it is configured and in force. */
export interface ReportedRoute {
  readonly name: string;
  readonly mode: string;
  /** In the order of tiers; null for the last one. */
  readonly thresholds: readonly (number | null)[];
  readonly models: readonly string[];
  /** Models that are tried as a middle tier; absent = none. */
  readonly candidates?: readonly string[];
  readonly target: PromiseTarget;
  readonly promised: Promised;
}
