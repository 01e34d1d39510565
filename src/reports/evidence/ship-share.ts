import type { EvidenceCount, TriageCount } from "../../ledger/records/evidence.ts";
import { observedShare, type ObservedShare } from "../observed-share.ts";

/** Mean costs of one call in dollars, over items with both costs known. */
export interface MeanCosts {
  readonly items: number;
  readonly cheapUsd: number;
  readonly deepUsd: number;
}

/** Share of triages that a threshold ships, of all triages of the traffic. */
export function shipShareAt(triages: readonly TriageCount[], threshold: number): ObservedShare {
  let all = 0;
  let shipped = 0;
  for (const row of triages) {
    all += row.triages;
    const { failureCode, confidence } = row;
    if (confidence === null || confidence < threshold) continue;
    // A triage that was closed for its low confidence alone had nothing else against it.
    if (failureCode === null || failureCode === "low_confidence") shipped += row.triages;
  }
  return observedShare(shipped, all);
}

/**
 * What stands for the traffic: all triages of it or, of a data set, whose items nobody triaged here,
 * the items themselves.
 */
export function triagesOrItems(
  triages: readonly TriageCount[],
  counts: readonly EvidenceCount[],
): readonly TriageCount[] {
  if (triages.length > 0) return triages;
  return counts
    .filter(({ key }) => key.source === "import")
    .map(({ key, items, pricedItems, cheapCostNanoUsd }) => ({
      dayMs: key.dayMs,
      route: key.route,
      task: key.task,
      tier: key.tier,
      role: "shadow_triage",
      model: key.cheapModel ?? "",
      promptHash: key.promptHash,
      confidence: key.confidence,
      failureCode: key.cheapMissing,
      triages: items,
      pricedTriages: pricedItems,
      costNanoUsd: cheapCostNanoUsd,
    }));
}

/** @returns null when no item has both costs */
export function meanCosts(counts: readonly EvidenceCount[]): MeanCosts | null {
  let items = 0;
  let cheapNanoUsd = 0n;
  let deepNanoUsd = 0n;
  for (const count of counts) {
    items += count.pricedItems;
    cheapNanoUsd += count.cheapCostNanoUsd;
    deepNanoUsd += count.deepCostNanoUsd;
  }
  if (items === 0) return null;
  return { items, cheapUsd: dollars(cheapNanoUsd) / items, deepUsd: dollars(deepNanoUsd) / items };
}

/**
 * Share of the all-deep cost that is saved when this share ships and every request pays a triage.
 * A projection: it takes shipped and escalated requests to cost alike on the deep model.
 */
export function wouldSave(shipShare: number | null, costs: MeanCosts | null): number | null {
  if (shipShare === null || costs === null || costs.deepUsd === 0) return null;
  return shipShare - costs.cheapUsd / costs.deepUsd;
}

export function dollars(nanoUsd: bigint): number {
  return Number(nanoUsd) / 1e9;
}
