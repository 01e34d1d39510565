import { requireGroups, type SampledGroup } from "./sampled-group.ts";

/**
 * Sums over drawn rows from which a weighted share and its uncertainty follow; sums of parts add up to
 * those of the whole. The weight of a row is 1/propensity.
 */
export interface WeightedMoments {
  readonly trials: number;
  readonly weight: number;
  readonly weightSquares: number;
  /** Σ (1 - propensity)/propensity². */
  readonly drawVariance: number;
  /** Of hits alone. */
  readonly hitWeight: number;
  /** Of hits alone. */
  readonly hitDrawVariance: number;
}

export function momentsOf(groups: readonly SampledGroup[]): WeightedMoments {
  requireGroups(groups);
  const sums = {
    trials: 0,
    weight: 0,
    weightSquares: 0,
    drawVariance: 0,
    hitWeight: 0,
    hitDrawVariance: 0,
  };
  for (const { propensity, trials, hits } of groups) {
    const weight = 1 / propensity;
    const drawVariance = (1 - propensity) * weight * weight;
    sums.trials += trials;
    sums.weight += trials * weight;
    sums.weightSquares += trials * weight * weight;
    sums.drawVariance += trials * drawVariance;
    sums.hitWeight += hits * weight;
    sums.hitDrawVariance += hits * drawVariance;
  }
  return sums;
}

/** Hájek's share and its variance under independent draws; of at least one row. */
export function weightedShareOf(moments: WeightedMoments): {
  readonly share: number;
  readonly variance: number;
} {
  const { weight, hitWeight, drawVariance, hitDrawVariance } = moments;
  const share = Math.min(1, hitWeight / weight);
  const squares =
    hitDrawVariance * (1 - share) ** 2 + (drawVariance - hitDrawVariance) * share ** 2;
  return { share, variance: Math.max(0, squares) / weight ** 2 };
}

/**
 * Hits and trials of a plain sample that says as much: for exact methods on weighted rows. By the
 * variance, at most the number of rows; by Kish's size without a hit or with nothing but hits.
 */
export function effectiveCounts(moments: WeightedMoments): {
  readonly hits: number;
  readonly trials: number;
} {
  const { trials, weight, weightSquares } = moments;
  if (trials === 0) return { hits: 0, trials: 0 };
  const { share, variance } = weightedShareOf(moments);
  const isMixed = share > 0 && share < 1;
  const size = isMixed ? (share * (1 - share)) / variance : weight ** 2 / weightSquares;
  const effective = Math.min(trials, size);
  return { hits: Math.min(effective, share * effective), trials: effective };
}
