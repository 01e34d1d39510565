import { requireArgument, requireShare } from "./statistics-argument.ts";

/** A tier before the last one. */
export interface TierCost {
  /** Mean cost of one call. */
  readonly cost: number;
  /** Share of what reaches the tier that it ships, 0–1. */
  readonly shipRate: number;
}

/** Mean cost per request, in the unit of the costs given. */
export interface CascadeCost {
  readonly perRequest: number;
  /** Of sending everything to the last tier. */
  readonly allDeepPerRequest: number;
  /** 1 - the ratio of the two; below 0 the cascade costs more. */
  readonly savedShare: number;
}

/**
 * What a cascade costs per request: each tier is paid by all that reach it. Plain arithmetic on means;
 * whether a saving is certain is `tierWorth`'s question.
 *
 * @param tiers in order, without the last
 * @param deepCost mean cost of one call to the last tier, above 0
 */
export function cascadeCost(tiers: readonly TierCost[], deepCost: number): CascadeCost {
  requireArgument(deepCost > 0, "deepCost above 0", { deepCost });
  let reaching = 1;
  let perRequest = 0;
  for (const { cost, shipRate } of tiers) {
    requireShare("shipRate", shipRate);
    perRequest += reaching * cost;
    reaching *= 1 - shipRate;
  }
  perRequest += reaching * deepCost;
  return { perRequest, allDeepPerRequest: deepCost, savedShare: 1 - perRequest / deepCost };
}
