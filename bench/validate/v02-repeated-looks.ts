import { plannedLooks, plannedPValues } from "../../src/statistics/planned-looks.ts";
import {
  EXACT_P_VALUES,
  repeatablePValues,
  type PValueSource,
} from "../../src/statistics/p-value-source.ts";
import type { Random } from "../../src/support/random.ts";
import { failureLimit, figureAtLeast, figureAtMost, type Experiment } from "./experiment.ts";
import { ALLOWED_RATE } from "./worlds.ts";

const FAILURE = 0.05;
/** Numbers of labels, up to 5,000. */
const EVERY_25 = Array.from({ length: 200 }, (_, i) => 25 * (i + 1));

export const REPEATED_LOOKS: Experiment = repeatedLooks(2_000);

/** Tunes anew after every 25 labels at a rate just beyond what is allowed. */
export function repeatedLooks(runs: number): Experiment {
  return {
    id: "V2",
    claim: "Tuning again and again as labels arrive certifies a bad threshold no more often.",
    run: (random) => [
      figureAtMost(
        "repeatable looks: share of runs that certify a bad threshold",
        shareMisled(random, runs, repeatablePValues()),
        failureLimit(FAILURE, runs),
      ),
      figureAtMost(
        "six planned looks, each with twice as many labels: the same",
        shareMisled(random, runs, plannedPValues(), plannedLooks(150)),
        failureLimit(FAILURE, runs),
      ),
      figureAtLeast(
        "teeth: 200 looks with the test for one look",
        shareMisled(random, runs, EXACT_P_VALUES),
        0.2,
      ),
    ],
  };
}

/** Share of runs in which any look certifies. */
export function shareMisled(
  random: Random,
  runs: number,
  source: PValueSource,
  looks: readonly number[] = EVERY_25,
): number {
  let misled = 0;
  for (let run = 0; run < runs; run += 1) if (isMisled(random, source, looks)) misled += 1;
  return misled / runs;
}

function isMisled(random: Random, source: PValueSource, looks: readonly number[]): boolean {
  let [hits, trials] = [0, 0];
  return looks.some((labels) => {
    for (; trials < labels; trials += 1) if (random() < 1.002 * ALLOWED_RATE) hits += 1;
    return source.pValue({ threshold: 0.9, hits, trials }, ALLOWED_RATE) <= FAILURE;
  });
}
