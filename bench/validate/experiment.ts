import type { Random } from "../../src/support/random.ts";

/** A promise of the statistics, put to the test by simulation. */
export interface Experiment {
  /** Short and stable, such as `V1`; part of the seed. */
  readonly id: string;
  /** The promise, as one sentence. */
  readonly claim: string;
  /** Draws its worlds from `random` alone, so that a seed gives the same figures again. */
  readonly run: (random: Random) => readonly ValidationFigure[];
}

/** One measured figure and the limit it has to keep. */
export interface ValidationFigure {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  /** Which side of the limit is the good one. */
  readonly wanted: "at most" | "at least";
  readonly holds: boolean;
}

/** A figure that is fine up to its limit. */
export function figureAtMost(name: string, value: number, limit: number): ValidationFigure {
  return { name, value, limit, wanted: "at most", holds: value <= limit };
}

/** A figure that is fine from its limit on; also for teeth, which must fail often enough. */
export function figureAtLeast(name: string, value: number, limit: number): ValidationFigure {
  return { name, value, limit, wanted: "at least", holds: value >= limit };
}

/**
 * The share of failures that `runs` repetitions may show when each fails with probability
 * `failureProbability`: a promise that is just kept passes in 99.5 of 100 cases.
 */
export function failureLimit(failureProbability: number, runs: number): number {
  return (
    failureProbability + 2.58 * Math.sqrt((failureProbability * (1 - failureProbability)) / runs)
  );
}
