import type { ThresholdVersion } from "../../ledger/ledger.ts";

/**
 * The confidence from which on every triage in the time was read to its end: the strictest threshold
 * that was in force. Below it live triages were closed as soon as their confidence was known. Errs on
 * the safe side where a configured threshold was changed without a version.
 *
 * @param threshold in force now; null = none
 * @param versions of the route, newest first
 */
export function readingStart(
  threshold: number | null,
  versions: readonly ThresholdVersion[],
  tier: number,
  fromMs: number,
): number | null {
  const ofTier = versions.filter((version) => version.tier === tier);
  const inTime = ofTier.filter(({ createdAtMs }) => createdAtMs >= fromMs);
  const before = ofTier.find(({ createdAtMs }) => createdAtMs < fromMs);
  const inForce = [
    ...(threshold === null ? [] : [threshold]),
    ...inTime.flatMap((version) => [version.threshold, version.configuredThreshold]),
    ...(before === undefined ? [] : [before.threshold]),
  ];
  return inForce.length === 0 ? null : Math.max(...inForce);
}
