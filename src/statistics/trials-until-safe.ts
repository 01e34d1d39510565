import { logSafeRateEvidence } from "./safe-rate-evidence.ts";
import { smallestInteger } from "./smallest-integer.ts";
import { requireArgument, requireOpenShare } from "./statistics-argument.ts";

/**
 * With how many trials, at the earliest, a rate below `atMost` is proved in a sequence of looks when
 * `hits` of them are hits: the first whole number at which `logSafeRateEvidence` reaches
 * ln(1/failureProbability).
 */
export function trialsUntilSafe(hits: number, atMost: number, failureProbability: number): number {
  requireArgument(Number.isSafeInteger(hits) && hits >= 0, "a whole number of hits", { hits });
  requireOpenShare("atMost", atMost);
  requireOpenShare("failureProbability", failureProbability);
  const wanted = -Math.log(failureProbability);
  // Every further miss multiplies the evidence by more than 1, so it can be searched by halving.
  const isSafe = (trials: number): boolean => logSafeRateEvidence(hits, trials, atMost) >= wanted;
  let [low, high] = [hits, hits + 1];
  while (!isSafe(high)) [low, high] = [high, high * 2];
  return smallestInteger(low, high, isSafe);
}
