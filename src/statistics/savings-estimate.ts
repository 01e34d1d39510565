import { failure, success, type Result } from "../support/result.ts";
import type { Random } from "../support/random.ts";
import { bootstrap, percentileInterval } from "./bootstrap.ts";
import type { ValueInterval } from "./normal-interval.ts";
import { studentTQuantile } from "./student-t-quantile.ts";

/** What is known of the cost of a cascade; all amounts in one unit of money, such as dollars. */
export interface SavingsCounts {
  /** Requests that the cheap tier answered. */
  readonly shippedRows: number;
  /** What the last tier would have cost on all shipped rows, as predicted from their length. */
  readonly predictedDeepCost: number;
  /** What the cheap tier cost on all rows, shipped and escalated. */
  readonly cheapCost: number;
}

/** A shipped row that was also answered by the last tier, at random: prediction and truth. */
export interface ShadowCost {
  readonly predicted: number;
  readonly measured: number;
}

/** What the cascade saved against sending everything to the last tier. */
export interface SavingsEstimate {
  /** Below 0 the cascade costs more than it saves. */
  readonly saved: number;
  /** What the shipped rows would have cost on the last tier. */
  readonly deepCost: number;
  /** At 95 %; null = not known: fewer than two shadow rows. */
  readonly interval: ValueInterval | null;
  /**
   * `prediction_only`: no shadow row corrects the prediction, so this assumes that shipped and
   * escalated requests of equal length cost alike on the last tier.
   */
  readonly basis: "shadow_rows" | "prediction_only";
}

/**
 * Difference estimator: the predicted cost of all shipped rows, corrected by the mean error of the
 * prediction on a random sample of them. Unbiased however bad the prediction is; a good one only
 * makes the interval narrow. The interval is Student's, for which errors should not be wildly skewed.
 *
 * Escalated rows are never used to price shipped ones: they are harder and longer. Breaks where the
 * shadow rows are not a random sample of the shipped ones.
 *
 * C.-E. Särndal, B. Swensson and J. Wretman, Model Assisted Survey Sampling (1992), chapter 6.
 */
export function savingsEstimate(
  { shippedRows, predictedDeepCost, cheapCost }: SavingsCounts,
  shadow: readonly ShadowCost[],
): SavingsEstimate {
  const mean = meanError(shadow);
  const deepCost = predictedDeepCost + shippedRows * mean;
  const saved = deepCost - cheapCost;
  const basis = shadow.length === 0 ? "prediction_only" : "shadow_rows";
  if (shadow.length < 2) return { saved, deepCost, interval: null, basis };
  const squares = shadow.reduce((sum, row) => sum + (errorOf(row) - mean) ** 2, 0);
  const standardError = Math.sqrt(squares / (shadow.length - 1) / shadow.length);
  const reach = studentTQuantile(0.975, shadow.length - 1) * shippedRows * standardError;
  return { saved, deepCost, interval: { low: saved - reach, high: saved + reach }, basis };
}

/** Shipped rows of one route and confidence, with those among them that have a shadow. */
export interface SavingsStratum {
  readonly shippedRows: number;
  readonly shadow: readonly ShadowCost[];
}

/** Fewer shadow rows than this do not show what the errors look like. */
export const MIN_SHADOW_ROWS = 30;

/**
 * The same by strata (route and confidence), each with its own mean error, and with a bootstrap
 * interval at 95 %, which follows skewed errors better. Needs `MIN_SHADOW_ROWS` in all and two in
 * every stratum that shipped anything; put smaller strata together first.
 *
 * @param random equal streams give equal intervals
 */
export function stratifiedSavings(
  { predictedDeepCost, cheapCost }: SavingsCounts,
  strata: readonly SavingsStratum[],
  random: Random,
  draws = 2_000,
): Result<SavingsEstimate, "too_few_shadow_rows"> {
  const shipping = strata.filter(({ shippedRows }) => shippedRows > 0);
  const shadowRows = shipping.reduce((sum, { shadow }) => sum + shadow.length, 0);
  const hasThinStratum = shipping.some(({ shadow }) => shadow.length < 2);
  if (shadowRows < MIN_SHADOW_ROWS || hasThinStratum) return failure("too_few_shadow_rows");
  const correction = (samples: readonly (readonly ShadowCost[])[]): number =>
    shipping.reduce(
      (sum, { shippedRows }, i) => sum + shippedRows * meanError(samples[i] ?? []),
      0,
    );
  const samples = shipping.map(({ shadow }) => shadow);
  const deepCost = predictedDeepCost + correction(samples);
  const spread = percentileInterval(bootstrap(samples, correction, random, draws));
  const offset = predictedDeepCost - cheapCost;
  return success({
    saved: deepCost - cheapCost,
    deepCost,
    interval: { low: offset + spread.low, high: offset + spread.high },
    basis: "shadow_rows",
  });
}

function errorOf({ predicted, measured }: ShadowCost): number {
  return measured - predicted;
}

function meanError(shadow: readonly ShadowCost[]): number {
  if (shadow.length === 0) return 0;
  return shadow.reduce((sum, row) => sum + errorOf(row), 0) / shadow.length;
}
