import type { Clock } from "../support/clock.ts";

/** Remembers which bodies escalated lately, so that a client's retry is not triaged again. */
export interface RecentEscalations {
  add(bodyHash: string): void;
  has(bodyHash: string): boolean;
}

/** A repeat within this time is taken for a retry. */
const MEMORY_MS = 60_000;
/** Oldest entries give way beyond this count: about 2 MB. */
const MAX_ENTRIES = 20_000;

export function createRecentEscalations(clock: Clock): RecentEscalations {
  // A Map iterates in insertion order, so the oldest entry is always the first.
  const escalatedAtMs = new Map<string, number>();
  return {
    add(bodyHash) {
      escalatedAtMs.delete(bodyHash);
      escalatedAtMs.set(bodyHash, clock.monotonicMs());
      const oldest = escalatedAtMs.keys().next();
      if (escalatedAtMs.size > MAX_ENTRIES && oldest.done !== true) {
        escalatedAtMs.delete(oldest.value);
      }
    },
    has(bodyHash) {
      const atMs = escalatedAtMs.get(bodyHash);
      return atMs !== undefined && clock.monotonicMs() - atMs < MEMORY_MS;
    },
  };
}
