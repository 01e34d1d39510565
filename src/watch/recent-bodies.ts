/** Which bodies came in lately. */
export interface RecentBodies {
  /** Whether the same body came in within the last ten minutes; notes it if not. */
  isRepeat(bodyHash: string, nowMs: number): boolean;
}

const REACH_MS = 600_000;
/** Of each of two generations; beyond it the older one is forgotten early, so a flood costs no memory. */
const MOST_BODIES = 5_000;

/**
 * Bursts of retries have one outcome, which would raise alarms like many. The first one stands for
 * all: its outcome is as likely as their mean, and is known at once.
 */
export function createRecentBodies(): RecentBodies {
  let young = new Map<string, number>();
  let old = new Map<string, number>();
  return {
    isRepeat: (bodyHash, nowMs) => {
      const before = young.get(bodyHash) ?? old.get(bodyHash);
      // From after now: the clock was set back, and nothing is known of how long ago it was.
      if (before !== undefined && Math.abs(nowMs - before) < REACH_MS) return true;
      young.set(bodyHash, nowMs);
      if (young.size >= MOST_BODIES) {
        old = young;
        young = new Map();
      }
      return false;
    },
  };
}
