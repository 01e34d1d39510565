import { combinedShareInterval } from "./combined-share-interval.ts";
import type { ShareInterval } from "./wilson-interval.ts";

/** Rows of which a random sample was graded. */
export interface GradedRows {
  readonly rows: number;
  /** Graded rows among them, at random. */
  readonly graded: number;
  /** Wrong ones among the graded. */
  readonly wrong: number;
}

/** What has been seen that a lower threshold would ship. */
export interface LoweredThreshold {
  /** Shipped today. */
  readonly shipped: GradedRows;
  /** Between the new threshold and the present one, the cheap answer logged. */
  readonly band: GradedRows;
  /** Between the two, the cheap answer not logged. Rows without an answer do not count: they
   * escalate at any threshold. */
  readonly notLogged: number;
}

/** What is known of the share of wrong answers among those a threshold would ship. */
export interface ThresholdPreview {
  /** Rows it would ship. */
  readonly ships: number;
  /** Lowest and highest share that the rows without a logged answer leave possible. */
  readonly bounds: ShareInterval;
  /** `bounds` with the uncertainty of the graded samples outside, at 95 %. */
  readonly interval: ShareInterval;
  /** Lower bound if answers below the present threshold are wrong no less often than those above. */
  readonly lowIfErrorsFall: number;
  /**
   * One number, right only if rows without a logged answer are like those with one (missing at
   * random). Null: no band row was graded.
   */
  readonly pointIfMissingAtRandom: number | null;
  /** Share of the rows it would ship about which nothing is known; logging answers brings it to 0. */
  readonly unidentifiedShare: number;
}

/**
 * What would be wrong among shipped answers at a lower threshold. An answer that was never logged may
 * be right or wrong, so the result is a range, not a point.
 *
 * Bounds: C. F. Manski, "Nonparametric Bounds on Treatment Effects", American Economic Review 80
 * (1990), 319–323. Sampling outside them as G. W. Imbens and C. F. Manski, "Confidence Intervals for
 * Partially Identified Parameters", Econometrica 72 (2004), 1845–1857, but with two-sided Wilson
 * limits at both ends, which covers the whole range and is wider than needed for one point in it.
 *
 * Breaks when graded rows are not a random sample, or when lowering changes the traffic.
 *
 * @returns null when rows are shipped or logged but none of them graded: nothing is known of them
 */
export function previewLowerThreshold(lowered: LoweredThreshold): ThresholdPreview | null {
  const { shipped, band, notLogged } = lowered;
  const ships = shipped.rows + band.rows + notLogged;
  const isUngraded = [shipped, band].some(({ rows, graded }) => rows > 0 && graded === 0);
  if (ships === 0 || isUngraded) return null;
  const parts = [shipped, band].map((part) => ({
    weight: part.rows / ships,
    hits: part.wrong,
    trials: part.graded,
  }));
  const { share: low, interval } = combinedShareInterval(parts);
  const unidentifiedShare = notLogged / ships;
  const wrongInShipped = shipped.graded === 0 ? 0 : shipped.wrong / shipped.graded;
  return {
    ships,
    bounds: { low, high: low + unidentifiedShare },
    interval: { low: interval.low, high: Math.min(1, interval.high + unidentifiedShare) },
    lowIfErrorsFall: low + unidentifiedShare * wrongInShipped,
    pointIfMissingAtRandom:
      band.graded === 0 ? null : low + (unidentifiedShare * band.wrong) / band.graded,
    unidentifiedShare,
  };
}

/** What a higher threshold would do; everything about it has been seen. */
export interface RaisedThreshold {
  /** Shipped today and still at the higher threshold. */
  readonly stillShipped: GradedRows;
  /** Predicted cost on the last tier of the rows that would escalate, in any unit of money. */
  readonly predictedDeepCost: number;
}

/**
 * What would be wrong among shipped answers at a higher threshold, and what that costs more. There is
 * nothing unknown but sampling: the rows it would ship are shipped and graded today.
 *
 * @returns null when no row that it would ship was graded
 */
export function previewHigherThreshold({ stillShipped, predictedDeepCost }: RaisedThreshold): {
  readonly ships: number;
  readonly wrongShare: number;
  readonly interval: ShareInterval;
  readonly extraCost: number;
} | null {
  const { rows, graded, wrong } = stillShipped;
  if (graded === 0) return null;
  const { share, interval } = combinedShareInterval([{ weight: 1, hits: wrong, trials: graded }]);
  return { ships: rows, wrongShare: share, interval, extraCost: predictedDeepCost };
}
