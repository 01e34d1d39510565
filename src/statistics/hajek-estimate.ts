import type { SampledGroup } from "./sampled-group.ts";
import { momentsOf, weightedShareOf } from "./weighted-moments.ts";

/** Share in all traffic, from rows that were drawn with different chances. */
export interface HajekEstimate {
  /** 0–1. */
  readonly share: number;
  /** Of the drawing alone: 0 when every row was drawn, and when no row or every row is a hit. */
  readonly standardError: number;
  /** Rows of traffic that the sample stands for: Σ 1/propensity. */
  readonly estimatedRows: number;
}

/**
 * Hájek estimator: Σ(hit/propensity) / Σ(1/propensity), with its linearised standard error under
 * independent draws. The estimate for reports: unlike Horvitz and Thompson's it stays in 0–1 and does
 * not depend on how many rows happened to be drawn. Its small bias shrinks with the sample.
 *
 * Breaks when propensities are not the ones that were used, or when grades come from anywhere else,
 * such as complaints. For an interval use `kornGraubardInterval`, not ±2 standard errors.
 *
 * J. Hájek, comment in Foundations of Statistical Inference (1971), 236; Särndal, Swensson and
 * Wretman, Model Assisted Survey Sampling (1992), 5.7.
 *
 * @returns null without a drawn row
 */
export function hajekEstimate(groups: readonly SampledGroup[]): HajekEstimate | null {
  const moments = momentsOf(groups);
  if (moments.trials === 0) return null;
  const { share, variance } = weightedShareOf(moments);
  return { share, standardError: Math.sqrt(variance), estimatedRows: moments.weight };
}
