import {
  payoff,
  requireDetectorPlan,
  requireObserved,
  type DetectorPlan,
} from "./change-detector.ts";
import { requireOpenShare } from "./statistics-argument.ts";

/** What is to be proved violated, and how it is bet on; levels are not needed. */
export type ViolationPlan = Pick<
  DetectorPlan,
  "nullRate" | "alternatives" | "weights" | "largestWeight"
>;

/** Evidence that a rate has been exceeded at some time. Plain JSON, below 200 bytes. */
export interface ViolationState {
  readonly masses: readonly number[];
  readonly observed: number;
}

/** A new bet on "it got worse from here on" is placed each time so many observations have passed. */
const START_EVERY = 10;

export function startViolationProof(plan: ViolationPlan): ViolationState {
  requireDetectorPlan(plan);
  return { masses: plan.alternatives.map(() => 0), observed: 0 };
}

/**
 * Takes one more observation into the proof that a rate was exceeded. The value of
 * `logViolationProof` reaches ln(1/δ) with probability at most δ, over all time, while the rate keeps
 * its limit: a stronger word than an alarm, and a slower one. Betting starts anew every ten
 * observations, each time with less, so that a good past does not hide a bad present.
 *
 * Same assumptions as `detectChange`. J. Shin, A. Ramdas and A. Rinaldo, "E-detectors" (2022), arXiv
 * 2203.03532.
 *
 * @param value 0 or 1, or the mean of a collapsed burst
 * @param weight above 0, at most the plan's largest
 */
export function observeViolation(
  plan: ViolationPlan,
  state: ViolationState,
  value: number,
  weight: number = plan.largestWeight,
): ViolationState {
  requireObserved(plan, value, weight);
  const starts = startsBefore(state.observed);
  const fresh = state.observed % START_EVERY === 0 ? 1 / ((starts + 1) * (starts + 2)) : 0;
  const masses = plan.alternatives.map((alternative, i) => {
    const mass = (state.masses[i] ?? 0) + (plan.weights[i] ?? 0) * fresh;
    return mass * payoff(plan, alternative, value, weight);
  });
  return { masses, observed: state.observed + 1 };
}

/** ln of the wealth: what the bets have become and what has not been placed yet. */
export function logViolationProof(state: ViolationState): number {
  const unspent = 1 / (startsBefore(state.observed) + 1);
  return Math.log(state.masses.reduce((sum, mass) => sum + mass, unspent));
}

/** Whether the limit is proved to have been exceeded, with the given chance of being wrong, ever. */
export function isViolationProved(state: ViolationState, failureProbability: number): boolean {
  requireOpenShare("failureProbability", failureProbability);
  return logViolationProof(state) >= -Math.log(failureProbability);
}

function startsBefore(observed: number): number {
  return Math.ceil(observed / START_EVERY);
}
