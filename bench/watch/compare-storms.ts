import { createRandom, type Random } from "../../src/support/random.ts";
import { REQUESTS_PER_FALSE_STORM, STORM_ALARM_LEVEL } from "../../src/watch/storm-dimensions.ts";
import {
  createStormWatch,
  WHOLE_ROUTE,
  type StormObservation,
} from "../../src/watch/storm-watch.ts";

/** What one alarm level did to the same storms as the other. */
export interface StormFigures {
  readonly name: string;
  /** For each storm, in the order of `STORMS`. */
  readonly storms: readonly {
    /** Requests of the class from its change to the alarm; nine in ten are told by `slow`. */
    readonly median: number;
    readonly slow: number;
    /** Share of alarms that name what is in the storm. */
    readonly named: number;
  }[];
}

export interface Storm {
  /** The task that changes, or the whole route. */
  readonly subject: string;
  /** What it escalates at from then on. */
  readonly rate: number;
}

/** Escalation rate that is still fine, that of healthy requests, and how many come before the storm. */
export const STORM_LIMIT = 0.35;
export const HEALTHY_RATE = 0.2;
export const REQUESTS_BEFORE = 2_000;
const REFUNDS = 0.3;

export const STORMS: readonly Storm[] = [
  ...[0.5, 0.7, 0.95].map((rate) => ({ subject: WHOLE_ROUTE, rate })),
  ...[0.6, 0.9].map((rate) => ({ subject: "task:refund", rate })),
];

const LEVELS = [
  { name: "each class at 100,000 by itself", level: REQUESTS_PER_FALSE_STORM },
  { name: "ours, 100,000 for all classes together", level: STORM_ALARM_LEVEL },
] as const;

/** Both levels see the same requests: of two tasks, and of seven classes each with the whole route. */
export function compareStorms(seed: string, streams: number): readonly StormFigures[] {
  return LEVELS.map(({ name, level }) => ({
    name,
    storms: STORMS.map((storm) => {
      const told = Array.from({ length: streams }, (_, stream) =>
        toldOf(storm, level, createRandom(`${seed} ${storm.subject} ${storm.rate} ${stream}`)),
      );
      const delays = told.map(({ delay }) => delay).toSorted((a, b) => a - b);
      const at = (share: number): number => delays[Math.ceil(share * streams) - 1] ?? NaN;
      const named = told.filter(({ isNamed }) => isNamed).length / streams;
      return { median: at(0.5), slow: at(0.9), named };
    }),
  }));
}

function toldOf(
  { subject, rate }: Storm,
  alarmLevel: number,
  random: Random,
): { readonly delay: number; readonly isNamed: boolean } {
  const storms = createStormWatch(STORM_LIMIT, null, alarmLevel);
  let delay = 0;
  for (let n = 0; delay < 20_000; n += 1) {
    const classes = drawClasses(random);
    const isInStorm =
      n >= REQUESTS_BEFORE && (subject === WHOLE_ROUTE || classes.includes(subject));
    if (isInStorm) delay += 1;
    const isHit = random() < (isInStorm ? rate : HEALTHY_RATE);
    const [event] = storms.observe(observationOf(n, classes, isHit));
    if (event?.kind === "opened") return { delay, isNamed: event.subject === subject };
  }
  return { delay: Infinity, isNamed: false };
}

function drawClasses(random: Random): readonly string[] {
  const classes = [
    random() < REFUNDS ? "task:refund" : "task:other",
    random() < 0.7 ? "length:short" : "length:medium",
    random() < 0.8 ? "turns:single" : "turns:few",
    random() < 0.9 ? "script:latin" : "script:mixed",
  ];
  for (const name of ["has:code", "has:images", "has:tools"]) {
    if (random() < 0.2) classes.push(name);
  }
  return classes;
}

function observationOf(n: number, classes: readonly string[], isHit: boolean): StormObservation {
  return {
    ...{ atMs: 1_000 * n, bodyHash: null, model: "cheap", promptHash: "prompt", classes },
    cause: isHit ? "low_confidence" : null,
  };
}
