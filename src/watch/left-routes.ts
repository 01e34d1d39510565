import { applyAlertChanges, type AlertChange } from "./alert-change.ts";
import { readOpenAlerts } from "./open-alerts.ts";
import type { RouteWatchParts } from "./route-watch-parts.ts";

/** Another gateway on the ledger may watch a route that this one does not have. */
const UNWATCHED_MS = 86_400_000;
const LOOK_EVERY_MS = 3_600_000;
const MOST_OPEN_ALERTS = 1_000;

/**
 * Ends what is open of routes that were renamed, removed or have one tier left, once nobody has watched
 * them for a day: else nobody ever would. Looks once an hour, however often it is called.
 *
 * @param watched names of the routes that this process watches
 */
export function createLeftRoutes(
  parts: Pick<RouteWatchParts, "ledger" | "notificationsOf" | "nowMs">,
  watched: ReadonlySet<string>,
): () => Promise<void> {
  const { ledger, notificationsOf, nowMs } = parts;
  let lookedAtMs = -Infinity;

  async function endOf(route: string, atMs: number): Promise<void> {
    const states = await ledger.watchStates(route);
    const { byKey, doublesEnd } = await readOpenAlerts({ ledger, route: { name: route } });
    const alerts = [...byKey.values()];
    const latestMs = Math.max(
      ...states.map(({ updatedAtMs }) => updatedAtMs),
      ...alerts.map(({ openedAtMs }) => openedAtMs),
    );
    if (atMs - latestMs <= UNWATCHED_MS) return;
    const changes = alerts.map(({ rule, subject }): AlertChange => ({
      kind: "resolve",
      rule,
      subject,
      atMs,
    }));
    const { entries } = applyAlertChanges(route, byKey, changes, notificationsOf);
    await ledger.append([...doublesEnd, ...entries]);
  }
  return async () => {
    const atMs = nowMs();
    // Also where the clock was set back.
    if (Math.abs(atMs - lookedAtMs) < LOOK_EVERY_MS) return;
    const open = await ledger.alerts({ isOpen: true }, MOST_OPEN_ALERTS);
    const left = open.filter(({ route, isExercise }) => !isExercise && !watched.has(route));
    for (const route of new Set(left.map((alert) => alert.route))) await endOf(route, atMs);
    lookedAtMs = atMs;
  };
}
