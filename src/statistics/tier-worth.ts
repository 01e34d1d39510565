import { exactInterval } from "./exact-interval.ts";
import { requireArgument } from "./statistics-argument.ts";
import type { ShareInterval } from "./wilson-interval.ts";

/** Whether asking a tier first pays, decided with the exact interval of its ship rate. */
export interface TierWorth {
  /** `bypass`: surely not, send this class straight on. `not_known`: the interval holds both. */
  readonly decision: "keep" | "bypass" | "not_known";
  /** Observed share of what reaches the tier that it ships; null when nothing reached it. */
  readonly shipRate: number | null;
  /** Exact, each end failing with at most half of the failure probability. */
  readonly interval: ShareInterval;
  /** Ship rate from which the tier pays: its cost over that of the tier it spares. May exceed 1. */
  readonly breakEvenShipRate: number;
}

/**
 * A tier is paid for on every request that reaches it and spares the last one only where it ships, so
 * it pays when its ship rate exceeds the ratio of the two costs. For the first tier, per class of
 * requests; and for a middle tier, counting only what reaches it.
 *
 * Middle tiers must be compared at the *same* guarantee: their part of the allowed error and one more
 * wait come on top. Costs are means of the same requests; breaks when traffic or prices change.
 *
 * @param shipped rows the tier shipped
 * @param reached rows that reached it
 * @param cost mean cost of one call to the tier
 * @param deepCost mean cost of one call to the last tier, above 0, in the same unit
 * @param failureProbability of both ends of the interval together; where the threshold was chosen by
 *   these rows, divided by how many were tried
 */
export function tierWorth(
  shipped: number,
  reached: number,
  cost: number,
  deepCost: number,
  failureProbability = 0.05,
): TierWorth {
  requireArgument(cost >= 0 && deepCost > 0, "costs of 0 and above, deepCost above 0", {
    cost,
    deepCost,
  });
  const interval = exactInterval(shipped, reached, failureProbability);
  const breakEvenShipRate = cost / deepCost;
  const shipRate = reached === 0 ? null : shipped / reached;
  return { decision: decide(interval, breakEvenShipRate), shipRate, interval, breakEvenShipRate };
}

function decide({ low, high }: ShareInterval, breakEven: number): TierWorth["decision"] {
  if (low > breakEven) return "keep";
  return high < breakEven ? "bypass" : "not_known";
}
