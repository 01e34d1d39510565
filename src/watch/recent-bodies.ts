/** Which bodies came in lately. */
export interface RecentBodies {
  /** Whether the same body came in within the last ten minutes; notes it if not. */
  isRepeat(bodyHash: string, nowMs: number): boolean;
}

const REACH_MS = 600_000;
/** Beyond it the oldest are forgotten early, so that a flood costs no memory. */
const MOST_BODIES = 10_000;

/**
 * Bursts of retries have one outcome, which would raise alarms like many. The first one stands for
 * all: its outcome is as likely as their mean, and is known at once.
 */
export function createRecentBodies(): RecentBodies {
  const seenAtMs = new Map<string, number>();
  return {
    isRepeat: (bodyHash, nowMs) => {
      const before = seenAtMs.get(bodyHash);
      if (before !== undefined && nowMs - before < REACH_MS) return true;
      seenAtMs.delete(bodyHash);
      seenAtMs.set(bodyHash, nowMs);
      if (seenAtMs.size > MOST_BODIES) {
        const oldest = seenAtMs.keys().next();
        if (oldest.done !== true) seenAtMs.delete(oldest.value);
      }
      return false;
    },
  };
}
