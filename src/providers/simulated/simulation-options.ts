import { systemClock } from "../../support/clock.ts";
import type { Clock } from "../../support/clock.ts";
import { createBatchStore } from "./batches/batch-store.ts";
import type { BatchStore } from "./batches/batch-store.ts";
import type { ExchangeOptions } from "./simulated-exchange.ts";
import { createSimulatedWorld } from "./simulated-world.ts";
import type { SimulatedWorld, SimulatedWorldOptions } from "./simulated-world.ts";

/** How a simulated upstream behaves; the same in the process and behind a port. */
export interface SimulationOptions
  extends Partial<SimulatedWorldOptions>, Omit<ExchangeOptions, "world"> {
  /**
   * An existing world, in place of one made from `seed` (default `leadsman`), `calibration` and
   * `tasks`.
   */
  readonly world?: SimulatedWorld;
  /** Share of a real model's waiting that is done: 0 = none (default), 1 = all. */
  readonly timeScale?: number;
  /** How many of the latest calls are kept for `calls()`. Default 1,000. */
  readonly recordedCalls?: number;
  /** Default: the system's. */
  readonly clock?: Clock;
}

/** The same with every default filled in. */
export interface Simulation {
  readonly exchange: ExchangeOptions;
  readonly playback: { readonly clock: Clock; readonly timeScale: number };
  readonly recordedCalls: number;
  readonly batches: BatchStore;
}

const DEFAULT_SEED = "leadsman";
const DEFAULT_RECORDED_CALLS = 1_000;

export function simulationFrom(options: SimulationOptions): Simulation {
  const timeScale = options.timeScale ?? 0;
  return {
    exchange: {
      ...options,
      world: options.world ?? createSimulatedWorld({ seed: DEFAULT_SEED, ...options }),
    },
    playback: { clock: options.clock ?? systemClock, timeScale },
    recordedCalls: options.recordedCalls ?? DEFAULT_RECORDED_CALLS,
    batches: createBatchStore({ timeScale }),
  };
}
