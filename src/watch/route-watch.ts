import type { RequestRecord } from "../cascade/receipt.ts";
import type { LedgerEntry } from "../ledger/ledger.ts";
import { alertKey, type Alert } from "../ledger/records/alert.ts";
import type { TriageCount } from "../ledger/records/evidence.ts";
import { applyAlertChanges, type AlertChange } from "./alert-change.ts";
import { isSuspicious } from "./control-threshold.ts";
import { createLiveWatch, type LiveWatch, type StoredLive } from "./live-watch.ts";
import { readRouteSettings } from "./route-settings.ts";
import { alertOf, stepOver, verdictsStateName, type StoredVerdicts } from "./route-step.ts";
import type { RouteWatchParts } from "./route-watch-parts.ts";

export interface RouteWatch {
  observe(record: RequestRecord): void;
  /** @returns whether there is more to read at once */
  tick(): Promise<boolean>;
  /** Writes what is remembered of requests, which else is written now and then. */
  store(): Promise<void>;
  isSuspicious(): boolean;
  storms(): ReadonlySet<string>;
}

/** Verdicts that are read in one go. */
const PAGE = 200;
/** What requests tell is written so often at most, unless it has led to an alert. */
const STORE_EVERY_MS = 10_000;
const RUNGS_EVERY_MS = 60_000;
const RUNGS_FROM_MS = 30 * 86_400_000;
const MOST_OPEN_ALERTS = 1_000;

/** Opens the watch over one route where an earlier process has left it. */
export async function openRouteWatch(parts: RouteWatchParts): Promise<RouteWatch> {
  const { ledger, route, nowMs } = parts;
  const states = await readStates(parts);
  let stored: StoredVerdicts = states.verdicts ?? { cursor: 0, tiers: [] };
  const live = createLiveWatch(route, states.requests, (text, atMs) => {
    return { kind: "open", alert: alertOf(parts, text, atMs) };
  });
  const countsNow = createCountsReader(parts);
  let pending: readonly AlertChange[] = await goneMeanwhile(parts, live);
  let requests = 0;
  let storedAtMs = nowMs();
  let isChanged = false;

  async function tick(): Promise<boolean> {
    const atMs = nowMs();
    pending = [...pending, ...live.expire(atMs)];
    const graded = await ledger.gradedSince(route.name, stored.cursor, PAGE);
    const passed = requests;
    const isDue = isChanged && atMs - storedAtMs >= STORE_EVERY_MS;
    if (graded.length === 0 && pending.length === 0 && !isDue) return false;
    const settings = await readRouteSettings(ledger, route);
    const step = await stepOver(parts, stored, {
      ...{ graded, passed, settings, live },
      counts: await countsNow(),
    });
    await commit(step.stored, step.changes, step.versions, passed);
    return graded.length === PAGE;
  }
  /** All or nothing: what could not be written is worked out again by the next tick. */
  async function commit(
    next: StoredVerdicts,
    more: readonly AlertChange[],
    versions: readonly LedgerEntry[],
    passed: number,
  ): Promise<void> {
    const open = await readOpen(parts);
    // Together, without a pause: a storm is remembered if and only if its alert is written with it.
    const taken = pending;
    const atMs = nowMs();
    const states = statesOf(route.name, next, live, atMs);
    isChanged = false;
    const applied = applyAlertChanges(route.name, open, [...taken, ...more], parts.notificationsOf);
    try {
      await ledger.append([...applied.entries, ...versions, ...states]);
    } catch (error) {
      isChanged = true;
      throw error;
    }
    stored = next;
    pending = pending.slice(taken.length);
    requests -= passed;
    storedAtMs = atMs;
  }
  return {
    observe: (record) => {
      const changes = live.observe(record);
      isChanged = true;
      if (record.decision === "shipped" || record.decision === "escalated") requests += 1;
      if (changes.length > 0) pending = [...pending, ...changes];
    },
    tick,
    store: async () => {
      if (isChanged || pending.length > 0) await commit(stored, [], [], 0);
    },
    isSuspicious: () => stored.tiers.some(({ control }) => isSuspicious(control)),
    storms: live.storms,
  };
}

async function readOpen({ ledger, route }: RouteWatchParts): Promise<ReadonlyMap<string, Alert>> {
  const open = await ledger.alerts({ route: route.name, isOpen: true }, MOST_OPEN_ALERTS);
  const real = open.filter(({ isExercise }) => !isExercise);
  return new Map(real.toReversed().map((alert) => [alertKey(alert), alert]));
}

/** Alerts that are open and of which nothing is remembered: what they were about is configured away. */
async function goneMeanwhile(
  parts: RouteWatchParts,
  live: LiveWatch,
): Promise<readonly AlertChange[]> {
  const open = await readOpen(parts);
  return [...open.values()]
    .filter((alert) => live.goesOn(alert) === false)
    .map(({ rule, subject }) => ({ kind: "resolve", rule, subject, atMs: parts.nowMs() }));
}

function statesOf(
  route: string,
  verdicts: StoredVerdicts,
  live: LiveWatch,
  updatedAtMs: number,
): readonly LedgerEntry[] {
  const entry = (name: string, value: object): LedgerEntry => ({
    kind: "watch_state",
    state: { name, route, json: JSON.stringify(value), updatedAtMs },
  });
  return [entry(verdictsStateName(route), verdicts), entry(requestsStateName(route), live.store())];
}

async function readStates({ ledger, route }: RouteWatchParts): Promise<{
  readonly verdicts: StoredVerdicts | null;
  readonly requests: StoredLive | null;
}> {
  const states = await ledger.watchStates(route.name);
  const jsonOf = (wanted: string): string | undefined =>
    states.find(({ name }) => name === wanted)?.json;
  return {
    verdicts: parse<StoredVerdicts>(jsonOf(verdictsStateName(route.name))),
    requests: parse<StoredLive>(jsonOf(requestsStateName(route.name))),
  };
}

/** How often which confidence was stated, as of the last minute. */
function createCountsReader({
  ledger,
  route,
  nowMs,
}: RouteWatchParts): () => Promise<readonly TriageCount[]> {
  let read: { readonly counts: readonly TriageCount[]; readonly atMs: number } | null = null;
  return async () => {
    const atMs = nowMs();
    if (read === null || atMs - read.atMs >= RUNGS_EVERY_MS) {
      const filter = { route: route.name, fromMs: atMs - RUNGS_FROM_MS };
      read = { counts: await ledger.triageCounts(filter), atMs };
    }
    return read.counts;
  };
}

function requestsStateName(route: string): string {
  return `requests/${route}`;
}

function parse<Shape>(json: string | undefined): Shape | null {
  return json === undefined ? null : (JSON.parse(json) as Shape);
}
