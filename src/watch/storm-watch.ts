import { stormDetectorPlan } from "../statistics/detector-plans.ts";
import { wilsonInterval, type ShareInterval } from "../statistics/wilson-interval.ts";
import { detectorTotal } from "./error-watch.ts";
import { createBitDetector } from "./bit-detector.ts";
import { createOutcomeWindow } from "./outcome-window.ts";
import { createRecentBodies } from "./recent-bodies.ts";
import {
  escalatedOf,
  observeClass,
  putToRest,
  restoreClass,
  startStormClass,
  storeClass,
  WINDOW_SIZE,
  type StormCause,
  type StormClass,
  type StoredStormClass,
} from "./storm-class.ts";
import { STORM_ALARM_LEVEL, stormDimension } from "./storm-dimensions.ts";
import { createChangeTrace, type StoredChange } from "./storm-change.ts";
import { suspectOf, type StormSuspect, type TaskTrace } from "./storm-suspect.ts";

/** One request that was triaged, as far as storms are concerned. */
export interface StormObservation {
  readonly atMs: number;
  /** Repeats of one body within ten minutes are one request; null = on its own. */
  readonly bodyHash: string | null;
  /** Classes it belongs to, without `WHOLE_ROUTE`; others than of `STORM_DIMENSIONS` are not watched. */
  readonly classes: readonly string[];
  /** Null: it shipped. */
  readonly cause: StormCause | null;
  readonly model: string | null;
  readonly promptHash: string | null;
  /** What the first tier was held against; absent or null = not known. */
  readonly threshold?: number | null;
}

/** The name of the class that every request of a route belongs to. */
export const WHOLE_ROUTE = "route";

export type StormEvent =
  | {
      readonly kind: "opened";
      readonly subject: string;
      /** The likely start. */
      readonly sinceMs: number;
      readonly requests: number;
      readonly escalated: number;
      /** Of these; 95 %, for showing. */
      readonly interval: ShareInterval;
      readonly suspect: StormSuspect;
    }
  | {
      readonly kind: "cleared";
      readonly subject: string;
      readonly requests: number;
      readonly escalated: number;
      /** Nobody asks any more, so nothing is known. */
      readonly isIdle: boolean;
    };

export interface StormWatch {
  /** At most one storm opens with one request: the one that explains the others. */
  observe(observation: StormObservation): readonly StormEvent[];
  /** Storms of classes that nobody has asked for in a day are over. */
  expire(nowMs: number): readonly StormEvent[];
  /** Classes in a storm. */
  open(): ReadonlySet<string>;
  store(): StoredStorms;
}

/** Plain JSON. */
export interface StoredStorms extends StoredChange {
  readonly rate: number;
  readonly classes: Readonly<Record<string, StoredStormClass>>;
}

const NOTHING: readonly StormEvent[] = [];

/** A change of the model, the prompt or the threshold is suspected of what began within so long after it. */
const CHANGE_REACH_MS = 3_600_000;
const IDLE_MS = 86_400_000;
/** Tasks are at most 101 a route, built-in classes a dozen or two. */
const MOST_CLASSES = 160;
/** A class whose detector stands so high when another one alarms may be in the same storm. */
const NEAR_LEVEL = 100;
/** Fewer requests of another class say nothing of whether it escalates by itself. */
const LEAST_REST = 3;

/**
 * Watches how much escalates, in the whole route and in each class of requests. False alarms of all
 * classes together are at least 100,000 requests apart on average. A class in a storm is left out of
 * the others while it lasts: one storm, one alarm.
 *
 * @param rate escalation rate that is still fine, between 0 and 1
 * @param stored of an earlier process; of another rate it is not taken up
 * @param alarmLevel of each class; another than the default is for comparisons
 */
