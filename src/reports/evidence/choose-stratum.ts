import type { EvidenceCount, EvidenceKey } from "../../ledger/records/evidence.ts";
import { lacksDeep } from "../lacks-deep.ts";
import { isUntold, itemsIn, truthOf } from "./item-outcome.ts";

/** What evidence must have in common to be counted together. */
export type StratumKey = Pick<
  EvidenceKey,
  "route" | "tier" | "deepTier" | "source" | "cheapModel" | "deepModel" | "promptHash"
>;

/** The evidence a report is about, and what it leaves out. */
export interface Stratum {
  readonly key: StratumKey;
  readonly counts: readonly EvidenceCount[];
  readonly leftOut: readonly LeftOut[];
}

export interface LeftOut {
  readonly reason:
    | "other_models"
    | "other_prompt"
    | "other_source"
    | "same_cluster"
    | "unknown_propensity"
    | "disputed"
    | "cannot_tell";
  readonly items: number;
}

/**
 * The newest evidence of each tier: that of the models and the prompt which were last seen, and
 * nothing from before they changed. Traffic goes before imports where any of it is graded, as an
 * import is another population. One entry per route and tier, by name and position.
 *
 * @param sameCluster items that were left out because one of their cluster stands for it
 */
export function chooseStrata(
  counts: readonly EvidenceCount[],
  sameCluster: (key: Pick<StratumKey, "route" | "tier">) => number = () => 0,
): readonly Stratum[] {
  const tiers = Map.groupBy(counts, ({ key }) => JSON.stringify([key.route, key.tier]));
  return [...tiers.values()]
    .flatMap((rows) => chooseOne(rows, sameCluster) ?? [])
    .toSorted((a, b) => compare(a.key.route, b.key.route) || a.key.tier - b.key.tier);
}

/** Whether a triage, which knows no deep model, belongs to the stratum. */
export function isOfStratum(
  triage: { route: string; tier: number; model: string; promptHash: string | null },
  { route, tier, cheapModel, promptHash }: StratumKey,
): boolean {
  return (
    triage.route === route &&
    triage.tier === tier &&
    triage.promptHash === promptHash &&
    (cheapModel === null || triage.model === cheapModel)
  );
}

function chooseOne(
  rows: readonly EvidenceCount[],
  sameCluster: (key: Pick<StratumKey, "route" | "tier">) => number,
): Stratum | null {
  const source = sourceOf(rows);
  const ofSource = rows.filter(({ key }) => key.source === source);
  const key = newestKey(ofSource);
  if (key === null) return null;
  const isSameModels = (other: EvidenceKey): boolean =>
    other.cheapModel === key.cheapModel &&
    (other.deepModel === key.deepModel || lacksDeep(other)) &&
    other.deepTier === key.deepTier;
  const sameModels = ofSource.filter((row) => isSameModels(row.key));
  const counts = sameModels.filter((row) => row.key.promptHash === key.promptHash);
  const leftOut: LeftOut[] = [
    { reason: "other_models", items: itemsIn(ofSource) - itemsIn(sameModels) },
    { reason: "other_prompt", items: itemsIn(sameModels) - itemsIn(counts) },
    { reason: "other_source", items: itemsIn(rows) - itemsIn(ofSource) },
    { reason: "same_cluster", items: sameCluster(key) },
    {
      reason: "unknown_propensity",
      items: itemsIn(counts.filter((row) => row.key.propensity === null)),
    },
    { reason: "disputed", items: itemsIn(counts.filter(isDisputed)) },
    { reason: "cannot_tell", items: itemsIn(counts.filter(isNotToldOf)) },
  ];
  return { key, counts, leftOut: leftOut.filter(({ items }) => items > 0) };
}

function sourceOf(rows: readonly EvidenceCount[]): EvidenceKey["source"] {
  const traffic = rows.filter(({ key }) => key.source === "traffic");
  const isGraded = traffic.some(({ key }) => truthOf(key.cheap) !== null);
  return isGraded || traffic.length === rows.length ? "traffic" : "import";
}

function isDisputed({ key }: EvidenceCount): boolean {
  return [key.cheap, key.deep].some((one) => truthOf(one) === "disputed" && !isUntold(one));
}

/** Each item is told of once. */
function isNotToldOf(count: EvidenceCount): boolean {
  const { cheap, deep } = count.key;
  return !isDisputed(count) && (isUntold(cheap) || isUntold(deep));
}

/**
 * Of the newest day the one with the most items; by name where even that is equal. Rows without a deep
 * answer name no deep model: they choose one only where no other rows are like them.
 */
function newestKey(rows: readonly EvidenceCount[]): StratumKey | null {
  const newest = newestOf(rows);
  if (newest === null || newest.deepModel !== null) return newest;
  const name = JSON.stringify(newest);
  const isNewest = ({ key }: EvidenceCount): boolean => JSON.stringify(stratumKey(key)) === name;
  if (!rows.filter(isNewest).every(({ key }) => lacksDeep(key))) return newest;
  const isNamed = ({ key }: EvidenceCount): boolean =>
    key.deepModel !== null &&
    key.cheapModel === newest.cheapModel &&
    key.promptHash === newest.promptHash;
  return newestOf(rows.filter(isNamed)) ?? newest;
}

function newestOf(rows: readonly EvidenceCount[]): StratumKey | null {
  const newestDayMs = Math.max(...rows.map(({ key }) => key.dayMs));
  const items = new Map<string, { key: StratumKey; items: number }>();
  for (const row of rows) {
    if (row.key.dayMs !== newestDayMs) continue;
    const key = stratumKey(row.key);
    const name = JSON.stringify(key);
    items.set(name, { key, items: (items.get(name)?.items ?? 0) + row.items });
  }
  const [first] = [...items].toSorted(
    ([nameA, a], [nameB, b]) => b.items - a.items || compare(nameA, nameB),
  );
  return first === undefined ? null : first[1].key;
}

function stratumKey(key: EvidenceKey): StratumKey {
  const { route, tier, deepTier, source, cheapModel, deepModel, promptHash } = key;
  return { route, tier, deepTier, source, cheapModel, deepModel, promptHash };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
