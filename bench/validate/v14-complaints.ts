import { kornGraubardInterval } from "../../src/statistics/korn-graubard-interval.ts";
import type { SampledGroup } from "../../src/statistics/sampled-group.ts";
import { failureLimit, figureAtLeast, figureAtMost, type Experiment } from "./experiment.ts";
import type { Random } from "../../src/support/random.ts";

const RUNS = 1_000;
const ROWS = 20_000;
const COMPLAINTS_OF_WRONG = 0.1;
const COMPLAINTS_OF_RIGHT = COMPLAINTS_OF_WRONG / 5;

/** Shares of the traffic, how often they are wrong, and how often graded: most near the threshold. */
const CONFIDENCES = [
  { upTo: 0.2, wrong: 0.1, propensity: 0.045 },
  { upTo: 0.5, wrong: 0.05, propensity: 0.0225 },
  { upTo: 1, wrong: 0.02, propensity: 0.008 },
] as const;

const TRUTH = 0.2 * 0.1 + 0.3 * 0.05 + 0.5 * 0.02;

export const COMPLAINTS: Experiment = {
  id: "V14",
  claim: "Grades drawn at random tell the error rate where complaints mislead.",
  run: (random) => {
    const weeks = Array.from({ length: RUNS }, () => drawWeek(random));
    const sampled = weeks.map((week) => week.sampled);
    const mean = meanOf(sampled);
    const variance = meanOf(sampled.map((share) => (share - mean) ** 2));
    const bias = Math.abs(mean - TRUTH) / Math.sqrt(variance / RUNS);
    const missed = weeks.filter(({ isCovered }) => !isCovered).length / RUNS;
    return [
      figureAtLeast(
        "error rate among complaints over the true one (teeth)",
        meanOf(weeks.map(({ complained }) => complained)) / TRUTH,
        3,
      ),
      figureAtMost("bias of the sampled estimate, in its own standard errors", bias, 3),
      figureAtMost("weeks whose interval misses the truth", missed, failureLimit(0.05, RUNS)),
    ];
  },
};

interface Week {
  /** Share of wrong answers among those complained about. */
  readonly complained: number;
  /** Share by the weighted sample. */
  readonly sampled: number;
  readonly isCovered: boolean;
}

function drawWeek(random: Random): Week {
  const groups = CONFIDENCES.map(({ propensity }) => ({ propensity, trials: 0, hits: 0 }));
  const complaints = { wrong: 0, all: 0 };
  for (let row = 0; row < ROWS; row += 1) {
    const where = random();
    const index = CONFIDENCES.findIndex(({ upTo }) => where < upTo);
    const isWrong = random() < (CONFIDENCES[index]?.wrong ?? 0);
    if (random() < (isWrong ? COMPLAINTS_OF_WRONG : COMPLAINTS_OF_RIGHT)) {
      complaints.all += 1;
      if (isWrong) complaints.wrong += 1;
    }
    const group = groups[index];
    if (group === undefined || random() >= group.propensity) continue;
    group.trials += 1;
    if (isWrong) group.hits += 1;
  }
  return { complained: complaints.wrong / complaints.all, ...estimate(groups) };
}

function estimate(groups: readonly SampledGroup[]): Pick<Week, "sampled" | "isCovered"> {
  const weighted = kornGraubardInterval(groups);
  if (weighted === null) return { sampled: 0, isCovered: true };
  const { share, interval } = weighted;
  return { sampled: share, isCovered: interval.low <= TRUTH && TRUTH <= interval.high };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
