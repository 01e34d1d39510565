import type { RequestRecord } from "../cascade/receipt.ts";
import type { LedgerEntry } from "../ledger/ledger.ts";
import { alertKey, type Alert } from "../ledger/records/alert.ts";
import type { TriageCount } from "../ledger/records/evidence.ts";
import type { WatchState } from "../ledger/records/watch-state.ts";
import { applyAlertChanges, type AlertChange } from "./alert-change.ts";
import type { AlertText } from "./alert-texts.ts";
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
  const states = new Map(
    (await ledger.watchStates(route.name)).map(({ name, json }) => [name, json]),
  );
  let stored: StoredVerdicts = parse(states.get(verdictsStateName(route.name))) ?? {
    cursor: 0,
    tiers: [],
  };
  const live = createLiveWatch(
    route,
    parse<StoredLive>(states.get(requestsStateName(route.name))),
    opened,
  );
  let pending: readonly AlertChange[] = await goneMeanwhile(parts, live);
  let requests = 0;
  let storedAtMs = nowMs();
  let isChanged = false;
  let rungs: { readonly counts: readonly TriageCount[]; readonly readAtMs: number } | null = null;

  function opened(text: AlertText, atMs: number): AlertChange {
    return { kind: "open", alert: alertOf(parts, text, atMs) };
  }
  async function countsNow(): Promise<readonly TriageCount[]> {
    const atMs = nowMs();
    if (rungs === null || atMs - rungs.readAtMs >= RUNGS_EVERY_MS) {
      const filter = { route: route.name, fromMs: atMs - RUNGS_FROM_MS };
      rungs = { counts: await ledger.triageCounts(filter), readAtMs: atMs };
    }
    return rungs.counts;
  }
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
    const taken = pending;
    const atMs = nowMs();
    const changes = [...taken, ...more];
    const applied =
      changes.length === 0
        ? { entries: [] }
        : applyAlertChanges(route.name, await readOpen(parts), changes, parts.notificationsOf);
    const name = verdictsStateName(route.name);
    const state = { name, route: route.name, json: JSON.stringify(next), updatedAtMs: atMs };
    await ledger.append([
      ...applied.entries,
      ...versions,
      { kind: "watch_state", state },
      { kind: "watch_state", state: liveState(route.name, live, atMs) },
    ]);
    stored = next;
    pending = pending.slice(taken.length);
    requests -= passed;
    storedAtMs = atMs;
    isChanged = false;
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

function liveState(route: string, live: LiveWatch, atMs: number): WatchState {
  const json = JSON.stringify(live.store());
  return { name: requestsStateName(route), route, json, updatedAtMs: atMs };
}

function requestsStateName(route: string): string {
  return `requests/${route}`;
}

function parse<Shape>(json: string | undefined): Shape | null {
  return json === undefined ? null : (JSON.parse(json) as Shape);
}
