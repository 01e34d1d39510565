import { bernoulliDivergence } from "../../src/statistics/bernoulli-divergence.ts";
import { detectChange, startDetector } from "../../src/statistics/change-detector.ts";
import { stormDetectorPlan } from "../../src/statistics/detector-plans.ts";
import type { Random } from "../../src/support/random.ts";
import { createBitDetector, observeBit } from "../../src/watch/bit-detector.ts";
import { REQUESTS_PER_FALSE_STORM, STORM_ALARM_LEVEL } from "../../src/watch/storm-dimensions.ts";
import {
  createStormWatch,
  WHOLE_ROUTE,
  type StormObservation,
} from "../../src/watch/storm-watch.ts";
import { figureAtLeast, figureAtMost } from "./experiment.ts";
import type { Experiment, ValidationFigure } from "./experiment.ts";
import { falseStormsOfRepeats, slowDelayOfRepeats } from "./repeated-bodies.ts";
import { drawStormClasses } from "./storm-traffic.ts";

const RUNS = 200;
const REQUESTS = 20_000;
const LIMIT = 0.35;
const PLAN = stormDetectorPlan(LIMIT);

export const STORM: Experiment = {
  id: "V6",
  claim: "False storms of all classes together are at least 100,000 requests apart.",
  run: (random) => [
    falseStorms(random, 1),
    falseStorms(random, 50),
    burstsWithCollapse(random),
    burstsWithout(random),
    figureAtMost(
      "beside a gateway, all classes at the limit: alarms per 100,000",
      ...watchedStorms(random, STORM_ALARM_LEVEL),
    ),
    figureAtLeast(
      "teeth: each class at 100,000 by itself, alarms per 100,000",
      watchedStorms(random, REQUESTS_PER_FALSE_STORM)[0],
      2,
    ),
    ...delayFigures(random),
    ...repeatFigures(random),
  ],
};

function falseStorms(random: Random, classes: number): ValidationFigure {
  const alarms = countAlarms(random, classes, () => random() < LIMIT);
  return figureAtMost(`${classes} classes at the limit: alarms per 100,000`, alarms, alarmLimit(1));
}

/** Each outcome three times, as retries bring it; collapsed to their mean. */
function burstsWithCollapse(random: Random): ValidationFigure {
  const next = (): number => (random() < LIMIT ? 1 : 0);
  let alarms = 0;
  for (let run = 0; run < RUNS; run += 1) {
    let state = startDetector(PLAN);
    for (let n = 0; n < REQUESTS; n += 1) {
      const step = detectChange(PLAN, state, (next() + next() + next()) / 3);
      state = step.state;
      if (step.signal === "alarm") alarms += 1;
    }
  }
  const rate = (alarms * 100_000) / (RUNS * REQUESTS);
  return figureAtMost("means of three at the limit: alarms per 100,000", rate, alarmLimit(1));
}

function burstsWithout(random: Random): ValidationFigure {
  let last = false;
  let left = 0;
  const alarms = countAlarms(random, 1, () => {
    if (left === 0) [last, left] = [random() < LIMIT, 3];
    left -= 1;
    return last;
  });
  return figureAtLeast("teeth: each outcome three times, not collapsed", alarms, 2);
}

/** Alarms per 100,000 requests, each class with its own detector, reset on alarm. */
function countAlarms(random: Random, classes: number, next: () => boolean): number {
  const detector = createBitDetector(PLAN);
  let alarms = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const masses: number[][] = Array.from({ length: classes }, () => []);
    for (let n = 0; n < REQUESTS; n += 1) {
      const at = Math.floor(random() * classes);
      if (observeBit(detector, masses[at] ?? [], next()) < PLAN.alarmLevel) continue;
      masses[at] = [];
      alarms += 1;
    }
  }
  return (alarms * 100_000) / (RUNS * REQUESTS);
}

/**
 * The same through what runs beside a gateway: eight classes a request at most, which overlap. Only
 * requests that could alarm count, so none of a class that is in a storm.
 *
 * @returns alarms per 100,000 requests, and how many there may be
 */
function watchedStorms(
  random: Random,
  alarmLevel: number,
): readonly [alarms: number, limit: number] {
  const kinds = drawStormClasses(random, 2_000);
  let [alarms, requests] = [0, 0];
  for (let run = 0; run < WATCHED_RUNS; run += 1) {
    const storms = createStormWatch(LIMIT, null, alarmLevel);
    for (let n = 0; n < REQUESTS; n += 1) {
      const classes = kinds[Math.floor(random() * kinds.length)] ?? [];
      const open = storms.open();
      const isInStorm = open.size > 0 && [WHOLE_ROUTE, ...classes].some((one) => open.has(one));
      if (!isInStorm) requests += 1;
      const events = storms.observe(observationOf(random, n, LIMIT, classes));
      if (events.some(({ kind }) => kind === "opened")) alarms += 1;
    }
  }
  return [(alarms * 100_000) / requests, alarmLimit(1, requests)];
}

