import {
  pairedNonInferiority,
  type PairedCounts,
} from "../../src/statistics/paired-non-inferiority.ts";
import type { Random } from "../../src/support/random.ts";
import { failureLimit, figureAtLeast, figureAtMost, type Experiment } from "./experiment.ts";

const MARGIN = 0.02;
const FAILURE = 0.05;
const RUNS = 2_000;
const MOST_PAIRS = 3_000;
const PAIRS_PER_LOOK = 10;

/** What became of a comparison that was looked at every ten pairs. */
interface Course {
  /** Pairs at the first look that said so; null = never. */
  readonly notWorseAt: number | null;
  readonly worseAt: number | null;
  /** The same by the usual normal test, which is made for one look. */
  readonly normalNotWorseAt: number | null;
}

export const PAIRED_COMPARISON: Experiment = {
  id: "V9",
  claim:
    "Looking every ten pairs, a cascade is called not worse, or worse, falsely as seldom as said.",
  run: (random) => {
    // Worse by exactly the margin: both claims are false.
    const atEdge = Array.from({ length: RUNS }, () => follow(random, 0.05, 0.03));
    const alike = Array.from({ length: 300 }, () => follow(random, 0.03, 0.03));
    const share = (isCounted: (course: Course) => boolean): number =>
      atEdge.filter(isCounted).length / RUNS;
    const limit = failureLimit(FAILURE, RUNS);
    const medianAt = alike
      .map(({ notWorseAt }) => notWorseAt ?? Infinity)
      .toSorted((a, b) => a - b)[150];
    return [
      figureAtMost(
        "falsely not worse, at the edge",
        share((c) => c.notWorseAt !== null),
        limit,
      ),
      figureAtMost(
        "falsely worse, at the edge",
        share((c) => c.worseAt !== null),
        limit,
      ),
      figureAtLeast(
        "falsely not worse by a normal test, looked at as often (teeth)",
        share((c) => c.normalNotWorseAt !== null),
        0.2,
      ),
      figureAtMost("median pairs until an equal cascade is called so", medianAt ?? Infinity, 1_500),
    ];
  },
};

function follow(random: Random, harm: number, help: number): Course {
  const counts = { harmed: 0, helped: 0, pairs: 0 };
  let [notWorseAt, worseAt, normalNotWorseAt]: (number | null)[] = [null, null, null];
  while (counts.pairs < MOST_PAIRS) {
    for (let i = 0; i < PAIRS_PER_LOOK; i += 1) {
      const draw = random();
      counts.pairs += 1;
      if (draw < harm) counts.harmed += 1;
      else if (draw < harm + help) counts.helped += 1;
    }
    const { logNotWorse, logWorse } = pairedNonInferiority(counts, MARGIN, FAILURE);
    if (logNotWorse >= -Math.log(FAILURE)) notWorseAt ??= counts.pairs;
    if (logWorse >= -Math.log(FAILURE)) worseAt ??= counts.pairs;
    if (isNotWorseByNormalTest(counts)) normalNotWorseAt ??= counts.pairs;
  }
  return {
    notWorseAt: notWorseAt ?? null,
    worseAt: worseAt ?? null,
    normalNotWorseAt: normalNotWorseAt ?? null,
  };
}

/** The lower end of a two-sided 90 % interval above -margin, from a hundred pairs on. */
function isNotWorseByNormalTest({ harmed, helped, pairs }: PairedCounts): boolean {
  if (pairs < 100 || harmed + helped === 0) return false;
  const mean = (helped - harmed) / pairs;
  const variance = (harmed + helped) / pairs - mean ** 2;
  return mean - ONE_SIDED_DEVIATE * Math.sqrt(variance / pairs) > -MARGIN;
}

/** Leaves 5 % on one side, as the test above is allowed to. */
const ONE_SIDED_DEVIATE = 1.6448536269514722;
