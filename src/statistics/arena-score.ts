import { requireArgument, requireShare } from "./statistics-argument.ts";

/** Dollars per thousand requests between which the score tells costs apart. */
const DEAREST_USD = 200;
const CHEAPEST_USD = 0.0044;

/** Weight of cheapness against accuracy. */
const BETA = 0.1;

/**
 * RouterArena's score of accuracy and cost, 0–1: a weighted harmonic mean of the accuracy and of how
 * cheap the router is on a logarithmic scale from 200 to 0.0044 dollars per thousand requests. Costs
 * beyond the ends count as the ends.
 *
 * Y. Lu et al., "RouterArena: An Open Platform for Comprehensive Comparison of LLM Routers", 2025
 * (arXiv 2510.00202).
 *
 * @param usdPerThousand cost of a thousand requests, above 0
 * @param accuracy 0–1
 */
export function arenaScore(usdPerThousand: number, accuracy: number): number {
  requireArgument(usdPerThousand > 0, "usdPerThousand above 0", { usdPerThousand });
  requireShare("accuracy", accuracy);
  const cost = Math.min(DEAREST_USD, Math.max(CHEAPEST_USD, usdPerThousand));
  const cheapness = Math.log(DEAREST_USD / cost) / Math.log(DEAREST_USD / CHEAPEST_USD);
  if (accuracy === 0 || cheapness === 0) return 0;
  return ((1 + BETA) * accuracy * cheapness) / (BETA * accuracy + cheapness);
}
