import { detectChange, startDetector } from "../../src/statistics/change-detector.ts";
import { stormDetectorPlan } from "../../src/statistics/detector-plans.ts";
import type { Random } from "../../src/support/random.ts";
import { createStormWatch, type StormObservation } from "../../src/watch/storm-watch.ts";
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
    watchedStorms(random, 0),
    watchedStorms(random, 4),
    figureAtMost("requests until a 60 % storm is told, 90 % of cases", slowDelay(random), 115),
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

/**
 * The same through what runs beside a gateway. A request is counted in the whole route and in each of
 * its classes, so the bound is that of as many requests.
 */
function watchedStorms(random: Random, classes: number): ValidationFigure {
  const runs = 25;
  let alarms = 0;
  for (let run = 0; run < runs; run += 1) {
    const storms = createStormWatch(LIMIT, null);
    for (let n = 0; n < REQUESTS; n += 1) {
      const events = storms.observe(observationOf(random, n, LIMIT, classes));
      if (events.some(({ kind }) => kind === "opened")) alarms += 1;
    }
  }
  return figureAtMost(
    `beside a gateway, at the limit, ${classes} classes a request: alarms per 100,000`,
    (alarms * 100_000) / (runs * REQUESTS),
    alarmLimit(1 + classes, runs * REQUESTS),
  );
}

/** One of five of each kind of class, as tasks, lengths and languages are. */
function observationOf(random: Random, n: number, rate: number, classes: number): StormObservation {
  return {
    ...{ atMs: 1_000 * n, bodyHash: null, model: "cheap", promptHash: "prompt" },
    classes: Array.from({ length: classes }, (_, kind) => `${kind}:${Math.floor(5 * random())}`),
    cause: random() < rate ? "low_confidence" : null,
  };
}

/** The rate per 100,000 plus 2.58 standard errors of a Poisson count. */
function alarmLimit(rate: number, requests = RUNS * REQUESTS): number {
  const expected = (rate * requests) / 100_000;
  return (rate * (expected + 2.58 * Math.sqrt(expected))) / expected;
}

/** The 90 % quantile of the delay after 500 healthy requests. */
function slowDelay(random: Random): number {
  const delays = Array.from({ length: 2_000 }, () => {
    const storms = createStormWatch(LIMIT, null);
    const isTold = (n: number, rate: number): boolean =>
      storms.observe(observationOf(random, n, rate, 0)).some(({ kind }) => kind === "opened");
    for (let n = 0; n < 500; n += 1) isTold(n, 0.28);
    for (let n = 1; ; n += 1) if (isTold(500 + n, 0.6)) return n;
  });
  return delays.toSorted((a, b) => a - b)[1_799] ?? NaN;
}
