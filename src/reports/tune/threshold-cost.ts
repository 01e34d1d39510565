import type { EvidenceCount, TriageCount } from "../../ledger/records/evidence.ts";
import { cascadeCost } from "../../statistics/cascade-cost.ts";

/** Mean cost of a request at a threshold, in nano-dollars; an estimate from means. */
export interface ThresholdCost {
  readonly perRequestNanoUsd: number;
  /** Of sending everything to the last tier. */
  readonly allDeepNanoUsd: number;
  /** 1 minus the ratio of the two; below 0 the cascade costs more. */
  readonly savedShare: number;
}

/** Mean costs of one call to each of the two tiers, in nano-dollars. */
export interface CallCosts {
  readonly cheapNanoUsd: number;
  readonly deepNanoUsd: number;
}

/**
 * Mean costs of a call: the cheap one from all priced triages, else from the evidence; the deep one
 * from evidence that covers all confidences, since answers that escalate are harder than the rest.
 *
 * @param triages of the tier and the stratum
 * @param evidence of the tier and the stratum
 * @returns null when one of the two has no price, or the deep one is free
 */
export function callCostsOf(
  triages: readonly TriageCount[],
  evidence: readonly EvidenceCount[],
): CallCosts | null {
  const whole = evidence.filter(
    ({ key }) => key.decision !== "shipped" && key.decision !== "escalated",
  );
  const pricedItems = sumOf(whole, ({ pricedItems: items }) => items);
  if (pricedItems === 0) return null;
  const deepNanoUsd = sumOf(whole, ({ deepCostNanoUsd }) => Number(deepCostNanoUsd)) / pricedItems;
  const pricedTriages = sumOf(triages, (count) => count.pricedTriages);
  const cheapNanoUsd =
    pricedTriages > 0
      ? sumOf(triages, ({ costNanoUsd }) => Number(costNanoUsd)) / pricedTriages
      : sumOf(whole, ({ cheapCostNanoUsd }) => Number(cheapCostNanoUsd)) / pricedItems;
  return deepNanoUsd > 0 ? { cheapNanoUsd, deepNanoUsd } : null;
}

/** What a request costs when this share of the answers ships. */
export function thresholdCost(
  costs: CallCosts | null,
  shareShipped: number | null,
): ThresholdCost | null {
  if (costs === null || shareShipped === null) return null;
  const tier = { cost: costs.cheapNanoUsd, shipRate: shareShipped };
  const { perRequest, allDeepPerRequest, savedShare } = cascadeCost([tier], costs.deepNanoUsd);
  return { perRequestNanoUsd: perRequest, allDeepNanoUsd: allDeepPerRequest, savedShare };
}

function sumOf<Item>(items: readonly Item[], amount: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + amount(item), 0);
}
