import type { Evidence, EvidenceCount } from "../../ledger/records/evidence.ts";

/** Shipped answers of the same models and prompt, and what the deep model cost on a part of them. */
export interface ShadowStratum {
  /** Shipped requests that its items stand for: Σ 1/propensity. */
  readonly shippedWeight: number;
  /** Mean deep cost in dollars, weighted. */
  readonly meanUsd: number;
  /** Items with a measured deep cost, and as how many equally weighted ones they count (Kish). */
  readonly shadows: number;
  readonly effectiveShadows: number;
  /** Of single costs, in square dollars. */
  readonly varianceUsd2: number;
}

/** What of an item decides where its deep cost belongs. */
export type ShadowItem = Pick<
  Evidence,
  "source" | "decision" | "propensity" | "tier" | "cheapModel" | "deepModel" | "promptHash"
> & { readonly deepCostNanoUsd: bigint | null };

/**
 * Measured deep costs of shipped answers, kept apart by tier, models and prompt: a change of any of
 * them changes what a call costs, so that costs from before it say nothing of answers after it. Means
 * are of all items there are; how much single costs scatter is read from the given ones.
 *
 * @param items single items, a part of them will do
 * @returns null when answers shipped of which no deep cost, or not how it scatters, is known
 */
export function shadowStrata(
  counts: readonly EvidenceCount[],
  items: readonly ShadowItem[],
): readonly ShadowStratum[] | null {
  const shipped = counts.filter(({ key }) => isShippedTraffic(key));
  const itemsByName = Map.groupBy(items.filter(isShippedTraffic), nameOf);
  const strata: ShadowStratum[] = [];
  for (const [name, rows] of Map.groupBy(shipped, ({ key }) => nameOf(key))) {
    const variance = varianceOf(itemsByName.get(name) ?? []);
    const mean = meanOf(rows);
    if (variance === null || mean === null) return null;
    strata.push({ ...mean, varianceUsd2: variance });
  }
  return strata.toSorted((a, b) => a.shippedWeight - b.shippedWeight || a.meanUsd - b.meanUsd);
}

function isShippedTraffic({ source, decision, propensity }: ShadowItem | EvidenceCount["key"]) {
  return source === "traffic" && decision === "shipped" && propensity !== null && propensity > 0;
}

function nameOf({ tier, cheapModel, deepModel, promptHash }: ShadowItem | EvidenceCount["key"]) {
  return JSON.stringify([tier, cheapModel, deepModel, promptHash]);
}

/**
 * Items drawn with one chance, of which some have a deep cost (the others were drawn to be graded
 * alone): those with one stand for all of them.
 */
function meanOf(rows: readonly EvidenceCount[]): Omit<ShadowStratum, "varianceUsd2"> | null {
  const sums = { shippedWeight: 0, weight: 0, weightSquares: 0, costUsd: 0, shadows: 0 };
  const groups = [...Map.groupBy(rows, ({ key }) => key.propensity ?? 1)];
  for (const [propensity, ofGroup] of groups.toSorted(([a], [b]) => a - b)) {
    const items = ofGroup.reduce((sum, row) => sum + row.items, 0);
    const priced = ofGroup.reduce((sum, row) => sum + row.pricedItems, 0);
    const costUsd = Number(ofGroup.reduce((sum, row) => sum + row.deepCostNanoUsd, 0n)) / 1e9;
    sums.shippedWeight += items / propensity;
    if (priced === 0) continue;
    const weightOfOne = items / propensity / priced;
    sums.weight += weightOfOne * priced;
    sums.weightSquares += weightOfOne ** 2 * priced;
    sums.costUsd += weightOfOne * costUsd;
    sums.shadows += priced;
  }
  const { shippedWeight, weight, weightSquares, costUsd, shadows } = sums;
  if (shadows === 0) return null;
  return {
    shippedWeight,
    meanUsd: costUsd / weight,
    shadows,
    effectiveShadows: weight ** 2 / weightSquares,
  };
}

/** Null with fewer than two costs. */
function varianceOf(items: readonly ShadowItem[]): number | null {
  const costs = items.flatMap(({ deepCostNanoUsd: cost }) =>
    cost === null ? [] : [Number(cost) / 1e9],
  );
  if (costs.length < 2) return null;
  const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
  return costs.reduce((sum, cost) => sum + (cost - mean) ** 2, 0) / (costs.length - 1);
}
