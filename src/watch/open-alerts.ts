import type { LedgerEntry } from "../ledger/ledger.ts";
import { alertKey, type Alert } from "../ledger/records/alert.ts";
import type { AlertChange } from "./alert-change.ts";
import { tierSubject } from "./alert-texts.ts";
import type { LiveWatch } from "./live-watch.ts";
import { isOffered, type StoredVerdicts } from "./route-step.ts";
import type { RouteWatchParts } from "./route-watch-parts.ts";
import type { WatchedRoute } from "./watched-route.ts";

/** What lasts of a route, exercises left out. */
export interface OpenAlerts {
  /** By `alertKey`; the newest of each. */
  readonly byKey: ReadonlyMap<string, Alert>;
  /** Ends the others of a key, of which nobody is told: the newest goes on. */
  readonly doublesEnd: readonly LedgerEntry[];
}

const MOST_OPEN_ALERTS = 1_000;

/** Two processes that see the same at once open an alert each, since neither can see the other's. */
export async function readOpenAlerts({
  ledger,
  route,
}: Pick<RouteWatchParts, "ledger"> & {
  readonly route: Pick<WatchedRoute, "name">;
}): Promise<OpenAlerts> {
  const open = await ledger.alerts({ route: route.name, isOpen: true }, MOST_OPEN_ALERTS);
  const byKey = new Map<string, Alert>();
  const doublesEnd: LedgerEntry[] = [];
  for (const alert of open) {
    if (alert.isExercise) continue;
    const newest = byKey.get(alertKey(alert));
    if (newest === undefined) byKey.set(alertKey(alert), alert);
    else {
      const ended = { ...alert, resolvedAtMs: newest.openedAtMs };
      doublesEnd.push({ kind: "alert", alert: ended });
    }
  }
  return { byKey, doublesEnd };
}

/** Alerts that are open and of which nothing is remembered: what they were about is configured away. */
export function goneMeanwhile(
  { byKey }: Pick<OpenAlerts, "byKey">,
  { route, nowMs }: Pick<RouteWatchParts, "route" | "nowMs">,
  live: LiveWatch,
  tiers: StoredVerdicts["tiers"],
): readonly AlertChange[] {
  const goesOn = (alert: Alert): boolean => {
    if (!isOfTier(alert, route)) return false;
    if (alert.rule !== "lowering_proved") return live.goesOn(alert) ?? true;
    return route.thresholds.some(
      (_, tier) => tierSubject(tier) === alert.subject && isOffered(tiers, tier),
    );
  };
  return [...byKey.values()]
    .filter((alert) => !goesOn(alert))
    .map(({ rule, subject }) => ({ kind: "resolve", rule, subject, atMs: nowMs() }));
}

/** Whether the tier that it is about, if it names one, may still ship. */
function isOfTier({ subject }: Alert, { thresholds }: WatchedRoute): boolean {
  const [, nth] = /^tier:(\d+)/.exec(subject ?? "") ?? [];
  return nth === undefined || Number(nth) <= thresholds.length;
}
