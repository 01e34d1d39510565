import { detectChange, startDetector } from "../../src/statistics/change-detector.ts";
import { stormDetectorPlan } from "../../src/statistics/detector-plans.ts";
import type { Random } from "../../src/support/random.ts";
import { figureAtLeast, figureAtMost } from "./experiment.ts";
import type { Experiment, ValidationFigure } from "./experiment.ts";

const RUNS = 200;
const REQUESTS = 20_000;
const LIMIT = 0.35;
const PLAN = stormDetectorPlan(LIMIT);

export const STORM: Experiment = {
  id: "V6",
  claim: "False storms are at least 100,000 requests apart for any number of classes.",
  run: (random) => [
    falseStorms(random, 1),
    falseStorms(random, 50),
    burstsWithCollapse(random),
    burstsWithout(random),
    figureAtMost("requests until a 60 % storm is seen, 90 % of cases", slowDelay(random), 115),
  ],
};

function falseStorms(random: Random, classes: number): ValidationFigure {
  const alarms = countAlarms(random, classes, (next) => next());
  return figureAtMost(`${classes} classes at the limit: alarms per 100,000`, alarms, alarmLimit(1));
}

/** Each outcome three times, as retries bring it; collapsed to one observation. */
function burstsWithCollapse(random: Random): ValidationFigure {
  const alarms = countAlarms(random, 1, (next) => (next() + next() + next()) / 3);
  return figureAtMost("means of three at the limit: alarms per 100,000", alarms, alarmLimit(1));
}

function burstsWithout(random: Random): ValidationFigure {
  let last = 0;
  let left = 0;
  const alarms = countAlarms(random, 1, (next) => {
    if (left === 0) [last, left] = [next(), 3];
    left -= 1;
    return last;
  });
  return figureAtLeast("teeth: each outcome three times, not collapsed", alarms, 2);
}

/** Alarms per 100,000 requests, each class with its own detector, reset on alarm. */
function countAlarms(
  random: Random,
  classes: number,
  observe: (next: () => number) => number,
): number {
  const next = (): number => (random() < LIMIT ? 1 : 0);
  let alarms = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const states = Array.from({ length: classes }, () => startDetector(PLAN));
    for (let n = 0; n < REQUESTS; n += 1) {
      const at = Math.floor(random() * classes);
      const step = detectChange(PLAN, states[at] ?? startDetector(PLAN), observe(next));
      states[at] = step.state;
      if (step.signal === "alarm") alarms += 1;
    }
  }
  return (alarms * 100_000) / (RUNS * REQUESTS);
}

/** The rate per 100,000 plus 2.58 standard errors of a Poisson count. */
function alarmLimit(rate: number): number {
  const expected = (rate * RUNS * REQUESTS) / 100_000;
  return (rate * (expected + 2.58 * Math.sqrt(expected))) / expected;
}

/** The 90 % quantile of the delay after 500 healthy requests. */
function slowDelay(random: Random): number {
  const delays = Array.from({ length: 4_000 }, () => {
    let state = startDetector(PLAN);
    for (let n = 0; n < 500; n += 1) {
      state = detectChange(PLAN, state, random() < 0.28 ? 1 : 0).state;
    }
    for (let n = 1; ; n += 1) {
      const step = detectChange(PLAN, state, random() < 0.6 ? 1 : 0);
      if (step.signal === "alarm") return n;
      state = step.state;
    }
  });
  return delays.toSorted((a, b) => a - b)[3_599] ?? NaN;
}
