import { observeBit, type BitDetector } from "./bit-detector.ts";
import { createOutcomeWindow, type OutcomeWindow } from "./outcome-window.ts";

/** Why requests escalate, as far as it tells whose fault it is. */
export const STORM_CAUSES = ["model_errors", "unreadable_verdicts", "low_confidence"] as const;
export type StormCause = (typeof STORM_CAUSES)[number];

/** Requests and, by cause, what escalated. */
export interface CauseCounts {
  trials: number;
  readonly causes: Record<StormCause, number>;
}

/** One class of requests of a route while it is watched; changes with every request. */
export interface StormClass {
  masses: number[];
  readonly window: OutcomeWindow;
  /** When the detector was last at rest: the likely start of what goes on. */
  sinceMs: number;
  /** From then on. */
  since: CauseCounts;
  /** Before it; old requests fade. */
  base: CauseCounts;
  /** Null while all is well. */
  storm: { readonly openedAtMs: number; readonly window: OutcomeWindow } | null;
  latestMs: number;
  /** Requests ever. */
  seen: number;
}

export interface StoredStormClass {
  readonly masses: readonly number[];
  readonly window: string;
  readonly sinceMs: number;
  readonly since: CauseCounts;
  readonly base: CauseCounts;
  readonly storm: { readonly openedAtMs: number; readonly window: string } | null;
  readonly latestMs: number;
  readonly seen: number;
}

export const WINDOW_SIZE = 200;

/** The detector rests below this on a class that is well. */
const REST_LEVEL = 20;
/** Of the past no more than about so many requests are remembered. */
const BASE_REQUESTS = 2_000;

export function startStormClass(nowMs: number): StormClass {
  return {
    masses: [],
    window: createOutcomeWindow(WINDOW_SIZE),
    sinceMs: nowMs,
    since: noCounts(),
    base: noCounts(),
    storm: null,
    latestMs: nowMs,
    seen: 0,
  };
}

/**
 * Counts a request in a class that is not in a storm.
 *
 * @param cause null = it shipped
 * @returns whether it is now
 */
export function observeClass(
  one: StormClass,
  detector: BitDetector,
  cause: StormCause | null,
  nowMs: number,
): boolean {
  one.latestMs = nowMs;
  one.seen += 1;
  one.window.add(cause !== null);
  count(one.since, cause);
  const total = observeBit(detector, one.masses, cause !== null);
  if (total <= REST_LEVEL) putToRest(one, nowMs);
  if (total < detector.alarmLevel) return false;
  one.masses = [];
  return true;
}

/** From here on what was is the past that is compared with. */
export function putToRest(one: StormClass, nowMs: number): void {
  const { since, base } = one;
  one.sinceMs = nowMs;
  if (since.trials === 0) return;
  const fade = base.trials > BASE_REQUESTS ? 0.5 : 1;
  base.trials = base.trials * fade + since.trials;
  since.trials = 0;
  for (const cause of STORM_CAUSES) {
    base.causes[cause] = base.causes[cause] * fade + since.causes[cause];
    since.causes[cause] = 0;
  }
}

export function escalatedOf({ causes }: CauseCounts): number {
  return STORM_CAUSES.reduce((sum, cause) => sum + causes[cause], 0);
}

export function storeClass(one: StormClass): StoredStormClass {
  const { storm, window } = one;
  return {
    ...one,
    masses: [...one.masses],
    since: copyOf(one.since),
    base: copyOf(one.base),
    window: window.toText(),
    storm: storm === null ? null : { ...storm, window: storm.window.toText() },
  };
}

export function restoreClass(stored: StoredStormClass): StormClass {
  const { storm, window } = stored;
  return {
    ...stored,
    masses: [...stored.masses],
    since: copyOf(stored.since),
    base: copyOf(stored.base),
    window: createOutcomeWindow(WINDOW_SIZE, window),
    storm:
      storm === null ? null : { ...storm, window: createOutcomeWindow(WINDOW_SIZE, storm.window) },
  };
}

function noCounts(): CauseCounts {
  return { trials: 0, causes: { model_errors: 0, unreadable_verdicts: 0, low_confidence: 0 } };
}

function copyOf({ trials, causes }: CauseCounts): CauseCounts {
  return { trials, causes: { ...causes } };
}

function count(counts: CauseCounts, cause: StormCause | null): void {
  counts.trials += 1;
  if (cause !== null) counts.causes[cause] += 1;
}
