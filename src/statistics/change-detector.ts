import { requireArgument, requireOpenShare, requireShare } from "./statistics-argument.ts";

/** What a detector watches for. Fixed while it runs. */
export interface DetectorPlan {
  /** The rate that is still fine, between 0 and 1. */
  readonly nullRate: number;
  /** Rates above it that the detector is tuned to, each below 1. */
  readonly alternatives: readonly number[];
  /** One for each alternative, summing to 1. */
  readonly weights: readonly number[];
  /** False alarms are at least this many observations apart on average. */
  readonly alarmLevel: number;
  /** Below the alarm level: worth a closer look, no alarm. */
  readonly warnLevel: number;
  /** No observation weighs more; 1 when all weigh the same. */
  readonly largestWeight: number;
}

/** One number for each alternative. Plain JSON, below 200 bytes. */
export interface DetectorState {
  readonly masses: readonly number[];
}

export type DetectorSignal = "quiet" | "warn" | "alarm";

export interface DetectorStep {
  /** After an alarm, a fresh state. */
  readonly state: DetectorState;
  /** The sum that was held against the levels. */
  readonly total: number;
  readonly signal: DetectorSignal;
}

/** Keeps what has long exceeded every level from becoming infinite. */
const LARGEST_MASS = 1e30;

export function startDetector(plan: DetectorPlan): DetectorState {
  requireDetectorPlan(plan);
  return { masses: plan.alternatives.map(() => 0) };
}

/**
 * Takes one more observation of what should stay at or below the null rate. However the rate moves
 * below it, and however often one looks, alarms are on average at least `alarmLevel` observations
 * apart. A detector that starts anew at every observation, so a long quiet time does not make it
 * slow.
 *
 * With unequal sampling, give 1/propensity as the weight. Needs independent outcomes: bursts of
 * retries with one outcome raise false alarms, so collapse them to one observation with their mean.
 *
 * A. N. Shiryaev (1963) and S. W. Roberts (1966); as an e-detector, J. Shin, A. Ramdas and A.
 * Rinaldo, "E-detectors: a nonparametric framework for sequential change detection" (2022), arXiv
 * 2203.03532.
 *
 * @param value 0 or 1, or the mean of a collapsed burst
 * @param weight above 0, at most the plan's largest
 */
export function detectChange(
  plan: DetectorPlan,
  state: DetectorState,
  value: number,
  weight: number = plan.largestWeight,
): DetectorStep {
  requireObserved(plan, value, weight);
  const masses = plan.alternatives.map((alternative, i) => {
    const mass = (state.masses[i] ?? 0) + (plan.weights[i] ?? 0);
    return Math.min(mass * payoff(plan, alternative, value, weight), LARGEST_MASS);
  });
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  if (total >= plan.alarmLevel) return { state: startDetector(plan), total, signal: "alarm" };
  return { state: { masses }, total, signal: total >= plan.warnLevel ? "warn" : "quiet" };
}

/**
 * The total around which the detector rests while the true rate is `rate` below the null rate. Warn
 * levels belong above it.
 */
export function restingTotal(plan: DetectorPlan, rate: number): number {
  requireArgument(rate >= 0 && rate < plan.nullRate, "a rate below the null rate", { rate });
  return plan.alternatives.reduce((sum, alternative, i) => {
    const drop = betOf(plan.nullRate, alternative) * (plan.nullRate - rate);
    return sum + ((plan.weights[i] ?? 0) * (1 - drop)) / drop;
  }, 0);
}

/** The likelihood ratio for equal weights, and what remains fair for smaller ones. */
export function payoff(
  { nullRate, largestWeight }: Pick<DetectorPlan, "nullRate" | "largestWeight">,
  alternative: number,
  value: number,
  weight: number,
): number {
  return 1 + betOf(nullRate, alternative) * (weight / largestWeight) * (value - nullRate);
}

export function requireDetectorPlan(
  plan: Pick<DetectorPlan, "nullRate" | "alternatives" | "weights" | "largestWeight">,
): void {
  requireOpenShare("nullRate", plan.nullRate);
  const sum = plan.weights.reduce((total, weight) => total + weight, 0);
  const isFine =
    plan.alternatives.length > 0 &&
    plan.alternatives.length === plan.weights.length &&
    plan.alternatives.every((rate) => rate > plan.nullRate && rate < 1) &&
    plan.weights.every((weight) => weight >= 0) &&
    Math.abs(sum - 1) < 1e-9 &&
    plan.largestWeight > 0;
  requireArgument(isFine, "alternatives above the null rate, with weights that sum to 1", {
    alternatives: plan.alternatives.join(" "),
    weights: plan.weights.join(" "),
    largestWeight: plan.largestWeight,
  });
}

/** Throws `statistics_argument` for what no plan could have announced. */
export function requireObserved(
  { largestWeight }: Pick<DetectorPlan, "largestWeight">,
  value: number,
  weight: number,
): void {
  requireShare("value", value);
  const isFine = weight > 0 && weight <= largestWeight;
  if (!isFine) requireArgument(false, "a weight up to the largest", { weight, largestWeight });
}

function betOf(nullRate: number, alternative: number): number {
  return (alternative - nullRate) / (nullRate * (1 - nullRate));
}
