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
  const { ledger, route } = parts;
  const states = new Map(
    (await ledger.watchStates(route.name)).map(({ name, json }) => [name, json]),
  );
  const stored = parse<StoredVerdicts>(states.get(verdictsStateName(route.name)));
  const opened = (text: AlertText, atMs: number): AlertChange => ({
    kind: "open",
    alert: alertOf(parts, text, atMs),
  });
  const ofRequests = parse<StoredLive>(states.get(requestsStateName(route.name)));
  const live = createLiveWatch(route, ofRequests, opened);
  return new OpenRouteWatch(parts, stored, live, await goneMeanwhile(parts, live));
}

class OpenRouteWatch implements RouteWatch {
  readonly #parts: RouteWatchParts;
  readonly #live: LiveWatch;
  #stored: StoredVerdicts;
  #pending: readonly AlertChange[];
  #requests = 0;
  #storedAtMs: number;
  #isChanged = false;
  #rungs: { readonly counts: readonly TriageCount[]; readonly readAtMs: number } | null = null;

  constructor(
    parts: RouteWatchParts,
    stored: StoredVerdicts | null,
    live: LiveWatch,
    pending: readonly AlertChange[],
  ) {
    this.#parts = parts;
    this.#live = live;
    this.#stored = stored ?? { cursor: 0, tiers: [] };
    this.#pending = pending;
    this.#storedAtMs = parts.nowMs();
  }

  observe(record: RequestRecord): void {
    const changes = this.#live.observe(record);
    this.#isChanged = true;
    if (record.decision === "shipped" || record.decision === "escalated") this.#requests += 1;
    if (changes.length > 0) this.#pending = [...this.#pending, ...changes];
  }

  async tick(): Promise<boolean> {
    const { ledger, route, nowMs } = this.#parts;
    const atMs = nowMs();
    this.#pending = [...this.#pending, ...this.#live.expire(atMs)];
    const graded = await ledger.gradedSince(route.name, this.#stored.cursor, PAGE);
    const passed = this.#requests;
    const isDue = this.#isChanged && atMs - this.#storedAtMs >= STORE_EVERY_MS;
    if (graded.length === 0 && this.#pending.length === 0 && !isDue) return false;
    const settings = await readRouteSettings(ledger, route);
    const step = await stepOver(this.#parts, this.#stored, {
      ...{ graded, passed, settings, live: this.#live },
      counts: await this.#countsNow(),
    });
    await this.#commit(step.stored, step.changes, step.versions, passed);
    return graded.length === PAGE;
  }

  async store(): Promise<void> {
    if (this.#isChanged || this.#pending.length > 0) await this.#commit(this.#stored, [], [], 0);
  }

  isSuspicious(): boolean {
    return this.#stored.tiers.some(({ control }) => isSuspicious(control));
  }

  storms(): ReadonlySet<string> {
    return this.#live.storms();
  }

  async #countsNow(): Promise<readonly TriageCount[]> {
    const { ledger, route, nowMs } = this.#parts;
    const atMs = nowMs();
    if (this.#rungs === null || atMs - this.#rungs.readAtMs >= RUNGS_EVERY_MS) {
      const filter = { route: route.name, fromMs: atMs - RUNGS_FROM_MS };
      this.#rungs = { counts: await ledger.triageCounts(filter), readAtMs: atMs };
    }
    return this.#rungs.counts;
  }

  /** All or nothing: what could not be written is worked out again by the next tick. */
  async #commit(
    next: StoredVerdicts,
    more: readonly AlertChange[],
    versions: readonly LedgerEntry[],
    passed: number,
  ): Promise<void> {
    const { ledger, route, nowMs, notificationsOf } = this.#parts;
    const taken = this.#pending;
    const atMs = nowMs();
    const changes = [...taken, ...more];
    const applied =
      changes.length === 0
        ? { entries: [] }
        : applyAlertChanges(route.name, await readOpen(this.#parts), changes, notificationsOf);
    const name = verdictsStateName(route.name);
    const state = { name, route: route.name, json: JSON.stringify(next), updatedAtMs: atMs };
    await ledger.append([
      ...applied.entries,
      ...versions,
      { kind: "watch_state", state },
      { kind: "watch_state", state: liveState(route.name, this.#live, atMs) },
    ]);
    this.#stored = next;
    this.#pending = this.#pending.slice(taken.length);
    this.#requests -= passed;
    this.#storedAtMs = atMs;
    this.#isChanged = false;
  }
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
