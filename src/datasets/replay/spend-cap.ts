import type { NanoUsd } from "../../catalogue/cost.ts";

/** What a run has spent and what it may yet spend. */
export interface SpendCap {
  readonly spentNanoUsd: NanoUsd;
  /** Calls whose price is not known; their cost is in no sum. */
  readonly unpricedCalls: number;
  /**
   * Sets an upper estimate aside before a call. Waits while calls in flight might leave enough.
   *
   * @param highNanoUsd null = unpriced, which only a run without a cap may be
   * @returns false when the call could pass the cap
   */
  reserve(highNanoUsd: NanoUsd | null): Promise<boolean>;
  /** Books what a call did cost in place of what was set aside. */
  settle(highNanoUsd: NanoUsd | null, costNanoUsd: NanoUsd | null): void;
}

/** @param maxNanoUsd null = no cap */
export function createSpendCap(maxNanoUsd: NanoUsd | null): SpendCap {
  let spent = 0n;
  let reserved = 0n;
  let unpricedCalls = 0;
  let waiting: (() => void)[] = [];
  return {
    get spentNanoUsd() {
      return spent;
    },
    get unpricedCalls() {
      return unpricedCalls;
    },
    reserve: async (highNanoUsd) => {
      if (maxNanoUsd === null) return true;
      if (highNanoUsd === null) return false;
      while (spent + reserved + highNanoUsd > maxNanoUsd) {
        if (reserved === 0n) return false;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      reserved += highNanoUsd;
      return true;
    },
    settle: (highNanoUsd, costNanoUsd) => {
      if (costNanoUsd === null) unpricedCalls += 1;
      else spent += costNanoUsd;
      if (maxNanoUsd !== null) reserved -= highNanoUsd ?? 0n;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
  };
}
