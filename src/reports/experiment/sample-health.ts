import { binomialCdf, binomialUpperTail } from "../../statistics/binomial-distribution.ts";
import {
  clusteredMean,
  differenceInterval,
  meanDifference,
} from "../../statistics/clustered-mean.ts";
import { observedShare, type ObservedShare } from "../observed-share.ts";
import { sumsByUnit } from "./arm-comparison.ts";
import { unitsIn, type ArmRequest, type ExperimentArms } from "./experiment-arms.ts";

/** Whether the two arms are what they were meant to be: before any comparison of them. */
export interface SampleHealth {
  readonly state: "sound" | "not_known_yet" | "no_control" | "ratio_off" | "mix_off";
  readonly controlShare: number | null;
  readonly control: ArmSize;
  readonly cascade: ArmSize;
  /** Units in both arms, which one draw cannot put there. */
  readonly unitsInBoth: number;
  readonly otherShares: number;
  /**
   * Exact two-sided p of so many units in control at the configured share; null without a unit. Below
   * `RATIO_ALARM` something besides the draw decides who is in an arm, or who is recorded.
   */
  readonly ratioP: number | null;
  /** How many kinds of requests were held against each other. */
  readonly kinds: number;
  /** Of them those that differ in frequency beyond chance. */
  readonly uneven: readonly UnevenKind[];
}

export interface ArmSize {
  readonly requests: number;
  readonly units: number;
  /** Answered with a status below 400. */
  readonly answered: ObservedShare;
}

export interface UnevenKind {
  /** `task:<name>` or an input class. */
  readonly kind: string;
  readonly controlShare: number;
  readonly cascadeShare: number;
}

/**
 * The usual limit for a sample ratio that is off, far below .05: it is looked at often, and what it
 * finds ends the experiment.
 *
 * A. Fabijan et al., "Diagnosing Sample Ratio Mismatch in Online Controlled Experiments", KDD (2019).
 */
export const RATIO_ALARM = 0.001;

/** For all kinds of requests together (Bonferroni). */
const MIX_ALARM = 0.01;

/** A kind is compared when chance would put so many units of it into the smaller arm (W. G. Cochran). */
const MIN_EXPECTED = 5;

export function describeHealth(arms: ExperimentArms): SampleHealth {
  const { controlShare, otherShares } = arms;
  const [control, cascade] = [sizeOf(arms.control), sizeOf(arms.cascade)];
  const inControl = new Set(arms.control.map(({ unit }) => unit));
  const inCascade = new Set(arms.cascade.map(({ unit }) => unit));
  const units = control.units + cascade.units;
  const ratioP =
    controlShare === null || units === 0 ? null : ratioTest(control.units, units, controlShare);
  const { kinds, uneven } = compareMix(arms);
  const sizes = { controlShare, control, cascade, otherShares, ratioP, kinds, uneven };
  const unitsInBoth = [...inControl].filter((unit) => inCascade.has(unit)).length;
  return { state: stateOf({ ...sizes, unitsInBoth }), ...sizes, unitsInBoth };
}

function stateOf(health: Omit<SampleHealth, "state">): SampleHealth["state"] {
  const { controlShare, ratioP, unitsInBoth, uneven, control, cascade } = health;
  if (controlShare === null || ratioP === null) return "no_control";
  if (ratioP < RATIO_ALARM || unitsInBoth > 0) return "ratio_off";
  if (uneven.length > 0) return "mix_off";
  return control.units === 0 || cascade.units === 0 ? "not_known_yet" : "sound";
}

function sizeOf(requests: readonly ArmRequest[]): ArmSize {
  const answered = requests.filter(({ record }) => record.status < 400).length;
  return {
    requests: requests.length,
    units: unitsIn(requests),
    answered: observedShare(answered, requests.length),
  };
}

function ratioTest(chosen: number, units: number, share: number): number {
  if (share >= 1) return chosen === units ? 1 : 0;
  const fewer = binomialCdf(chosen, units, share);
  return Math.min(1, 2 * Math.min(fewer, binomialUpperTail(chosen, units, share)));
}

function compareMix({ control, cascade }: ExperimentArms): Pick<SampleHealth, "kinds" | "uneven"> {
  const smaller = Math.min(unitsIn(control), unitsIn(cascade));
  const all = [...control, ...cascade];
  const counts = new Map<string, number>();
  for (const request of all) {
    for (const kind of kindsOf(request)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  // What every request is says nothing of the mix.
  const kinds = [...counts]
    .filter(([, count]) => {
      const share = count / all.length;
      return Math.min(share, 1 - share) * smaller >= MIN_EXPECTED;
    })
    .map(([kind]) => kind)
    .toSorted();
  const uneven = kinds.flatMap((kind) => {
    const one = clusteredMean(sumsByUnit(sharesOf(control, kind)));
    const other = clusteredMean(sumsByUnit(sharesOf(cascade, kind)));
    if (one === null || other === null) return [];
    const { low, high } = differenceInterval(meanDifference(other, one), MIX_ALARM / kinds.length);
    return low <= 0 && high >= 0
      ? []
      : [{ kind, controlShare: one.mean, cascadeShare: other.mean }];
  });
  return { kinds: kinds.length, uneven };
}

function kindsOf({ record }: ArmRequest): readonly string[] {
  return record.task === null
    ? record.inputClasses
    : [`task:${record.task}`, ...record.inputClasses];
}

function sharesOf(requests: readonly ArmRequest[], kind: string) {
  return requests.map((request) => ({
    unit: request.unit,
    value: kindsOf(request).includes(kind) ? 1 : 0,
  }));
}
