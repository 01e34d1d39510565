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
  /** The same without waiting. */
  tryReserve(highNanoUsd: NanoUsd | null): boolean;
  /** Sets money aside for what was asked before, whether or not it passes the cap. */
  hold(highNanoUsd: NanoUsd | null): void;
  /** Gives back what was set aside, when the calls that it was for are booked or not to be paid. */
  release(highNanoUsd: NanoUsd | null): void;
  /** Books what a call cost that money is still set aside for. */
  spend(costNanoUsd: NanoUsd | null): void;
  /** Books what a call did cost in place of what was set aside. */
  settle(highNanoUsd: NanoUsd | null, costNanoUsd: NanoUsd | null): void;
}

/** @param maxNanoUsd null = no cap */
export function createSpendCap(maxNanoUsd: NanoUsd | null): SpendCap {
  let spent = 0n;
  let reserved = 0n;
  let unpricedCalls = 0;
  let waiting: (() => void)[] = [];
  const spend = (costNanoUsd: NanoUsd | null): void => {
    if (costNanoUsd === null) unpricedCalls += 1;
    else spent += costNanoUsd;
  };
  const release = (highNanoUsd: NanoUsd | null): void => {
    reserved -= highNanoUsd ?? 0n;
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  const tryReserve = (highNanoUsd: NanoUsd | null): boolean => {
    if (maxNanoUsd !== null) {
      if (highNanoUsd === null || spent + reserved + highNanoUsd > maxNanoUsd) return false;
    }
    reserved += highNanoUsd ?? 0n;
    return true;
  };
  return {
    get spentNanoUsd() {
      return spent;
    },
    get unpricedCalls() {
      return unpricedCalls;
    },
    reserve: async (highNanoUsd) => {
      while (!tryReserve(highNanoUsd)) {
        if (reserved === 0n || highNanoUsd === null) return false;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      return true;
    },
    tryReserve,
    hold: (highNanoUsd) => {
      reserved += highNanoUsd ?? 0n;
    },
    release,
    spend,
    settle: (highNanoUsd, costNanoUsd) => {
      spend(costNanoUsd);
      release(highNanoUsd);
    },
  };
}
