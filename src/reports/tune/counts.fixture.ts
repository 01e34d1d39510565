import type { EvidenceCount, EvidenceKey, Outcome } from "../../ledger/records/evidence.ts";

const NONE = { label: null, human: null, judge: null };

/** Items of shadow traffic of 2026-11-01 whose cheap answer a label calls right or wrong. */
export function countOf(
  confidence: number | null,
  outcome: Outcome | null,
  items: number,
  changes: Partial<EvidenceKey> = {},
): EvidenceCount {
  const key: EvidenceKey = {
    ...{ dayMs: Date.UTC(2026, 10, 1), tier: 0, deepTier: 1, route: "support", task: null },
    ...{ source: "traffic", dataset: null, inputClasses: [], decision: "shadowed", propensity: 1 },
    ...{ cheapModel: "cheap", deepModel: "deep", promptHash: "p1", differs: null },
    ...{ confidence, cheapMissing: null, deepMissing: null, isClustered: false, gradeLevel: 0 },
    ...{ cheap: { ...NONE, label: outcome }, deep: NONE },
    ...changes,
  };
  return { key, items, pricedItems: 0, cheapCostNanoUsd: 0n, deepCostNanoUsd: 0n };
}
