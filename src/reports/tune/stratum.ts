import { bestOutcome } from "../../ledger/records/best-outcome.ts";
import type { EvidenceCount, EvidenceKey } from "../../ledger/records/evidence.ts";
import { lacksDeep } from "../lacks-deep.ts";

/** Evidence never crosses a change of these three. Null = not known. */
export type EvidenceStratum = Pick<EvidenceKey, "cheapModel" | "deepModel" | "promptHash">;

/**
 * The stratum to tune: one with graded items before one without, then the one with the newest day,
 * with the most items, and by name, so that the order of the counts decides nothing. Rows without a
 * deep answer name no deep model: they choose one only where no other rows are like them.
 */
export function newestStratum(counts: readonly EvidenceCount[]): EvidenceStratum | null {
  const strata = new Map<string, StratumFacts>();
  for (const { key, items } of counts) {
    const name = `${nameOf(key)} ${String(lacksDeep(key))}`;
    const facts = strata.get(name) ?? { name, key, graded: 0, dayMs: 0, items: 0 };
    if (facts.graded === 0 && bestOutcome(key.cheap) !== null) facts.graded = 1;
    facts.dayMs = Math.max(facts.dayMs, key.dayMs);
    facts.items += items;
    strata.set(name, facts);
  }
  const ordered = [...strata.values()].toSorted(
    (a, b) =>
      b.graded - a.graded || b.dayMs - a.dayMs || b.items - a.items || (a.name < b.name ? -1 : 1),
  );
  const [first] = ordered;
  if (first === undefined) return null;
  const isNamed = ({ key }: StratumFacts): boolean => !lacksDeep(key) && isLike(first.key, key);
  const { key } = (lacksDeep(first.key) ? ordered.find(isNamed) : undefined) ?? first;
  const { cheapModel, deepModel, promptHash } = key;
  return { cheapModel, deepModel, promptHash };
}

/** Whether something is of the stratum; of none, nothing is. */
export function isOfStratum(stratum: EvidenceStratum | null, key: StratumRow): boolean {
  return (
    stratum !== null &&
    isLike(stratum, key) &&
    (key.deepModel === stratum.deepModel || lacksDeep(key))
  );
}

function isLike(one: EvidenceStratum, other: EvidenceStratum): boolean {
  return one.cheapModel === other.cheapModel && one.promptHash === other.promptHash;
}

type StratumRow = EvidenceStratum & Pick<EvidenceKey, "deepMissing">;

interface StratumFacts {
  readonly name: string;
  readonly key: EvidenceKey;
  graded: 0 | 1;
  dayMs: number;
  items: number;
}

function nameOf({ cheapModel, deepModel, promptHash }: EvidenceStratum): string {
  return JSON.stringify([cheapModel, deepModel, promptHash]);
}
