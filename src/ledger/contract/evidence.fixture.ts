import fc from "fast-check";
import type { Evidence, EvidenceCount, Grade, Outcomes } from "../records/evidence.ts";
import type { Ledger, LedgerEntry } from "../ledger.ts";
import { gradeLevel } from "../records/grade-order.ts";
import { START_MS } from "./records.fixture.ts";

const UNGRADED: Outcomes = { label: null, human: null, judge: null };

/** A compared item as a route in shadow makes them; change what a test is about. */
export function evidenceOf(itemId: string, changes: Partial<Evidence> = {}): Evidence {
  return {
    itemId,
    tier: 0,
    deepTier: 1,
    source: "traffic",
    dataset: null,
    route: "support",
    task: null,
    createdAtMs: START_MS,
    cluster: null,
    inputClasses: ["length:short"],
    decision: "shadowed",
    propensity: 1,
    cheapModel: "claude-haiku-4-5",
    deepModel: "claude-opus-4-7",
    promptHash: "ph_1",
    confidence: 0.9,
    cheapMissing: null,
    deepMissing: null,
    cheapCostNanoUsd: 1_500_000n,
    deepCostNanoUsd: 22_000_000n,
    cheapLatencyMs: 410.5,
    deepLatencyMs: 2_100,
    cheap: UNGRADED,
    deep: UNGRADED,
    differs: null,
    ...changes,
  };
}

export function gradeOf(id: string, itemId: string, changes: Partial<Grade> = {}): Grade {
  return {
    id,
    itemId,
    tier: 0,
    by: "human",
    outcome: "right",
    grader: "ada",
    createdAtMs: START_MS + 1_000,
    isRepeat: false,
    note: null,
    retractedAtMs: null,
    ...changes,
  };
}

export function evidenceEntry(evidence: Evidence): LedgerEntry {
  return { kind: "evidence", evidence };
}

export function gradeEntry(grade: Grade): LedgerEntry {
  return { kind: "grade", grade };
}

const outcome = fc.constantFrom("right", "wrong", "disputed", "cannot_tell", null);
const outcomes: fc.Arbitrary<Outcomes> = fc.record({
  label: outcome,
  human: outcome,
  judge: outcome,
});
const money = fc.option(fc.bigInt(0n, 10n ** 15n));
const text = fc.constantFrom("", "a", "'; DROP TABLE evidence; --", "ünï \u0000");

/** Items of two routes and days, told apart by few facts, so that several share a key. */
export function anyEvidence(itemId: string): fc.Arbitrary<Evidence> {
  return fc.record({
    itemId: fc.constant(itemId),
    tier: fc.constant(0),
    deepTier: fc.constantFrom(1, 2),
    source: fc.constantFrom("traffic", "import"),
    dataset: fc.option(text),
    route: fc.constantFrom("support", "search"),
    task: fc.option(text),
    createdAtMs: fc.constantFrom(START_MS, START_MS + 1, START_MS + 86_400_000),
    cluster: fc.option(text),
    inputClasses: fc.constantFrom([], ["length:short"], ["length:short", "has:code"]),
    decision: fc.constantFrom("shipped", "shadowed", "escalated", "imported"),
    propensity: fc.constantFrom(1, 0.1, null),
    cheapModel: fc.option(text),
    deepModel: fc.option(text),
    promptHash: fc.option(text),
    confidence: fc.constantFrom(0, 0.1 + 0.2, 0.9, 1, null),
    cheapMissing: fc.constantFrom(null, "refused"),
    deepMissing: fc.constantFrom(null, "over_budget"),
    cheapCostNanoUsd: money,
    deepCostNanoUsd: money,
    cheapLatencyMs: fc.constantFrom(null, 12.5),
    deepLatencyMs: fc.constantFrom(null, 0),
    cheap: outcomes,
    deep: outcomes,
    differs: fc.constantFrom(true, false, null),
  });
}

/** The roll-up as it must be, counted from the items themselves. */
export async function recount(ledger: Ledger): Promise<readonly string[]> {
  const counts = new Map<string, { items: number; priced: number; cheap: bigint; deep: bigint }>();
  let after: string | undefined;
  do {
    const page = await ledger.evidence({}, 1_000, after);
    for (const item of page.rows) {
      const key = keyText({
        ...item,
        dayMs: Math.floor(item.createdAtMs / 86_400_000) * 86_400_000,
        isClustered: item.cluster !== null,
        gradeLevel: gradeLevel(item.itemId),
      });
      const sums = counts.get(key) ?? { items: 0, priced: 0, cheap: 0n, deep: 0n };
      sums.items += 1;
      if (item.cheapCostNanoUsd !== null && item.deepCostNanoUsd !== null) {
        sums.priced += 1;
        sums.cheap += item.cheapCostNanoUsd;
        sums.deep += item.deepCostNanoUsd;
      }
      counts.set(key, sums);
    }
    after = page.next ?? undefined;
  } while (after !== undefined);
  return [...counts].map(([key, sums]) => countText(key, Object.values(sums))).toSorted();
}

export async function rolledUp(ledger: Ledger): Promise<readonly string[]> {
  const counts = await ledger.evidenceCounts({});
  return counts
    .map(({ key, items, pricedItems, cheapCostNanoUsd, deepCostNanoUsd }) =>
      countText(keyText(key), [items, pricedItems, cheapCostNanoUsd, deepCostNanoUsd]),
    )
    .toSorted();
}

function keyText(key: EvidenceCount["key"]): string {
  const {
    dayMs,
    isClustered,
    gradeLevel: level,
    tier,
    deepTier,
    source,
    dataset,
    route,
    task,
  } = key;
  const { inputClasses, decision, propensity, cheapModel, deepModel, promptHash } = key;
  const { confidence, cheapMissing, deepMissing, cheap, deep, differs } = key;
  return JSON.stringify([
    ...[
      dayMs,
      isClustered,
      level,
      tier,
      deepTier,
      source,
      dataset,
      route,
      task,
      inputClasses,
      decision,
    ],
    ...[propensity, cheapModel, deepModel, promptHash, confidence, cheapMissing, deepMissing],
    ...[cheap.label, cheap.human, cheap.judge, deep.label, deep.human, deep.judge, differs],
  ]);
}

function countText(key: string, sums: readonly (number | bigint)[]): string {
  return `${key} ${sums.map(String).join(" ")}`;
}
