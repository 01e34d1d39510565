import type { ControlPlan, ControlState } from "./control-threshold.ts";

/** Of the near misses that traffic has, so many must stand behind a proof. */
const LEAST_NEAR_MISSES = 0.9;

/** Looks at what was graded and not at what came of it, so that a proof may wait for it. */
export function speaksForNearMisses(
  { stated }: ControlPlan,
  { threshold, weightForLowering, nearMissWeight }: ControlState,
  to: number,
): boolean {
  if (stated === undefined) return true;
  const triagesOf = (is: (confidence: number) => boolean): number =>
    stated.reduce((sum, { confidence, triages }) => sum + (is(confidence) ? triages : 0), 0);
  const wouldShip = triagesOf((confidence) => confidence >= to);
  if (wouldShip === 0) return false;
  const share = triagesOf((confidence) => confidence >= to && confidence < threshold) / wouldShip;
  return nearMissWeight >= LEAST_NEAR_MISSES * share * weightForLowering;
}
