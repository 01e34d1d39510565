import type { SqlValue } from "./sql-value.ts";

export const DAY_MS = 86_400_000;

/** What names a row of a roll-up: the day and route that reads choose by, and all else as JSON. */
export interface CountKey {
  /** Start of the UTC day. */
  readonly dayMs: number;
  readonly route: string;
  /** JSON, written in one way only, so that equal texts are equal keys. */
  readonly text: string;
}

/** What a batch adds to one row of a roll-up; negative where it takes away. */
export interface CountSums {
  items: number;
  pricedItems: number;
  cheapCostNanoUsd: bigint;
  /** Always 0 where only one cost is summed. */
  deepCostNanoUsd: bigint;
}

/** Gathers what a batch adds, so that each row of a roll-up is written once per batch. */
export interface CountGatherer {
  /**
   * @param sign 1 to add an item, -1 to take it away
   * @param costs in nano-dollars; null when the item is not priced
   */
  add(
    key: CountKey,
    sign: 1 | -1,
    costs: { readonly cheap: bigint; readonly deep: bigint } | null,
  ): void;
  entries(): Iterable<{ readonly key: CountKey; readonly sums: CountSums }>;
}

export function createCountGatherer(): CountGatherer {
  // By route, day and text: one name of all three would have to be put together for every item.
  const gathered = new Map<string, Map<number, Map<string, Gathered>>>();
  const sumsOf = (key: CountKey): CountSums => {
    const ofRoute = entryOf(gathered, key.route, () => new Map<number, Map<string, Gathered>>());
    const ofDay = entryOf(ofRoute, key.dayMs, () => new Map<string, Gathered>());
    return entryOf(ofDay, key.text, () => ({ key, sums: noSums() })).sums;
  };
  return {
    add: (key, sign, costs) => {
      const sums = sumsOf(key);
      sums.items += sign;
      if (costs === null) return;
      sums.pricedItems += sign;
      sums.cheapCostNanoUsd += BigInt(sign) * costs.cheap;
      sums.deepCostNanoUsd += BigInt(sign) * costs.deep;
    },
    *entries() {
      for (const days of gathered.values()) {
        for (const texts of days.values()) yield* texts.values();
      }
    },
  };
}

interface Gathered {
  readonly key: CountKey;
  readonly sums: CountSums;
}

function entryOf<Key, Value>(entries: Map<Key, Value>, key: Key, make: () => Value): Value {
  let entry = entries.get(key);
  if (entry === undefined) {
    entry = make();
    entries.set(key, entry);
  }
  return entry;
}

/** Start of the UTC day that a moment is in. */
export function dayOf(epochMs: number): number {
  return Math.floor(epochMs / DAY_MS) * DAY_MS;
}

/** Money as it travels to an engine, back as a number to add. */
export function moneyOf(value: SqlValue | undefined): bigint | null {
  return value === null || value === undefined ? null : BigInt(value);
}

function noSums(): CountSums {
  return { items: 0, pricedItems: 0, cheapCostNanoUsd: 0n, deepCostNanoUsd: 0n };
}
