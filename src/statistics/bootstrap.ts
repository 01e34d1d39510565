import type { Random } from "../support/random.ts";
import type { ValueInterval } from "./normal-interval.ts";

/**
 * Values of a statistic over resampled rows, smallest first. Each stratum is resampled by itself, so
 * its size stays what it was; rows that were not drawn by strata are one stratum.
 *
 * Breaks where rows depend on one another (retries, several turns of one session: make them one row
 * first), for extremes, and for statistics with a floor, such as absolute differences.
 *
 * B. Efron, "Bootstrap Methods: Another Look at the Jackknife", Annals of Statistics 7 (1979), 1–26.
 *
 * Takes time in proportion to rows × draws.
 *
 * @param strata none of them empty
 * @param random equal streams give equal values
 * @param draws number of values; the ends of a 95 % interval need about a thousand
 */
export function bootstrap<Row>(
  strata: readonly (readonly Row[])[],
  statistic: (strata: readonly (readonly Row[])[]) => number,
  random: Random,
  draws = 2_000,
): readonly number[] {
  const values: number[] = [];
  for (let draw = 0; draw < draws; draw += 1) {
    values.push(statistic(strata.map((rows) => resample(rows, random))));
  }
  return values.toSorted((a, b) => a - b);
}

/** The middle 95 % of sorted bootstrap values, interpolated between neighbours. */
export function percentileInterval(sortedValues: readonly number[]): ValueInterval {
  return { low: percentile(sortedValues, 0.025), high: percentile(sortedValues, 0.975) };
}

function resample<Row>(rows: readonly Row[], random: Random): readonly Row[] {
  return rows.map((row) => rows[Math.floor(random() * rows.length)] ?? row);
}

/**
 * Value below which a share of sorted values lies; definition 7 of Hyndman and Fan, "Sample
 * Quantiles in Statistical Packages", The American Statistician 50 (1996), 361–365.
 *
 * @param sortedValues at least one, smallest first
 */
export function percentile(sortedValues: readonly number[], share: number): number {
  const position = (sortedValues.length - 1) * share;
  const below = sortedValues[Math.floor(position)] ?? 0;
  const above = sortedValues[Math.ceil(position)] ?? below;
  return below + (above - below) * (position - Math.floor(position));
}
