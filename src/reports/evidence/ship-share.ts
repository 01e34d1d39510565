import type { EvidenceCount, TriageCount } from "../../ledger/records/evidence.ts";
import { wilsonInterval } from "../../statistics/wilson-interval.ts";
import { MIN_OBSERVATIONS, observedShare, type ObservedShare } from "../observed-share.ts";

/** Mean costs of one call in dollars, over items with both costs known. */
export interface MeanCosts {
  readonly items: number;
  readonly cheapUsd: number;
  readonly deepUsd: number;
}

/**
 * Share of triages that a threshold ships. `count` are those of which that is known; `share` counts a
 * part of the unread ones as well, and `interval` holds both none and all of them.
 */
export interface ShipShare extends ObservedShare {
  /**
   * Triages at or above the threshold that were closed for their low confidence before their end was
   * read: they might have failed for another reason. 0 from the threshold in force on.
   */
  readonly unread: number;
}

/**
 * Share of triages that a threshold ships, of all triages of the traffic.
 *
 * @param readFrom the confidence from which every triage was read to its end: the strictest threshold
 *   that was in force; null when all were, as in shadow
 */
export function shipShareAt(
  triages: readonly TriageCount[],
  threshold: number,
  readFrom: number | null = null,
): ShipShare {
  const sums = { all: 0, known: 0, unread: 0, readFine: 0, readFailed: 0 };
  for (const { failureCode, confidence, role, triages: rows } of triages) {
    sums.all += rows;
    if (confidence === null) continue;
    // A triage that was closed for its low confidence alone has no other failure.
    const isFine = failureCode === null || failureCode === "low_confidence";
    const isUnread = isFine && role === "triage" && readFrom !== null && confidence < readFrom;
    if (!isFine) sums.readFailed += rows;
    else if (!isUnread) sums.readFine += rows;
    if (confidence < threshold || !isFine) continue;
    if (isUnread) sums.unread += rows;
    else sums.known += rows;
  }
  const { all, known, unread, readFine, readFailed } = sums;
  if (unread === 0 || all < MIN_OBSERVATIONS) return { ...observedShare(known, all), unread };
  const fine = readFine + readFailed === 0 ? 1 : readFine / (readFine + readFailed);
  return {
    count: known,
    of: all,
    unread,
    share: (known + fine * unread) / all,
    interval: {
      low: wilsonInterval(known, all).low,
      high: wilsonInterval(known + unread, all).high,
    },
  };
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

/**
 * Mean costs over all traffic that the items stand for, by 1/propensity. Items of unknown propensity
 * are left out.
 *
 * @returns null when no item has both costs
 */
export function meanCosts(counts: readonly EvidenceCount[]): MeanCosts | null {
  const sums = { items: 0, weight: 0, cheapUsd: 0, deepUsd: 0 };
  // Sums of floating point must not depend on the order in which rows come.
  for (const group of costsByPropensity(counts)) {
    sums.items += group.items;
    sums.weight += group.items / group.propensity;
    sums.cheapUsd += dollars(group.cheapNanoUsd) / group.propensity;
    sums.deepUsd += dollars(group.deepNanoUsd) / group.propensity;
  }
  const { items, weight, cheapUsd, deepUsd } = sums;
  return items === 0 ? null : { items, cheapUsd: cheapUsd / weight, deepUsd: deepUsd / weight };
}

interface CostGroup {
  readonly propensity: number;
  items: number;
  cheapNanoUsd: bigint;
  deepNanoUsd: bigint;
}

function costsByPropensity(counts: readonly EvidenceCount[]): readonly CostGroup[] {
  const groups = new Map<number, CostGroup>();
  for (const { key, pricedItems, cheapCostNanoUsd, deepCostNanoUsd } of counts) {
    const { propensity } = key;
    if (propensity === null || propensity <= 0) continue;
    const group = groups.get(propensity) ?? {
      propensity,
      items: 0,
      cheapNanoUsd: 0n,
      deepNanoUsd: 0n,
    };
    group.items += pricedItems;
    group.cheapNanoUsd += cheapCostNanoUsd;
    group.deepNanoUsd += deepCostNanoUsd;
    groups.set(propensity, group);
  }
  return [...groups.values()].toSorted((a, b) => a.propensity - b.propensity);
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
