import type { TriageCount } from "../ledger/records/evidence.ts";
import type { StatedCount } from "./control-threshold.ts";

/** Rarer values are no rung of their own; a step over one would change next to nothing. */
const LEAST_SHARE = 0.005;

/** Models state a handful of round values. */
const MOST_RUNGS = 100;

type Stated = Pick<
  TriageCount,
  "tier" | "model" | "promptHash" | "confidence" | "failureCode" | "triages"
>;

/** How many triages of a tier stated what, graded or not. */
export function statedCounts(
  counts: readonly Stated[],
  of: { readonly tier: number; readonly model: string; readonly promptHash: string },
): readonly StatedCount[] {
  const byValue = new Map<number, number>();
  for (const { tier, model, promptHash, confidence, triages } of counts) {
    const isOurs = tier === of.tier && model === of.model && promptHash === of.promptHash;
    if (!isOurs || confidence === null) continue;
    byValue.set(confidence, (byValue.get(confidence) ?? 0) + triages);
  }
  return [...byValue].map(([confidence, triages]) => ({ confidence, triages }));
}

/**
 * The thresholds that a controller may stand on: the confidences that a tier has stated, and above all
 * of them the one that never ships. From traffic alone, graded or not.
 *
 * @param neverShip above every confidence
 */
export function rungsOf(stated: readonly StatedCount[], neverShip: number): readonly number[] {
  const total = stated.reduce((sum, { triages }) => sum + triages, 0);
  const values = stated
    .filter(({ triages }) => triages >= LEAST_SHARE * total)
    .toSorted((one, other) => other.triages - one.triages)
    .slice(0, MOST_RUNGS)
    .map(({ confidence }) => confidence)
    .filter((value) => value < neverShip);
  return [...values.toSorted((one, other) => one - other), neverShip];
}
