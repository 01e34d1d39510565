import { bettingLowerBound, bettingUpperBound } from "../../src/statistics/betting-bound.ts";
import type { WeightedValue } from "../../src/statistics/betting-wealth.ts";
import { kornGraubardInterval } from "../../src/statistics/korn-graubard-interval.ts";
import type { SampledGroup } from "../../src/statistics/sampled-group.ts";
import { verdictStratifiedShare } from "../../src/statistics/verdict-stratified-share.ts";
import { wilsonInterval, type ShareInterval } from "../../src/statistics/wilson-interval.ts";
import type { Random } from "../../src/support/random.ts";
import {
  figureAtLeast,
  figureAtMost,
  type Experiment,
  type ValidationFigure,
} from "./experiment.ts";

const RUNS = 2_000;
/** Bounds by betting take a hundred times as long as the others. */
const BETTING_RUNS = 400;

/** Traffic of four confidences: rows, wrong ones, and how often each is graded relative to others. */
const TRAFFIC = [
  { rows: 2_000, wrong: 240, emphasis: 3 },
  { rows: 2_800, wrong: 168, emphasis: 1.5 },
  { rows: 3_200, wrong: 96, emphasis: 0.6 },
  { rows: 2_000, wrong: 20, emphasis: 0.4 },
] as const;

const TRUTH = (240 + 168 + 96 + 20) / (2_000 + 2_800 + 3_200 + 2_000);

const JUDGES = [
  { name: "a good judge", sensitivity: 0.85, specificity: 0.97, wrong: 0.04 },
  { name: "a mild judge", sensitivity: 0.6, specificity: 0.99, wrong: 0.08 },
  { name: "a harsh judge", sensitivity: 0.95, specificity: 0.9, wrong: 0.1 },
  { name: "a mediocre judge", sensitivity: 0.7, specificity: 0.95, wrong: 0.04 },
] as const;

const JUDGED = 2_000;
const CHECKED_PER_VERDICT = 100;

export const INTERVAL_COVERAGE: Experiment = {
  id: "V8",
  claim:
    "Intervals of weighted grades and of corrected judges hold the truth as often as they say.",
  run: (random) => [
    ...[100, 300, 1_000].map((grades) =>
      figureAtLeast(
        `coverage of the weighted interval at ${grades} grades`,
        shareOfRuns(RUNS, () =>
          holds(
            kornGraubardInterval(drawGrades(random, grades))?.interval ?? { low: 0, high: 1 },
            TRUTH,
          ),
        ),
        0.94,
      ),
    ),
    ...[100, 300, 1_000].flatMap((grades) => bettingFigures(random, grades)),
    ...JUDGES.flatMap((judge) => judgeFigures(random, judge)),
  ],
};

/** One-sided bounds at 5 % that promise to hold for every sample, unlike the interval above. */
function bettingFigures(random: Random, grades: number): readonly ValidationFigure[] {
  const held = { upper: 0, lower: 0, unweighted: 0 };
  for (let run = 0; run < BETTING_RUNS; run += 1) {
    const values = valuesOf(drawGrades(random, grades));
    const largest = 1 / propensityOf(Math.min(...TRAFFIC.map(({ emphasis }) => emphasis)), grades);
    if (bettingUpperBound(values, largest, 0.05) >= TRUTH) held.upper += 1;
    if (bettingLowerBound(values, largest, 0.05) <= TRUTH) held.lower += 1;
    const unweighted = values.map(({ value }) => ({ value, weight: 1 }));
    if (bettingLowerBound(unweighted, 1, 0.05) <= TRUTH) held.unweighted += 1;
  }
  const bounds = [
    figureAtLeast(`upper bound by betting at ${grades} grades`, held.upper / BETTING_RUNS, 0.95),
    figureAtLeast(`lower bound by betting at ${grades} grades`, held.lower / BETTING_RUNS, 0.95),
  ];
  if (grades < 1_000) return bounds;
  const name = `teeth: the lower bound with all weights taken as equal`;
  return [...bounds, figureAtMost(name, held.unweighted / BETTING_RUNS, 0.8)];
}

/** What a week of grading brings: each row is drawn by itself, the doubtful ones more often. */
function drawGrades(random: Random, grades: number): readonly SampledGroup[] {
  return TRAFFIC.map(({ rows, wrong, emphasis }): SampledGroup => {
    const propensity = propensityOf(emphasis, grades);
    const hits = countOf(random, wrong, propensity);
    return { propensity, hits, trials: hits + countOf(random, rows - wrong, propensity) };
  });
}

function propensityOf(emphasis: number, grades: number): number {
  const emphasised = TRAFFIC.reduce((sum, stratum) => sum + stratum.rows * stratum.emphasis, 0);
  return Math.min(1, (grades * emphasis) / emphasised);
}

function valuesOf(groups: readonly SampledGroup[]): readonly WeightedValue[] {
  return groups.flatMap(({ propensity, trials, hits }) =>
    Array.from({ length: trials }, (_, i) => ({ value: i < hits ? 1 : 0, weight: 1 / propensity })),
  );
}

function judgeFigures(random: Random, judge: (typeof JUDGES)[number]): readonly ValidationFigure[] {
  let covered = 0;
  let coveredUncorrected = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const { interval, judgedWrong } = judgeOnce(random, judge);
    if (holds(interval, judge.wrong)) covered += 1;
    if (holds(wilsonInterval(judgedWrong, JUDGED), judge.wrong)) coveredUncorrected += 1;
  }
  return [
    figureAtLeast(`coverage of the corrected share, ${judge.name}`, covered / RUNS, 0.93),
    // Teeth: in each of these settings the judge's own word is wrong.
    figureAtMost(`coverage without correction, ${judge.name}`, coveredUncorrected / RUNS, 0.5),
  ];
}

function judgeOnce(
  random: Random,
  { sensitivity, specificity, wrong }: (typeof JUDGES)[number],
): { readonly interval: ShareInterval; readonly judgedWrong: number } {
  let judgedWrong = 0;
  const checkedWrong = { trials: 0, hits: 0 };
  const checkedRight = { trials: 0, hits: 0 };
  for (let row = 0; row < JUDGED; row += 1) {
    const isWrong = random() < wrong;
    const isJudgedWrong = random() < (isWrong ? sensitivity : 1 - specificity);
    if (isJudgedWrong) judgedWrong += 1;
    // Rows are alike but for their verdict, so the first ones are a random part.
    const checked = isJudgedWrong ? checkedWrong : checkedRight;
    if (checked.trials === CHECKED_PER_VERDICT) continue;
    checked.trials += 1;
    if (isWrong) checked.hits += 1;
  }
  const corrected = verdictStratifiedShare({
    judged: JUDGED,
    judgedWrong,
    checkedWrong,
    checkedRight,
  });
  return { interval: corrected?.interval ?? { low: 0, high: 1 }, judgedWrong };
}

function countOf(random: Random, rows: number, propensity: number): number {
  let count = 0;
  for (let row = 0; row < rows; row += 1) if (random() < propensity) count += 1;
  return count;
}

function holds({ low, high }: ShareInterval, truth: number): boolean {
  return low <= truth && truth <= high;
}

function shareOfRuns(runs: number, isSuccess: () => boolean): number {
  let count = 0;
  for (let run = 0; run < runs; run += 1) if (isSuccess()) count += 1;
  return count / runs;
}
