import { hasEnded } from "./simulated-batch.ts";
import type { SimulatedBatch } from "./simulated-batch.ts";

/** The batches of one simulation, in memory. */
export interface BatchStore {
  /** Share of a real batch's time that is taken: 0 = it has ended as soon as anyone looks. */
  readonly timeScale: number;
  /**
   * Keeps a new batch; the oldest that have ended make room for it.
   *
   * @returns false when too much is still being worked on: the batch is not kept
   */
  add(batch: SimulatedBatch, nowMs: number): boolean;
  /** Puts the batch in the place of the one with its id. */
  replace(batch: SimulatedBatch): void;
  find(id: string): SimulatedBatch | null;
  newestFirst(): readonly SimulatedBatch[];
}

export interface BatchStoreOptions {
  readonly timeScale: number;
  /** Default `MAX_KEPT_BATCHES`. */
  readonly maxBatches?: number;
  /** Default `MAX_KEPT_CHARACTERS`. */
  readonly maxCharacters?: number;
}

export const MAX_KEPT_BATCHES = 1_000;
/** Of results, as JSON; a full batch of short answers has about sixty million. */
export const MAX_KEPT_CHARACTERS = 256_000_000;

export function createBatchStore(options: BatchStoreOptions): BatchStore {
  const { maxBatches = MAX_KEPT_BATCHES, maxCharacters = MAX_KEPT_CHARACTERS } = options;
  // In the order of their creation.
  const kept = new Map<string, SimulatedBatch>();
  let characters = 0;
  const mustMakeRoom = (coming: number): boolean =>
    kept.size >= maxBatches || characters + coming > maxCharacters;
  return {
    timeScale: options.timeScale,
    add: (batch, nowMs) => {
      const coming = charactersOf(batch);
      for (const old of [...kept.values()]) {
        if (!mustMakeRoom(coming)) break;
        if (!hasEnded(old, nowMs)) continue;
        kept.delete(old.id);
        characters -= charactersOf(old);
      }
      if (mustMakeRoom(coming)) return false;
      kept.set(batch.id, batch);
      characters += coming;
      return true;
    },
    replace: (batch) => {
      const old = kept.get(batch.id);
      if (old === undefined) return;
      kept.set(batch.id, batch);
      characters += charactersOf(batch) - charactersOf(old);
    },
    find: (id) => kept.get(id) ?? null,
    newestFirst: () => [...kept.values()].reverse(),
  };
}

function charactersOf({ requests }: SimulatedBatch): number {
  return requests.reduce((sum, { customId, json }) => sum + customId.length + json.length, 0);
}
