import { detectorTotal, SUSPICION_LEVEL } from "./error-watch.ts";
import type { ControlState } from "./control-threshold.ts";

/** Half of what raises a threshold: however little verdicts weigh, a closer look comes before. */
const MOST = 1_000;

/** About so many verdicts are remembered of what they weighed. */
const REMEMBERED = 50;

/**
 * Whether grading is to be made denser until this falls again, or ends in an alarm. A detector of
 * lighter verdicts moves, up and down, as one of fewer verdicts does and so rests higher: at a weight
 * of a quarter at four times as much. The level is as much higher.
 */
export function isSuspicious({
  detector,
  meanWeight = 1,
}: Pick<ControlState, "detector" | "meanWeight">): boolean {
  return detectorTotal(detector) >= Math.min(MOST, SUSPICION_LEVEL / meanWeight);
}

/** @param before absent = there was no verdict yet */
export function fadedWeight(before: number | undefined, weight: number): number {
  return before === undefined ? weight : before + (weight - before) / REMEMBERED;
}
