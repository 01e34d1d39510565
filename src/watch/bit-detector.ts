import { payoff, type DetectorPlan } from "../statistics/change-detector.ts";

/** A detector's plan worked out for yes and no, for what is observed with every request. */
export interface BitDetector {
  readonly hit: Float64Array;
  readonly miss: Float64Array;
  readonly weights: Float64Array;
  readonly alarmLevel: number;
}

/** As in `change-detector.ts`. */
const LARGEST_MASS = 1e30;

export function createBitDetector(plan: DetectorPlan): BitDetector {
  const factors = (value: number): Float64Array =>
    Float64Array.from(plan.alternatives, (alternative) => payoff(plan, alternative, value, 1));
  return {
    hit: factors(1),
    miss: factors(0),
    weights: Float64Array.from(plan.weights),
    alarmLevel: plan.alarmLevel,
  };
}

/**
 * As `detectChange` with weight 1, in place and without a new object for each request; whoever is
 * told of an alarm starts anew.
 *
 * @returns the sum that is held against the level
 */
export function observeBit(detector: BitDetector, masses: number[], isHit: boolean): number {
  const { weights } = detector;
  const factors = isHit ? detector.hit : detector.miss;
  let total = 0;
  for (let i = 0; i < factors.length; i += 1) {
    const mass = ((masses[i] ?? 0) + (weights[i] ?? 0)) * (factors[i] ?? 1);
    const kept = mass > LARGEST_MASS ? LARGEST_MASS : mass;
    masses[i] = kept;
    total += kept;
  }
  return total;
}
