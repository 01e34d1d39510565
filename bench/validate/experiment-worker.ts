/** Runs experiments by their id in a worker thread; answers each with its figures. */
import { parentPort } from "node:worker_threads";
import { createRandom } from "../../src/support/random.ts";
import type { ValidationFigure } from "./experiment.ts";
import { EXPERIMENTS } from "./experiments.ts";

/** What a worker is asked to do. */
export interface ExperimentOrder {
  readonly id: string;
  readonly seed: string;
}

export interface ExperimentOutcome {
  readonly id: string;
  readonly seconds: number;
  readonly figures: readonly ValidationFigure[];
}

parentPort?.on("message", ({ id, seed }: ExperimentOrder) => {
  const experiment = EXPERIMENTS.find((candidate) => candidate.id === id);
  if (experiment === undefined) throw new Error(`No experiment has the id ${id}`);
  const begin = performance.now();
  const figures = experiment.run(createRandom(`${seed} ${id}`));
  const seconds = (performance.now() - begin) / 1_000;
  parentPort?.postMessage({ id, seconds, figures } satisfies ExperimentOutcome);
});
