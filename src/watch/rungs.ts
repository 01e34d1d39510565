import type { TriageCount } from "../ledger/records/evidence.ts";

/** Rarer values are no rung of their own; a step over one would change next to nothing. */
const LEAST_SHARE = 0.005;

/** Models state a handful of round values. */
const MOST_RUNGS = 100;

/**
 * The thresholds that a controller may stand on: the confidences that a tier has stated, and above all
 * of them the one that never ships. From traffic alone, graded or not.
 *
 * @param counts of one route
 * @param neverShip above every confidence
 */
export function rungsOf(
  counts: readonly Pick<
    TriageCount,
    "tier" | "model" | "promptHash" | "confidence" | "failureCode" | "triages"
  >[],
  of: { readonly tier: number; readonly model: string; readonly promptHash: string },
  neverShip: number,
): readonly number[] {
  const byValue = new Map<number, number>();
  let total = 0;
  for (const { tier, model, promptHash, confidence, triages } of counts) {
    const isOurs = tier === of.tier && model === of.model && promptHash === of.promptHash;
    if (!isOurs || confidence === null) continue;
    total += triages;
    byValue.set(confidence, (byValue.get(confidence) ?? 0) + triages);
  }
  const values = [...byValue]
    .filter(([, count]) => count >= LEAST_SHARE * total)
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, MOST_RUNGS)
    .map(([value]) => value)
    .filter((value) => value < neverShip);
  return [...values.toSorted((one, other) => one - other), neverShip];
}
