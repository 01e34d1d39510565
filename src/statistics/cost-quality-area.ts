/** Quality that a router reaches at a cost. */
export interface CostQualityPoint {
  /** Mean cost per request, 0 or above. */
  readonly cost: number;
  /** 0–1. */
  readonly quality: number;
}

/** Average quality over costs. */
export interface CostQualityArea {
  /** Mean height of the hull over its own range of costs, lowest to highest (AIQ). */
  readonly overOwnRange: number;
  /** The same area divided by the highest cost, as RouterBench's code does; smaller. */
  readonly overHighestCost: number;
  /** Corners of the non-decreasing convex hull, cheapest first. */
  readonly hull: readonly CostQualityPoint[];
}

/**
 * Area under the non-decreasing convex hull of cost and quality (average improvement in quality).
 * Points on the hull are reached by mixing two routers at random. Two divisors are in use and give
 * different numbers; always say which.
 *
 * Q. J. Hu et al., "RouterBench: A Benchmark for Multi-LLM Routing System", 2024 (arXiv 2403.12031).
 *
 * @returns null without two different costs: there is no range
 */
export function costQualityArea(points: readonly CostQualityPoint[]): CostQualityArea | null {
  const hull = hullOf(points);
  const [first, last] = [hull[0], hull.at(-1)];
  if (first === undefined || last === undefined || first.cost === last.cost) return null;
  const area = hull.reduce((sum, point, i) => {
    const before = hull[i - 1] ?? point;
    return sum + ((point.cost - before.cost) * (point.quality + before.quality)) / 2;
  }, 0);
  return {
    overOwnRange: area / (last.cost - first.cost),
    overHighestCost: area / last.cost,
    hull,
  };
}

function hullOf(points: readonly CostQualityPoint[]): readonly CostQualityPoint[] {
  const hull: CostQualityPoint[] = [];
  let best = -Infinity;
  const ascending = points.toSorted((a, b) => a.cost - b.cost || b.quality - a.quality);
  for (const { cost, quality } of ascending) {
    if (cost === hull.at(-1)?.cost) continue;
    best = Math.max(best, quality);
    const point = { cost, quality: best };
    while (isBelowLine(hull.at(-2), hull.at(-1), point)) hull.pop();
    hull.push(point);
  }
  return hull;
}

/** Is the middle point below the line from the first to the last, and so no corner? */
function isBelowLine(
  first: CostQualityPoint | undefined,
  middle: CostQualityPoint | undefined,
  last: CostQualityPoint,
): boolean {
  if (first === undefined || middle === undefined) return false;
  const rise = (middle.quality - first.quality) * (last.cost - first.cost);
  return rise < (last.quality - first.quality) * (middle.cost - first.cost);
}
