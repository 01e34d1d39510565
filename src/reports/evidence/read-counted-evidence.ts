import type { EvidenceCountFilter, Ledger } from "../../ledger/ledger.ts";
import type { Evidence, EvidenceCount } from "../../ledger/records/evidence.ts";
import { gradeLevel } from "../../ledger/records/grade-order.ts";
import type { StratumKey } from "./choose-stratum.ts";
import { truthOf } from "./item-outcome.ts";

/** Evidence in which every item is independent of the others. */
export interface CountedEvidenceRead {
  readonly counts: readonly EvidenceCount[];
  /** Items left out because another of their cluster stands for it. */
  readonly sameCluster: (key: Pick<StratumKey, "route" | "tier">) => number;
}

/** Clustered items beyond so many, newest first, are left out. */
const MOST_CLUSTERED = 50_000;
const PAGE_ROWS = 1_000;
const DAY_MS = 86_400_000;

/**
 * Reads the roll-up of evidence. Items of one cluster (a session, a template) are alike, so of each
 * cluster one stands for all: a graded one if there is any, else any; which one does not hang on how
 * it was graded.
 */
export async function readCountedEvidence(
  ledger: Pick<Ledger, "evidenceCounts" | "evidence">,
  filter: EvidenceCountFilter,
): Promise<CountedEvidenceRead> {
  const all = await ledger.evidenceCounts(filter);
  const plain = all.filter(({ key }) => !key.isClustered);
  if (plain.length === all.length) return { counts: plain, sameCluster: () => 0 };
  const items = await readClustered(ledger, filter);
  const chosen = oneOfEachCluster(items);
  return {
    counts: [...plain, ...chosen.map(countOfItem)],
    sameCluster: ({ route, tier }) => {
      const isSame = (key: Pick<StratumKey, "route" | "tier">): boolean =>
        key.route === route && key.tier === tier;
      const clustered = all.filter(({ key }) => key.isClustered && isSame(key));
      const total = clustered.reduce((sum, count) => sum + count.items, 0);
      return Math.max(0, total - chosen.filter(isSame).length);
    },
  };
}

/** One item of each cluster and tier, graded ones first, then by id. */
export function oneOfEachCluster(items: readonly Evidence[]): readonly Evidence[] {
  const chosen = new Map<string, Evidence>();
  for (const item of items) {
    const name = JSON.stringify([item.route, item.tier, item.cluster ?? item.itemId]);
    const other = chosen.get(name);
    if (other === undefined || goesBefore(item, other)) chosen.set(name, item);
  }
  return [...chosen.values()];
}

function goesBefore(a: Evidence, b: Evidence): boolean {
  const isGraded = truthOf(a.cheap) !== null;
  if (isGraded !== (truthOf(b.cheap) !== null)) return isGraded;
  return a.itemId < b.itemId;
}

async function readClustered(
  ledger: Pick<Ledger, "evidence">,
  filter: EvidenceCountFilter,
): Promise<readonly Evidence[]> {
  const items: Evidence[] = [];
  let after: string | undefined;
  while (items.length < MOST_CLUSTERED) {
    const page = await ledger.evidence({ ...filter, isClustered: true }, PAGE_ROWS, after);
    items.push(...page.rows);
    if (page.next === null) break;
    after = page.next;
  }
  return items;
}

function countOfItem(item: Evidence): EvidenceCount {
  const { cheapCostNanoUsd, deepCostNanoUsd } = item;
  const isPriced = cheapCostNanoUsd !== null && deepCostNanoUsd !== null;
  return {
    key: {
      tier: item.tier,
      deepTier: item.deepTier,
      source: item.source,
      dataset: item.dataset,
      route: item.route,
      task: item.task,
      inputClasses: item.inputClasses,
      decision: item.decision,
      propensity: item.propensity,
      cheapModel: item.cheapModel,
      deepModel: item.deepModel,
      promptHash: item.promptHash,
      confidence: item.confidence,
      cheapMissing: item.cheapMissing,
      deepMissing: item.deepMissing,
      cheap: item.cheap,
      deep: item.deep,
      differs: item.differs,
      dayMs: Math.floor(item.createdAtMs / DAY_MS) * DAY_MS,
      isClustered: true,
      gradeLevel: gradeLevel(item.itemId),
    },
    items: 1,
    pricedItems: isPriced ? 1 : 0,
    cheapCostNanoUsd: isPriced ? cheapCostNanoUsd : 0n,
    deepCostNanoUsd: isPriced ? deepCostNanoUsd : 0n,
  };
}
