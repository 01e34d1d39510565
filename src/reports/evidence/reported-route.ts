import type { Promised } from "./wrong-share.ts";

/** A route as it is configured and in force. */
export interface ReportedRoute {
  readonly name: string;
  readonly mode: string;
  /** In the order of tiers; null for the last one. */
  readonly thresholds: readonly (number | null)[];
  readonly models: readonly string[];
  /** What the promise is about; see `GuaranteeConfig` of the configuration. */
  readonly target: "joint" | "selective" | "relative";
  readonly promised: Promised;
}
