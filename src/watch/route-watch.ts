import type { RequestRecord } from "../cascade/receipt.ts";
import type { LedgerEntry } from "../ledger/ledger.ts";
import type { TriageCount } from "../ledger/records/evidence.ts";
import { applyAlertChanges, type AlertChange } from "./alert-change.ts";
import { isSuspicious } from "./is-suspicious.ts";
import { createLiveWatch, type LiveWatch, type StoredLive } from "./live-watch.ts";
import { goneMeanwhile, readOpenAlerts } from "./open-alerts.ts";
import { readRouteSettings, type RouteSettings } from "./route-settings.ts";
import {
  alertOf,
  stepOver,
  verdictsStateName,
  type RouteStep,
  type StoredVerdicts,
} from "./route-step.ts";
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

/** A step that was worked out and is not known to be written. */
interface Unsettled {
  readonly entries: readonly LedgerEntry[];
  readonly next: StoredVerdicts;
  /** Of the pending changes, the first so many are in it. */
  readonly taken: number;
  readonly passed: number;
  readonly atMs: number;
  /** What its new thresholds were worked out from; absent = it sets none. */
  readonly settings?: RouteSettings;
}

/** Opens the watch over one route where an earlier process has left it. */
export async function openRouteWatch(parts: RouteWatchParts): Promise<RouteWatch> {
  const { route } = parts;
  // Before the states: what another process opens in between is not taken for forgotten.
  const open = await readOpenAlerts(parts);
  const { verdicts, requests } = await readStates(parts);
  // A memory of an earlier release has no origin yet.
  const stored = { origin: parts.nextOrigin(), cursor: 0, tiers: [], ...verdicts };
  const { origin } = stored;
  const live = createLiveWatch(route, requests, (text, { id, startedAtMs: atMs }) => {
    const alert = alertOf(route.name, text, { origin, cause: `request ${id}`, atMs });
    return { kind: "open", alert };
  });
  return createRouteWatch(parts, stored, live, goneMeanwhile(open, parts, live, stored.tiers));
}

function createRouteWatch(
  parts: RouteWatchParts,
  start: StoredVerdicts,
  live: LiveWatch,
  gone: readonly AlertChange[],
): RouteWatch {
  const { ledger, route, nowMs } = parts;
  const countsNow = createCountsReader(parts);
  let stored = start;
  let pending = gone;
  let requests = 0;
  let storedAtMs = nowMs();
  let isChanged = false;
  let unsettled: Unsettled | null = null;

  async function tick(): Promise<boolean> {
    await settle();
    const atMs = nowMs();
    pending = [...pending, ...live.expire(atMs)];
    const graded = await ledger.gradedSince(route.name, stored.cursor, PAGE);
    const passed = requests;
    const isDue = isChanged && isPast(storedAtMs, STORE_EVERY_MS, atMs);
    if (graded.length === 0 && pending.length === 0 && !isDue) return false;
    const settings = await readRouteSettings(ledger, route);
    if (graded.length > 0 && (await isReadElsewhere())) return true;
    const step = await stepOver(parts, stored, {
      ...{ graded, passed, settings, live },
      counts: await countsNow(),
    });
    await commit(step, passed, settings);
    return graded.length === PAGE;
  }
  /**
   * Takes over what another process has made of these verdicts, such as the one that is about to end in
   * a rolling restart. After the settings were read: what it wrote before is seen here, and what it
   * writes later is worked out from the same, and so the same.
   */
  async function isReadElsewhere(): Promise<boolean> {
    const { verdicts } = await readStates(parts);
    if (verdicts === null || verdicts.cursor <= stored.cursor) return false;
    stored = { ...stored, ...verdicts };
    return true;
  }
  async function commit(step: RouteStep, passed: number, settings?: RouteSettings): Promise<void> {
    const { byKey, doublesEnd } = await readOpenAlerts(parts);
    // Together, without a pause: a storm is remembered if and only if its alert is written with it.
    const atMs = nowMs();
    const states = statesOf(route.name, step.stored, live, atMs);
    const changes = [...pending, ...step.changes];
    const applied = applyAlertChanges(route.name, byKey, changes, parts.notificationsOf);
    isChanged = false;
    unsettled = {
      entries: [...doublesEnd, ...applied.entries, ...step.versions, ...states],
      ...{ next: step.stored, taken: pending.length, passed, atMs },
      ...(step.versions.length === 0 || settings === undefined ? {} : { settings }),
    };
    await settle();
  }
  /**
   * All or nothing. What is reported as failed may be written all the same, so the very same is written
   * again, under the same ids, before anything new is worked out. Only where somebody has set a
   * threshold meanwhile it is given up, and worked out again from there.
   */
  async function settle(): Promise<void> {
    if (unsettled === null) return;
    const { entries, next, taken, passed, atMs, settings } = unsettled;
    if (settings !== undefined && (await isOvertaken(parts, entries, settings))) {
      unsettled = null;
      isChanged = true;
      return;
    }
    await ledger.append(entries);
    unsettled = null;
    stored = next;
    pending = pending.slice(taken);
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
      await settle();
      if (!isChanged && pending.length === 0) return;
      await commit({ stored, changes: [], versions: [] }, 0);
    },
    isSuspicious: () => stored.tiers.some(({ control }) => isSuspicious(control)),
    storms: live.storms,
  };
}

/** Whether another threshold was set since, and ours is not written. */
async function isOvertaken(
  { ledger, route }: RouteWatchParts,
  entries: readonly LedgerEntry[],
  { newestVersion }: RouteSettings,
): Promise<boolean> {
  const versions = await ledger.thresholdVersions(route.name);
  if ((versions[0]?.id ?? null) === newestVersion) return false;
  const known = new Set(versions.map(({ id }) => id));
  return entries.some((one) => one.kind === "threshold_version" && !known.has(one.version.id));
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
    if (read === null || isPast(read.atMs, RUNGS_EVERY_MS, atMs)) {
      const filter = { route: route.name, fromMs: atMs - RUNGS_FROM_MS };
      read = { counts: await ledger.triageCounts(filter), atMs };
    }
    return read.counts;
  };
}

/** Whether so long has passed; a clock that was set back by more does not hold it up. */
function isPast(fromMs: number, ms: number, nowMs: number): boolean {
  return Math.abs(nowMs - fromMs) >= ms;
}

function requestsStateName(route: string): string {
  return `requests/${route}`;
}

function parse<Shape>(json: string | undefined): Shape | null {
  return json === undefined ? null : (JSON.parse(json) as Shape);
}
