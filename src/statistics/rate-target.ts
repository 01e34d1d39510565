import { requireOpenShare, requireShare } from "./statistics-argument.ts";

/** A rate to keep and how sure one wants to be of it. */
export interface RateTarget {
  /** Allowed rate, 0–1; of what, the rule says. */
  readonly atMost: number;
  /** Allowed probability that what is certified breaks it, between 0 and 1. */
  readonly failureProbability: number;
}

/** Throws `statistics_argument` for a target that cannot be. */
export function requireRateTarget({ atMost, failureProbability }: RateTarget): void {
  requireShare("atMost", atMost);
  requireOpenShare("failureProbability", failureProbability);
}
