import { bestOutcome } from "../../ledger/records/best-outcome.ts";
import type { EvidenceCount, EvidenceKey } from "../../ledger/records/evidence.ts";

/** Evidence never crosses a change of these three. Null = not known. */
export type EvidenceStratum = Pick<EvidenceKey, "cheapModel" | "deepModel" | "promptHash">;

/**
 * The stratum to tune: one with graded items before one without, then the one with the newest day,
 * with the most items, and by name, so that the order of the counts decides nothing.
 */
export function newestStratum(counts: readonly EvidenceCount[]): EvidenceStratum | null {
  const strata = new Map<string, StratumFacts>();
  for (const { key, items } of counts) {
    const name = nameOf(key);
    const facts = strata.get(name) ?? { name, key, graded: 0, dayMs: 0, items: 0 };
    if (facts.graded === 0 && bestOutcome(key.cheap) !== null) facts.graded = 1;
    facts.dayMs = Math.max(facts.dayMs, key.dayMs);
    facts.items += items;
    strata.set(name, facts);
  }
  const [chosen] = [...strata.values()].toSorted(
    (a, b) =>
      b.graded - a.graded || b.dayMs - a.dayMs || b.items - a.items || (a.name < b.name ? -1 : 1),
  );
  if (chosen === undefined) return null;
  const { cheapModel, deepModel, promptHash } = chosen.key;
  return { cheapModel, deepModel, promptHash };
}

/** Whether something is of the stratum; of none, nothing is. */
export function isOfStratum(stratum: EvidenceStratum | null, key: EvidenceStratum): boolean {
  return (
    stratum !== null &&
    key.cheapModel === stratum.cheapModel &&
    key.deepModel === stratum.deepModel &&
    key.promptHash === stratum.promptHash
  );
}

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
