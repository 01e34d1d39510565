import type {
  EvidenceCount,
  EvidenceKey,
  Outcome,
  Outcomes,
  TriageCount,
} from "../../ledger/records/evidence.ts";

export const DAY: number = Date.UTC(2026, 10, 20);

export const UNGRADED: Outcomes = { label: null, human: null, judge: null };

export function humanSays(outcome: Outcome): Outcomes {
  return { ...UNGRADED, human: outcome };
}

/** Evidence of a shadowed support request, for tests. */
export function exampleCount(items: number, changes: Partial<EvidenceKey> = {}): EvidenceCount {
  return {
    key: {
      dayMs: DAY,
      tier: 0,
      deepTier: 1,
      source: "traffic",
      dataset: null,
      route: "support",
      task: null,
      inputClasses: ["length:short"],
      decision: "shadowed",
      propensity: 1,
      cheapModel: "claude-haiku-4-5",
      deepModel: "claude-opus-4-7",
      promptHash: "0123456789abcdef",
      confidence: 0.9,
      cheapMissing: null,
      deepMissing: null,
      cheap: UNGRADED,
      deep: UNGRADED,
      differs: null,
      isClustered: false,
      gradeLevel: 0,
      ...changes,
    },
    items,
    pricedItems: items,
    cheapCostNanoUsd: BigInt(items) * 1_000_000n,
    deepCostNanoUsd: BigInt(items) * 10_000_000n,
  };
}

/** Right and wrong items at one confidence, graded by people. */
export function gradedCounts(
  confidence: number,
  right: number,
  wrong: number,
  changes: Partial<EvidenceKey> = {},
): readonly EvidenceCount[] {
  return [
    exampleCount(right, { confidence, cheap: humanSays("right"), ...changes }),
    exampleCount(wrong, { confidence, cheap: humanSays("wrong"), ...changes }),
  ].filter(({ items }) => items > 0);
}

export function exampleTriages(triages: number, changes: Partial<TriageCount> = {}): TriageCount {
  return {
    dayMs: DAY,
    route: "support",
    task: null,
    tier: 0,
    role: "shadow_triage",
    model: "claude-haiku-4-5",
    promptHash: "0123456789abcdef",
    confidence: 0.9,
    failureCode: null,
    triages,
    pricedTriages: triages,
    costNanoUsd: BigInt(triages) * 1_000_000n,
    ...changes,
  };
}
