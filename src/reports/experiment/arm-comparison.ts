import {
  clusteredInterval,
  clusteredMean,
  differenceInterval,
  meanDifference,
  type ClusterSum,
  type ClusteredMean,
} from "../../statistics/clustered-mean.ts";
import {
  clusteredQuantile,
  quantileDifference,
  type QuantileEstimate,
} from "../../statistics/clustered-quantile.ts";
import type { ValueInterval } from "../../statistics/normal-interval.ts";
import { MIN_OBSERVATIONS } from "../observed-share.ts";

/** One request of an arm with what was measured of it. */
export interface Measured {
  readonly unit: string;
  readonly value: number;
}

/** One arm's figure. */
export interface ArmFigure {
  readonly requests: number;
  /** Of which each is one observation. */
  readonly units: number;
  /** Null = not known yet: fewer than `MIN_OBSERVATIONS` units. */
  readonly value: number | null;
  /** At 95 %, with the scatter between units. */
  readonly interval: ValueInterval | null;
}

/** A figure of both arms, and how much higher the cascade's is. */
export interface ArmComparison {
  readonly control: ArmFigure;
  readonly cascade: ArmFigure;
  /** Cascade less control; null = not known yet. */
  readonly difference: number | null;
  readonly interval: ValueInterval | null;
  /** `open`: the interval spans 0. */
  readonly says: "lower" | "higher" | "open" | "not_known_yet";
  /** About so many more units of the smaller arm make it known; null = it is, or none are in sight. */
  readonly moreUnits: number | null;
}

/** Compares means. */
export function compareMeans(
  control: readonly Measured[],
  cascade: readonly Measured[],
): ArmComparison {
  const [one, other] = [meanOf(control), meanOf(cascade)];
  const isKnown = one.mean !== null && other.mean !== null;
  if (!isKnown) return unknownYet(one.figure, other.figure);
  const apart = meanDifference(other.mean, one.mean);
  return conclude(one.figure, other.figure, {
    difference: apart.difference,
    interval: differenceInterval(apart),
  });
}

/** Compares quantiles. */
export function compareQuantiles(
  control: readonly Measured[],
  cascade: readonly Measured[],
  share: number,
): ArmComparison {
  const [one, other] = [quantileOf(control, share), quantileOf(cascade, share)];
  if (one.estimate === null || other.estimate === null) return unknownYet(one.figure, other.figure);
  return conclude(one.figure, other.figure, quantileDifference(other.estimate, one.estimate));
}

/** The figure of one arm that has nothing beside it. */
export function armMean(values: readonly Measured[]): ArmFigure {
  return meanOf(values).figure;
}

export function sumsByUnit(values: readonly Measured[]): readonly ClusterSum[] {
  const sums = new Map<string, { rows: number; sum: number }>();
  for (const { unit, value } of values) {
    const entry = sums.get(unit) ?? { rows: 0, sum: 0 };
    entry.rows += 1;
    entry.sum += value;
    sums.set(unit, entry);
  }
  return [...sums.values()];
}

function meanOf(values: readonly Measured[]): {
  readonly figure: ArmFigure;
  readonly mean: ClusteredMean | null;
} {
  const sums = sumsByUnit(values);
  const mean = sums.length < MIN_OBSERVATIONS ? null : clusteredMean(sums);
  const figure = {
    requests: values.length,
    units: sums.length,
    value: mean?.mean ?? null,
    interval: mean === null ? null : clusteredInterval(mean),
  };
  return { figure, mean };
}

function quantileOf(
  values: readonly Measured[],
  share: number,
): { readonly figure: ArmFigure; readonly estimate: QuantileEstimate | null } {
  const units = sumsByUnit(values).length;
  const rows = values.map(({ unit, value }) => ({ cluster: unit, value }));
  const estimate = units < MIN_OBSERVATIONS ? null : clusteredQuantile(rows, share);
  const { value = null, interval = null } = estimate ?? {};
  return { figure: { requests: values.length, units, value, interval }, estimate };
}

function unknownYet(control: ArmFigure, cascade: ArmFigure): ArmComparison {
  const missing = MIN_OBSERVATIONS - Math.min(control.units, cascade.units);
  return {
    ...{ control, cascade },
    ...{ difference: null, interval: null },
    says: "not_known_yet",
    moreUnits: missing > 0 ? missing : null,
  };
}

function conclude(
  control: ArmFigure,
  cascade: ArmFigure,
  { difference, interval }: Pick<ArmComparison, "interval"> & { readonly difference: number },
): ArmComparison {
  const found = { control, cascade, difference, interval };
  if (interval === null) {
    // An end beyond the values: with twice as many it is most likely among them.
    return { ...found, says: "open", moreUnits: Math.min(control.units, cascade.units) };
  }
  if (interval.high < 0) return { ...found, says: "lower", moreUnits: null };
  if (interval.low > 0) return { ...found, says: "higher", moreUnits: null };
  return { ...found, says: "open", moreUnits: moreUntilTold(found, difference, interval) };
}

/** No plan reaches further than so many times what there is. */
const FARTHEST_PLAN = 1_000;

/** The interval narrows with the root of the units, were the difference to stay as it is. */
function moreUntilTold(
  { control, cascade }: Pick<ArmComparison, "control" | "cascade">,
  difference: number,
  { low, high }: ValueInterval,
): number | null {
  const reach = difference > 0 ? difference - low : high - difference;
  const times = (reach / Math.abs(difference)) ** 2;
  if (!(times <= FARTHEST_PLAN)) return null;
  return Math.max(1, Math.ceil(Math.min(control.units, cascade.units) * (times - 1)));
}