export function createStormWatch(
  rate: number,
  stored: StoredStorms | null,
  alarmLevel: number = STORM_ALARM_LEVEL,
): StormWatch {
  const detector = createBitDetector(
    stormDetectorPlan(rate, { alarmLevel, warnLevel: NEAR_LEVEL }),
  );
  const kept = stored?.rate === rate ? stored : null;
  const classes = new Map<string, StormClass>(
    Object.entries(kept?.classes ?? {}).map(([name, one]) => [name, restoreClass(one)]),
  );
  const open = new Set([...classes].filter(([, one]) => one.storm !== null).map(([name]) => name));
  const recent = createRecentBodies();
  const changes = createChangeTrace(kept);

  function classOf(name: string, nowMs: number): StormClass | null {
    const known = classes.get(name);
    if (known !== undefined || classes.size >= MOST_CLASSES) return known ?? null;
    if (stormDimension(name) === null) return null;
    const fresh = startStormClass(nowMs);
    classes.set(name, fresh);
    return fresh;
  }
  function observe(observation: StormObservation): readonly StormEvent[] {
    const { atMs, bodyHash, cause } = observation;
    changes.note(observation);
    if (bodyHash !== null && recent.isRepeat(bodyHash, atMs)) return NOTHING;
    const names = [WHOLE_ROUTE, ...observation.classes];
    if (open.size > 0) {
      const inStorm = names.filter((name) => open.has(name));
      if (inStorm.length > 0) return inStorm.flatMap((name) => observeStorm(name, cause, atMs));
    }
    let alarmed: string[] | null = null;
    for (const name of names) {
      const one = classOf(name, atMs);
      if (one === null || !observeClass(one, detector, cause, atMs)) continue;
      alarmed = [...(alarmed ?? []), name];
    }
    if (alarmed === null) return NOTHING;
    const all = alarmed;
    const near = names.flatMap((name) => {
      const one = classes.get(name);
      const isNear = all.includes(name) || (one && isWarned(one));
      return one !== undefined && isNear === true ? [ratedClass(name, one)] : [];
    });
    return [openStorm(rootOf(near, rate), atMs)];
  }
  function isWarned(one: StormClass): boolean {
    return detectorTotal(one) >= NEAR_LEVEL;
  }
  function openStorm(subject: string, atMs: number): StormEvent {
    const one = classOf(subject, atMs) ?? startStormClass(atMs);
    const { since, base, sinceMs } = one;
    const escalated = escalatedOf(since);
    const change = changes.since(sinceMs - CHANGE_REACH_MS);
    const tasks = subject === WHOLE_ROUTE ? tasksOf(classes) : [];
    const event: StormEvent = {
      ...{ kind: "opened", subject, sinceMs, requests: since.trials, escalated },
      interval: wilsonInterval(escalated, since.trials),
      suspect: suspectOf({ since, base, change, tasks }),
    };
    one.storm = { openedAtMs: atMs, window: createOutcomeWindow(WINDOW_SIZE) };
    open.add(subject);
    // What they have gathered may be of this storm; they begin anew without it.
    for (const other of classes.values()) other.masses = [];
    return event;
  }
  function observeStorm(subject: string, cause: StormCause | null, atMs: number): StormEvent[] {
    const one = classes.get(subject);
    if (!one?.storm) return [];
    one.latestMs = atMs;
    const { window } = one.storm;
    window.add(cause !== null);
    const isOver = window.isFull() && window.hits() / window.trials() <= clearRate(rate);
    return isOver ? [endStorm(subject, one, atMs, false)] : [];
  }
  function endStorm(subject: string, one: StormClass, atMs: number, isIdle: boolean): StormEvent {
    const requests = one.storm?.window.trials() ?? 0;
    const escalated = one.storm?.window.hits() ?? 0;
    one.storm = null;
    one.masses = [];
    // A storm is not what later times are compared with.
    one.since = startStormClass(atMs).since;
    putToRest(one, atMs);
    open.delete(subject);
    return { kind: "cleared", subject, requests, escalated, isIdle };
  }
  return {
    observe,
    expire: (nowMs) =>
      [...open].flatMap((subject) => {
        const one = classes.get(subject);
        const isIdle = one !== undefined && nowMs - one.latestMs > IDLE_MS;
        return isIdle ? [endStorm(subject, one, nowMs, true)] : [];
      }),
    open: () => open,
    store: () => ({
      ...{ rate, ...changes.store() },
      classes: Object.fromEntries([...classes].map(([name, one]) => [name, storeClass(one)])),
    }),
  };
}

/** A storm is over at this rate of the last 200: five points below the limit, 30 % for 35 %. */
export function clearRate(rate: number): number {
  return Math.max(rate - 0.05, rate * 0.8);
}

/**
 * Which class to name. Of those that alarm, or nearly do, with the same request: the largest, unless a
 * part of it explains it, because what is not of that part does not escalate, or hardly occurs now
 * although it usually does.
 */
function rootOf(near: readonly RatedClass[], limit: number): string {
  const whole = near.reduce((one, other) =>
    other.seen > one.seen || (other.seen === one.seen && rankOf(other.name) > rankOf(one.name))
      ? other
      : one,
  );
  const explains = (part: RatedClass): boolean => {
    if (part.seen >= whole.seen) return false;
    const rest = whole.requests - part.requests;
    if (rest >= LEAST_REST) return (whole.escalated - part.escalated) / rest <= limit;
    return whole.requests * (1 - part.seen / whole.seen) >= 2 * LEAST_REST;
  };
  const [root = whole] = near
    .filter(explains)
    .toSorted((one, other) => rateOf(other) - rateOf(one) || rankOf(other.name) - rankOf(one.name));
  return root.name;
}

interface RatedClass {
  readonly name: string;
  /** Since the likely start. */
  readonly requests: number;
  readonly escalated: number;
  /** Requests ever. */
  readonly seen: number;
}

function ratedClass(name: string, { since, seen }: StormClass): RatedClass {
  return { name, requests: since.trials, escalated: escalatedOf(since), seen };
}

function rateOf({ escalated, requests }: RatedClass): number {
  return requests === 0 ? 0 : escalated / requests;
}

function rankOf(name: string): number {
  if (name === WHOLE_ROUTE) return 2;
  return name.startsWith("task:") ? 1 : 0;
}

function tasksOf(classes: ReadonlyMap<string, StormClass>): readonly TaskTrace[] {
  return [...classes]
    .filter(([name]) => name.startsWith("task:"))
    .map(([, { since, base }]) => ({
      requests: since.trials,
      escalatedBefore: escalatedOf(base),
      requestsBefore: base.trials,
    }));
}
