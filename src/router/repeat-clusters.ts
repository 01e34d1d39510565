import type { Evidence } from "../ledger/records/evidence.ts";

/** Finds repeats of a request among the evidence, which are not independent of each other. */
export interface RepeatClusters {
  /** The evidence as it is to be written, together with earlier evidence that has to be rewritten. */
  admit(bodyHash: string | null, evidence: Evidence): readonly Evidence[];
}

interface Seen {
  readonly first: Evidence;
  readonly isRepeated: boolean;
}

/** Bodies that are remembered: a few hundred bytes each. */
const MAX_BODIES = 5_000;

/**
 * Items of one route with an equal body are a cluster, once there are two of them: an item on its
 * own is none, as clusters are read one by one. The second item therefore rewrites the first one.
 * Only the latest few thousand bodies are remembered and none outlives the process: repeats that
 * matter (a retry, a test set sent again, a template without variables) come close together, and
 * asking the ledger for every body would cost more than it shows. Sessions and users are no cluster:
 * their requests differ, and how far they depend on each other is the operator's to know.
 */
export function createRepeatClusters(maxBodies: number = MAX_BODIES): RepeatClusters {
  const seenByKey = new Map<string, Seen>();
  const remember = (key: string, seen: Seen): void => {
    seenByKey.set(key, seen);
    if (seenByKey.size <= maxBodies) return;
    for (const oldest of seenByKey.keys()) {
      seenByKey.delete(oldest);
      return;
    }
  };
  return {
    admit(bodyHash, evidence) {
      if (bodyHash === null) return [evidence];
      const key = `${evidence.route} ${String(evidence.tier)} ${bodyHash}`;
      const seen = seenByKey.get(key);
      const isFirst = seen === undefined || seen.first.itemId === evidence.itemId;
      const isRepeated = seen !== undefined && (seen.isRepeated || !isFirst);
      const cluster = isRepeated ? `repeat:${bodyHash}` : null;
      const written = { ...evidence, cluster };
      remember(key, { first: isFirst ? written : { ...seen.first, cluster }, isRepeated });
      return isRepeated && !isFirst && !seen.isRepeated
        ? [written, { ...seen.first, cluster }]
        : [written];
    },
  };
}
