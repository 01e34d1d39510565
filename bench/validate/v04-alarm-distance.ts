import { detectChange, startDetector } from "../../src/statistics/change-detector.ts";
import type { DetectorPlan } from "../../src/statistics/change-detector.ts";
import { errorDetectorPlan } from "../../src/statistics/detector-plans.ts";
import type { Random } from "../../src/support/random.ts";
import { figureAtLeast, figureAtMost, type Experiment } from "./experiment.ts";
import { ALLOWED_RATE } from "./worlds.ts";

export const ALARM_DISTANCE: Experiment = {
  id: "V4",
  claim: "At the allowed rate, false alarms are on average at least the alarm level apart.",
  run: (random) => {
    const runs = 500;
    const levels = (alarmLevel: number) => ({ alarmLevel, warnLevel: 60 });
    const plain = (alarmLevel: number): DetectorPlan =>
      errorDetectorPlan(ALLOWED_RATE, levels(alarmLevel));
    const weighted = errorDetectorPlan(ALLOWED_RATE, levels(1_000), 4);
    // Means that a one-sided 99 % bound puts above the level, runs being cut at five times it.
    const figure = (name: string, plan: DetectorPlan) =>
      figureAtLeast(
        `${name}, alarm level ${plan.alarmLevel}: answers to a false alarm`,
        surelyAbove(runLengths(random, plan, runs, ALLOWED_RATE)),
        plan.alarmLevel,
      );
    return [
      figure("plain", plain(1_000)),
      figure("plain", plain(2_000)),
      figure("plain", plain(5_000)),
      figure("weighted", weighted),
      figureAtMost(
        "alarm level 2000: median answers until a rate of .10 is seen",
        median(runLengths(random, plain(2_000), runs, 0.1)),
        165,
      ),
    ];
  },
};

/** Answers until the alarm, in each run; at most five times the alarm level. */
function runLengths(random: Random, plan: DetectorPlan, runs: number, rate: number): number[] {
  const weights = [1, 2, 4].map((weight) => Math.min(weight, plan.largestWeight));
  return Array.from({ length: runs }, () => {
    let state = startDetector(plan);
    for (let n = 1; n < 5 * plan.alarmLevel; n += 1) {
      const weight = weights[Math.floor(random() * weights.length)] ?? 1;
      const step = detectChange(plan, state, random() < rate ? 1 : 0, weight);
      if (step.signal === "alarm") return n;
      state = step.state;
    }
    return 5 * plan.alarmLevel;
  });
}

function surelyAbove(lengths: readonly number[]): number {
  const mean = lengths.reduce((sum, n) => sum + n, 0) / lengths.length;
  const squares = lengths.reduce((sum, n) => sum + (n - mean) ** 2, 0);
  return mean - 2.33 * Math.sqrt(squares / (lengths.length - 1) / lengths.length);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
