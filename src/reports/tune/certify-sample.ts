import { certificationOf, type Certification } from "../../statistics/certification.ts";
import { fallbackProcedure, geometricWeights } from "../../statistics/fallback-procedure.ts";
import { judgedPValue, judgedUpperBound } from "../../statistics/judged-rate.ts";
import { pooledPValue, pooledUpperBound } from "../../statistics/pooled-rate.ts";
import {
  certifyRelative,
  type RelativeCandidate,
  type ShippingEffects,
} from "../../statistics/relative-accuracy.ts";
import { shipsFrom, type ThresholdEvidence } from "./threshold-evidence.ts";
import type { TuningGoal } from "./tuning-goal.ts";
import type { SampleCell } from "./tuning-sample.ts";

/**
 * Tests thresholds against the goal.
 *
 * For a joint goal each threshold gets the whole failure probability, and no correction for their
 * number is needed: a looser threshold ships what a stricter one ships and more, so among those that
 * break the target there is a strictest. The walk ends at the first that fails, so if any that breaks
 * the target is certified, that one has passed; and it passes, at whatever look, with at most this
 * probability.
 *
 * @param evidences strictest first; the thresholds must not depend on the outcomes
 * @param failureProbability what is left of the goal's
 */
export function certifySample(
  evidences: readonly ThresholdEvidence[],
  goal: TuningGoal,
  failureProbability: number,
): Certification {
  const { target, atMost } = goal;
  if (target === "relative") {
    const candidates = evidences.map(({ threshold, shipped, cells }): RelativeCandidate => {
      return { threshold, shipped, ...shippingEffects(cells, threshold) };
    });
    return certifyRelative(candidates, { atMost, failureProbability });
  }
  const pValues = evidences.map((evidence) => pValueOf(evidence, goal));
  const levels =
    target === "joint"
      ? untilTheFirstFailure(pValues, failureProbability)
      : fallbackProcedure(pValues, geometricWeights(pValues.length), failureProbability);
  return certificationOf(
    target,
    evidences.map((evidence, i) => ({
      threshold: evidence.threshold,
      hits: evidence.wrong,
      trials: target === "joint" ? trialsOf(evidence) : evidence.shipped,
      level: levels[i]?.level ?? 0,
      p: pValues[i] ?? 1,
      upperBound: upperBoundOf(evidence, goal, failureProbability),
      isCertified: levels[i]?.isCertified ?? false,
    })),
  );
}

/** Upper bound of the promised rate at one threshold; not for a relative goal. */
export function upperBoundOf(
  { samples, check }: ThresholdEvidence,
  { graders, looks }: Pick<TuningGoal, "graders" | "looks">,
  failureProbability: number,
): number {
  if (samples.length === 0) return 1;
  return graders === "judge"
    ? judgedUpperBound(samples, check, failureProbability, looks)
    : pooledUpperBound(samples, failureProbability, looks);
}

/**
 * What shipping from a threshold on does to rows of which both answers are graded. A deep answer that
 * nobody could decide was right where the shipped one is wrong; elsewhere it speaks for nothing.
 */
export function shippingEffects(cells: readonly SampleCell[], threshold: number): ShippingEffects {
  const ships = shipsFrom(threshold);
  let [harmed, helped, otherDeepRight] = [0, 0, 0];
  for (const cell of cells) {
    const { isWrong, isDeepWrong, undecided, rows } = cell;
    const isShipped = ships(cell);
    const mayBeDeepRight = isDeepWrong === false || undecided === "deep" || undecided === "both";
    if (mayBeDeepRight && isShipped && isWrong === true) harmed += rows;
    else if (isDeepWrong === false) otherDeepRight += rows;
    else if (isDeepWrong === true && isShipped && isWrong === false) helped += rows;
  }
  return { harmed, helped, otherDeepRight };
}

/** All rows that a joint rate is over, the ungraded ones below the threshold included. */
export function trialsOf({ cells }: ThresholdEvidence): number {
  return cells.reduce((sum, { rows }) => sum + rows, 0);
}

function pValueOf(
  { samples, check }: ThresholdEvidence,
  { graders, atMost, looks }: TuningGoal,
): number {
  if (samples.length === 0) return 1;
  return graders === "judge"
    ? judgedPValue(samples, check, atMost, looks)
    : pooledPValue(samples, atMost, looks);
}

function untilTheFirstFailure(
  pValues: readonly number[],
  level: number,
): readonly { readonly level: number; readonly isCertified: boolean }[] {
  let isOpen = true;
  return pValues.map((p) => {
    isOpen &&= p <= level;
    return { level, isCertified: isOpen };
  });
}