const WATCHED_RUNS = 60;

function observationOf(
  random: Random,
  n: number,
  rate: number,
  classes: readonly string[] = [],
): StormObservation {
  return {
    ...{ atMs: 1_000 * n, bodyHash: null, model: "cheap", promptHash: "prompt" },
    ...{ classes, cause: random() < rate ? "low_confidence" : null },
  };
}

/** The rate per 100,000 plus 2.58 standard errors of a Poisson count. */
function alarmLimit(rate: number, requests = RUNS * REQUESTS): number {
  const expected = (rate * requests) / 100_000;
  return (rate * (expected + 2.58 * Math.sqrt(expected))) / expected;
}

/** Of one class at 100,000, for nine in ten storms of 60 %, with some room for chance. */
const SLOW_DELAY = 115;
/** What a request of such a storm brings on average. */
const BROUGHT = bernoulliDivergence(0.6, LIMIT);
const LEVEL_COST = Math.log(STORM_ALARM_LEVEL / REQUESTS_PER_FALSE_STORM) / BROUGHT;

/** Requests that it takes to make up for one that shipped. */
const SHIPPED_COST = Math.log((1 - LIMIT) / (1 - 0.6)) / BROUGHT;

/** The same storms for one class that is watched alone and for the level of all of them. */
function delayFigures(random: Random): readonly ValidationFigure[] {
  const delays = Array.from({ length: 2_000 }, () => {
    const [alone = NaN, ours = NaN] = delaysOf(random, [
      REQUESTS_PER_FALSE_STORM,
      STORM_ALARM_LEVEL,
    ]);
    return { alone, ours };
  });
  const slow = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[1_799] ?? NaN;
  const later = delays.reduce((sum, { alone, ours }) => sum + ours - alone, 0) / delays.length;
  return [
    figureAtMost(
      "one class alone: requests until a 60 % storm is told, 90 % of cases",
      slow(delays.map(({ alone }) => alone)),
      SLOW_DELAY,
    ),
    figureAtMost(
      "beside a gateway: requests until a 60 % storm is told, 90 % of cases",
      slow(delays.map(({ ours }) => ours)),
      // Where it takes long, the rest of the way takes longer too, by a half at most.
      SLOW_DELAY + 1.5 * LEVEL_COST,
    ),
    figureAtMost(
      "beside a gateway: requests later than one class alone, on average",
      later,
      LEVEL_COST + 1 / BROUGHT,
    ),
  ];
}

/** Retries, and a body that everybody asks, through what runs beside a gateway. */
function repeatFigures(random: Random): readonly ValidationFigure[] {
  const retried = { times: 3, popularShare: 0 };
  const popular = { times: 1, popularShare: 0.5 };
  const size = { runs: 50, requests: REQUESTS };
  const limit = alarmLimit(1, size.runs * size.requests * (1 - popular.popularShare));
  return [
    figureAtMost(
      "each request three times, at the limit: alarms per 100,000",
      falseStormsOfRepeats(random, retried, size),
      limit,
    ),
    figureAtMost(
      "half of all requests are one body, the others at the limit: alarms per 100,000 of them",
      falseStormsOfRepeats(random, popular, size),
      limit,
    ),
    figureAtMost(
      "half of all requests are one body: others until a 60 % storm of them is told, 90 % of cases",
      slowDelayOfRepeats(random, popular, 1_000),
      // That body ships once in ten minutes, so once or twice until then.
      SLOW_DELAY + 1.5 * LEVEL_COST + 2 * SHIPPED_COST,
    ),
  ];
}

/** Requests until the same storm is told at each level, after 500 healthy ones. */
function delaysOf(random: Random, alarmLevels: readonly number[]): readonly number[] {
  const watches = alarmLevels.map((level) => createStormWatch(LIMIT, null, level));
  const delays = watches.map(() => NaN);
  for (let n = -499; delays.some(Number.isNaN); n += 1) {
    const observation = observationOf(random, n + 500, n <= 0 ? 0.28 : 0.6);
    for (const [i, storms] of watches.entries()) {
      const isTold = storms.observe(observation).some(({ kind }) => kind === "opened");
      if (isTold && n > 0 && Number.isNaN(delays[i])) delays[i] = n;
    }
  }
  return delays;
}
