import { requireArgument, requireShare } from "./statistics-argument.ts";

/** Accuracy of a router that sends this share of requests to the last tier. */
export interface RouterPoint {
  /** 0–1. */
  readonly deepShare: number;
  /** 0–1. */
  readonly accuracy: number;
}

/** Metrics that papers on routing share; estimates without any guarantee. */
export interface GapRecovered {
  /** Share of the accuracy gap recovered at each point (PGR), by ascending share of deep calls. */
  readonly recovered: readonly number[];
  /** Area of that over the share of deep calls (APGR), 0.5 = a router that throws dice. */
  readonly area: number;
  /**
   * Smallest share of deep calls that recovers `share` of the gap (CPT), interpolated between points.
   * Null when no point recovers so much.
   */
  readonly deepShareFor: (share: number) => number | null;
}

/**
 * How much of the gap between the cheap and the last tier alone a router recovers. The area is by
 * trapezoids and needs a point at 0 and one at 1. Give the numbers with a bootstrap interval.
 *
 * I. Ong et al., "RouteLLM: Learning to Route LLMs with Preference Data", 2024 (arXiv 2406.18665).
 *
 * @returns null when the last tier is not better than the cheap one: there is no gap
 */
export function gapRecovered(points: readonly RouterPoint[]): GapRecovered | null {
  const ascending = points.toSorted((a, b) => a.deepShare - b.deepShare);
  for (const { deepShare, accuracy } of ascending) {
    requireShare("deepShare", deepShare);
    requireShare("accuracy", accuracy);
  }
  const [first, last] = [ascending[0], ascending.at(-1)];
  const isComplete = first?.deepShare === 0 && last?.deepShare === 1;
  requireArgument(isComplete, "points that begin at deepShare 0 and end at 1", {
    first: first?.deepShare,
    last: last?.deepShare,
  });
  const weak = first?.accuracy ?? 0;
  const gap = (last?.accuracy ?? 0) - weak;
  if (gap <= 0) return null;
  const curve = ascending.map(({ deepShare, accuracy }): CurvePoint => [
    deepShare,
    (accuracy - weak) / gap,
  ]);
  return {
    recovered: curve.map(([, recovered]) => recovered),
    area: areaUnder(curve),
    deepShareFor: (share) => firstReaching(curve, share),
  };
}

type CurvePoint = readonly [deepShare: number, recovered: number];

function areaUnder(curve: readonly CurvePoint[]): number {
  return curve.reduce((sum, [x, y], i) => {
    const [beforeX, beforeY] = curve[i - 1] ?? [x, y];
    return sum + ((x - beforeX) * (y + beforeY)) / 2;
  }, 0);
}

function firstReaching(curve: readonly CurvePoint[], wanted: number): number | null {
  // A computed share may miss 0.8 by a rounding error.
  const index = curve.findIndex(([, recovered]) => recovered >= wanted - 1e-12);
  const [x, y] = curve[index] ?? [null, 0];
  const before = curve[index - 1];
  if (x === null || before === undefined || y <= before[1]) return x;
  return before[0] + (x - before[0]) * Math.min(1, (wanted - before[1]) / (y - before[1]));
}
