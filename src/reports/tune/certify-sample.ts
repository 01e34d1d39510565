import { anytimeUpperBound } from "../../statistics/anytime-upper-bound.ts";
import { certificationOf, type Certification } from "../../statistics/certification.ts";
import { certifyByFallback } from "../../statistics/certify-selective.ts";
import { certifyJoint } from "../../statistics/certify-joint.ts";
import { EXACT_P_VALUES, repeatablePValues } from "../../statistics/p-value-source.ts";
import {
  certifyRelative,
  type RelativeCandidate,
  type ShippingEffects,
} from "../../statistics/relative-accuracy.ts";
import { logSafeRateEvidence } from "../../statistics/safe-rate-evidence.ts";
import { shippedFrom, type SampleCell, type TuningTarget } from "./tuning-sample.ts";

/** What is to be promised, and how often one will look at the evidence. */
export interface TuningGoal {
  readonly target: TuningTarget;
  /** Allowed rate, between 0 and 1. */
  readonly atMost: number;
  /** Probability with which the promise is kept, between 0 and 1. */
  readonly confidence: number;
  /** `once` takes fewer labels and is void from the second look on. */
  readonly looks: "any_time" | "once";
}

/**
 * Tests thresholds against the goal.
 *
 * @param thresholds strictest first; must not depend on the outcomes
 */
export function certifySample(
  cells: readonly SampleCell[],
  thresholds: readonly number[],
  goal: TuningGoal,
): Certification {
  const { target, atMost, looks } = goal;
  const failureProbability = failureProbabilityOf(goal);
  if (target === "relative") {
    const candidates = thresholds.map((threshold): RelativeCandidate => {
      const { shipped } = shippedFrom(cells, threshold);
      return { threshold, shipped, ...shippingEffects(cells, threshold) };
    });
    return certifyRelative(candidates, { atMost, failureProbability });
  }
  const candidates = thresholds.map((threshold) => {
    const { shipped, wrong } = shippedFrom(cells, threshold);
    return { threshold, hits: wrong, trials: shipped };
  });
  if (target === "selective") {
    const pValues = looks === "once" ? EXACT_P_VALUES : repeatablePValues();
    return certifyByFallback(candidates, { atMost, failureProbability, pValues });
  }
  const { rows } = shippedFrom(cells, Infinity);
  if (looks === "once") return certifyJoint(candidates, { atMost, failureProbability }, rows);
  return certifyJointAnyTime(candidates, rows, atMost, failureProbability);
}

export function failureProbabilityOf({ confidence }: Pick<TuningGoal, "confidence">): number {
  // Without the rounding 1 − 0.95 would be a hair above 0.05.
  return Number((1 - confidence).toPrecision(12));
}

/** What shipping from a threshold on does to rows of which both answers are graded. */
export function shippingEffects(cells: readonly SampleCell[], threshold: number): ShippingEffects {
  let [harmed, helped, otherDeepRight] = [0, 0, 0];
  for (const { confidence, isWrong, isDeepWrong, rows } of cells) {
    const ships = confidence !== null && confidence >= threshold;
    if (isDeepWrong === false && ships && isWrong) harmed += rows;
    else if (isDeepWrong === false) otherDeepRight += rows;
    else if (isDeepWrong === true && ships && !isWrong) helped += rows;
  }
  return { harmed, helped, otherDeepRight };
}

/**
 * Each threshold gets the whole failure probability, and no correction for their number is needed:
 * all are rates over the same rows, and a looser threshold ships what a stricter one ships and more.
 * So if any threshold that breaks the target is certified, the strictest of those that break it has
 * passed too, and that one hypothesis passes, at whatever look, with at most this probability.
 */
function certifyJointAnyTime(
  candidates: readonly { threshold: number; hits: number; trials: number }[],
  rows: number,
  atMost: number,
  failureProbability: number,
): Certification {
  let isOpen = true;
  return certificationOf(
    "joint",
    candidates.map((candidate) => {
      const p = Math.min(1, Math.exp(-logSafeRateEvidence(candidate.hits, rows, atMost)));
      isOpen &&= p <= failureProbability;
      return {
        ...candidate,
        level: failureProbability,
        p,
        upperBound: anytimeUpperBound(candidate.hits, rows, failureProbability),
        isCertified: isOpen,
      };
    }),
  );
}
