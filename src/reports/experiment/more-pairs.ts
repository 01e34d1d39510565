import {
  pairedNonInferiority,
  type PairedCounts,
} from "../../statistics/paired-non-inferiority.ts";
import { smallestInteger } from "../../statistics/smallest-integer.ts";

/** No plan reaches further. */
const MOST_PAIRS = 1_000_000;

/**
 * About so many more pairs show that the cascade is not worse, if they turn out like those there are;
 * null when no number of them would. A plan, not a promise. Half a pair is added to either side, so
 * that a few pairs without any harm do not count as proof that there is none.
 */
export function morePairs(
  counts: PairedCounts,
  margin: number,
  failureProbability: number,
): number | null {
  const { harmed, helped, pairs } = counts;
  const smoothed = (hits: number): number => (hits + 0.5) / (pairs + 1);
  const [harm, help] = [smoothed(harmed), smoothed(helped)];
  const suffices = (more: number): boolean => {
    const isEarly = pairs < FEW;
    const later = {
      harmed: harmed + (isEarly ? 0 : Math.round(harm * more)),
      helped: helped + (isEarly ? 0 : Math.round(help * more)),
      pairs: pairs + more,
    };
    return pairedNonInferiority(later, margin, failureProbability).conclusion === "not_worse";
  };
  if (pairs >= FEW && help - harm <= -margin) return null;
  if (!suffices(MOST_PAIRS)) return null;
  return smallestInteger(0, MOST_PAIRS, suffices);
}

/** Below it nothing is known of how often pairs differ: what it takes at least is said instead. */
const FEW = 100;
