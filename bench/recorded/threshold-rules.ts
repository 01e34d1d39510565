import { atomsOf, type Atom } from "../../src/statistics/atom.ts";
import {
  candidatesOf,
  candidatesWithTraffic,
  type TrafficAtom,
} from "../../src/statistics/candidate.ts";
import { certifyJoint } from "../../src/statistics/certify-joint.ts";
import { certifyByFallback, certifyInSequence } from "../../src/statistics/certify-selective.ts";
import { repeatablePValues } from "../../src/statistics/p-value-source.ts";
import {
  chooseByHoeffdingSweep,
  chooseByObservedRate,
} from "../../src/statistics/uncertified-thresholds.ts";
import type { RecordedRow } from "./recorded-row.ts";

export interface RuleTarget {
  /** Allowed share, 0–1. */
  readonly atMost: number;
  /** Allowed probability of breaking it, 0–1. */
  readonly failureProbability: number;
}

/** A way to choose a threshold from labelled rows. */
export interface ThresholdRule {
  readonly name: string;
  /**
   * What the target is about: the wrong among what ships, or what ships and is wrong among all
   * requests.
   */
  readonly about: "shipped" | "all";
  /** Whether the rule claims to keep the target; others are there to compare with. */
  readonly isPromise: boolean;
  /**
   * @param sample labelled rows, drawn at random
   * @param traffic confidences of the whole set, without labels
   * @returns null = escalate everything
   */
  readonly choose: (
    sample: readonly RecordedRow[],
    traffic: readonly TrafficAtom[],
    target: RuleTarget,
  ) => number | null;
}

/** Ours first, then what others do with the same rows. */
export const THRESHOLD_RULES: readonly ThresholdRule[] = [
  {
    name: "joint, one look",
    about: "all",
    isPromise: true,
    choose: (sample, _, target) =>
      certifyJoint(candidatesOf(shippable(sample)), target, sample.length).threshold,
  },
  {
    name: "selective, one look",
    about: "shipped",
    isPromise: true,
    choose: (sample, traffic, target) =>
      certifyByFallback(reachable(sample, traffic, target), target).threshold,
  },
  {
    name: "selective, looks repeatable",
    about: "shipped",
    isPromise: true,
    choose: (sample, traffic, target) =>
      certifyByFallback(reachable(sample, traffic, target), {
        ...target,
        pValues: repeatablePValues(),
      }).threshold,
  },
  {
    name: "fixed sequence from the top",
    about: "shipped",
    isPromise: true,
    choose: (sample, _, target) =>
      certifyInSequence(candidatesOf(shippable(sample)), target).threshold,
  },
  {
    name: "observed rate",
    about: "shipped",
    isPromise: false,
    choose: (sample, _, { atMost }) =>
      chooseByObservedRate(candidatesOf(shippable(sample)), atMost).threshold,
  },
  {
    name: "Hoeffding sweep inside ties",
    about: "shipped",
    isPromise: false,
    choose: (sample, _, target) => chooseByHoeffdingSweep(sample.flatMap(labelled), target),
  },
];

function reachable(
  sample: readonly RecordedRow[],
  traffic: readonly TrafficAtom[],
  target: RuleTarget,
): ReturnType<typeof candidatesWithTraffic> {
  return candidatesWithTraffic(candidatesOf(shippable(sample)), traffic, sample.length, target);
}

function shippable(rows: readonly RecordedRow[]): readonly Atom[] {
  return atomsOf(rows.flatMap(labelled));
}

/** Rows without a confidence never ship; they count in the size of the sample only. */
function labelled({ confidence, isWrong }: RecordedRow): {
  readonly confidence: number;
  readonly isWrong: boolean;
}[] {
  return confidence === null ? [] : [{ confidence, isWrong }];
}
