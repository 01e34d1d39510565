import type { TriageCount } from "../../ledger/records/evidence.ts";
import { anytimeLowerBound } from "../../statistics/anytime-lower-bound.ts";
import { anytimeUpperBound } from "../../statistics/anytime-upper-bound.ts";
import type { TuningSample } from "./tuning-sample.ts";

/** How much of the traffic ships from a threshold on. */
export interface ShareShipped {
  /** Of all triaged requests, 0–1; null = not known. */
  readonly estimate: (threshold: number) => number | null;
  /** Bounds that hold at all looks at once; null without triages. */
  readonly bounds: (
    threshold: number,
    failureProbability: number,
  ) => { readonly low: number; readonly high: number } | null;
}

/** Triages of the first tier by the models and the prompt of a stratum. */
export function triagesOf(
  triages: readonly TriageCount[],
  stratum: TuningSample["stratum"],
  tier = 0,
): readonly TriageCount[] {
  return triages.filter(
    (count) =>
      count.tier === tier &&
      count.model === stratum?.cheapModel &&
      count.promptHash === stratum.promptHash,
  );
}

/**
 * From all triages of the stratum; the estimate without any from its evidence. A triage that was closed
 * below the threshold in force counts as one that another threshold might have shipped, which not all
 * would have been: at such thresholds the share errs upwards, which is the safe side for a
 * certificate.
 *
 * @param triages of the stratum
 */
export function shareShippedBy(
  { stated, stratumItems }: Pick<TuningSample, "stated" | "stratumItems">,
  triages: readonly TriageCount[],
): ShareShipped {
  const all = triages.reduce((sum, count) => sum + count.triages, 0);
  const able = new Map<number, number>();
  for (const { confidence, failureCode, triages: rows } of triages) {
    if (confidence === null || failureCode !== null) continue;
    able.set(confidence, (able.get(confidence) ?? 0) + rows);
  }
  const rows = all === 0 ? stated.map((one) => [one.confidence, one.rows] as const) : [...able];
  const of = all === 0 ? stratumItems : all;
  const reached = (threshold: number): number =>
    rows.reduce((sum, [confidence, count]) => (confidence >= threshold ? sum + count : sum), 0);
  return {
    estimate: (threshold) => (of === 0 ? null : reached(threshold) / of),
    bounds: (threshold, failureProbability) =>
      all === 0
        ? null
        : {
            low: anytimeLowerBound(reached(threshold), all, failureProbability),
            high: anytimeUpperBound(reached(threshold), all, failureProbability),
          },
  };
}
