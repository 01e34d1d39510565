import { detectChange, startDetector } from "../../src/statistics/change-detector.ts";
import type { DetectorPlan } from "../../src/statistics/change-detector.ts";
import { errorDetectorPlan } from "../../src/statistics/detector-plans.ts";
import {
  CONTROL_LEVEL,
  controlThreshold,
  startControl,
  type ControlPlan,
} from "../../src/watch/control-threshold.ts";
import { PAGER_LEVEL, startErrorWatch, watchError } from "../../src/watch/error-watch.ts";
import type { Random } from "../../src/support/random.ts";
import type { WatchedVerdict } from "../../src/watch/watched-verdict.ts";
import {
  figureAtLeast,
  figureAtMost,
  type Experiment,
  type ValidationFigure,
} from "./experiment.ts";
import { ALLOWED_RATE } from "./worlds.ts";

export const ALARM_DISTANCE: Experiment = {
  id: "V4",
  claim: "At the allowed rate, false alarms are on average at least the alarm level apart.",
  run: (random) => {
    const runs = 500;
    const levels = (alarmLevel: number) => ({ alarmLevel, warnLevel: 60 });
    const plain = (alarmLevel: number): DetectorPlan =>
      errorDetectorPlan(ALLOWED_RATE, levels(alarmLevel));
    const watched = (name: string, level: number, watch: AnswerWatch): ValidationFigure =>
      figureAtLeast(
        `${name}, alarm level ${level}: answers to a false alarm`,
        surelyAbove(
          watchedRunLengths(random, watch, { runs, most: 5 * level, rate: ALLOWED_RATE }),
        ),
        level,
      );
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
      watched("the controller", CONTROL_LEVEL, watchForController),
      watched("the pager", PAGER_LEVEL, watchForPager),
      figure("weighted", weighted),
      figureAtMost(
        "the controller: median answers until a rate of .10 is seen",
        median(watchedRunLengths(random, watchForController, { runs, most: 1e4, rate: 0.1 })),
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

/** Takes the next answer's grade; true = alarm. One watch is for one run. */
type AnswerWatch = () => (isWrong: boolean) => boolean;

function watchForPager(): (isWrong: boolean) => boolean {
  let state = startErrorWatch(ALLOWED_RATE);
  return (isWrong) => {
    const step = watchError(ALLOWED_RATE, state, { isWrong, weight: 1 });
    state = step.state;
    return step.isAlarm;
  };
}

/** It only tells, so that the threshold stays where it is. */
function watchForController(): (isWrong: boolean) => boolean {
  let state = startControl(ONLY_TELLING, 0.8);
  return (isWrong) => {
    const verdict = { isWrong, ...SHIPPED_ALIKE };
    const step = controlThreshold(ONLY_TELLING, state, { kind: "verdict", verdict });
    state = step.state;
    return step.move !== null;
  };
}

const ONLY_TELLING: ControlPlan = {
  ...{ atMost: ALLOWED_RATE, rungs: [0.8, 0.9, 1.01], bandShare: 0 },
  ...{ raise: "alert", lower: "off" },
};

const SHIPPED_ALIKE: Omit<WatchedVerdict, "isWrong"> = {
  ...{ decision: "shipped", confidence: 0.9, threshold: 0.8 },
  ...{ propensity: 0.05, leastPropensity: 0.05 },
};

function watchedRunLengths(
  random: Random,
  start: AnswerWatch,
  { runs, most, rate }: { readonly runs: number; readonly most: number; readonly rate: number },
): number[] {
  return Array.from({ length: runs }, () => {
    const observe = start();
    for (let n = 1; n < most; n += 1) if (observe(random() < rate)) return n;
    return most;
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
