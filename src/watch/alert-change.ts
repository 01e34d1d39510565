import type { LedgerEntry } from "../ledger/ledger.ts";
import type { Alert } from "../ledger/records/alert.ts";
import { alertKey } from "../ledger/records/alert.ts";
import type { Job } from "../ledger/records/job.ts";

/** What is to become of the alerts of a route. */
export type AlertChange =
  | { readonly kind: "open"; readonly alert: Alert }
  | {
      readonly kind: "resolve";
      readonly rule: Alert["rule"];
      readonly subject: string | null;
      readonly atMs: number;
    };

/** What sends alerts on: the jobs that deliver it, written in the same commit. */
export type NotificationsOf = (alert: Alert, event: "opened" | "resolved") => readonly Job[];

export interface AppliedChanges {
  readonly entries: readonly LedgerEntry[];
  /** By `alertKey`. */
  readonly open: ReadonlyMap<string, Alert>;
}

/**
 * Turns changes into entries. One that gets worse, or of which more was done, takes the place of the
 * one that was open for the same cause, of which nobody is told that it ended; one that only goes on
 * is not told again. What is not open cannot be resolved, and what is open under the same id has been
 * written already.
 *
 * @param open by `alertKey`, as the ledger has them now, so that who acknowledged one is kept
 */
export function applyAlertChanges(
  route: string,
  open: ReadonlyMap<string, Alert>,
  changes: readonly AlertChange[],
  notificationsOf: NotificationsOf,
): AppliedChanges {
  const next = new Map(open);
  const entries: LedgerEntry[] = [];
  const write = (alert: Alert): void => {
    entries.push({ kind: "alert", alert });
  };
  const tell = (alert: Alert, event: "opened" | "resolved"): void => {
    for (const job of notificationsOf(alert, event)) entries.push({ kind: "job", job });
  };
  for (const change of changes) {
    const key = alertKey(
      change.kind === "open" ? change.alert : { rule: change.rule, subject: change.subject, route },
    );
    const before = next.get(key);
    if (change.kind === "open") {
      if (before !== undefined && !isNews(change.alert, before)) continue;
      const alert = before === undefined ? change.alert : goneOn(change.alert, before);
      if (before !== undefined) write({ ...before, resolvedAtMs: alert.openedAtMs });
      next.set(key, alert);
      write(alert);
      tell(alert, "opened");
    } else if (before !== undefined) {
      const resolved = { ...before, resolvedAtMs: change.atMs };
      next.delete(key);
      write(resolved);
      tell(resolved, "resolved");
    }
  }
  return { entries, open: next };
}

function isNews(alert: Alert, before: Alert): boolean {
  if (alert.id === before.id) return false;
  // Each is an offer of its own, such as of another rung.
  if (alert.rule === "lowering_proved") return true;
  const isGraver = alert.severity === "page" && before.severity === "notice";
  return isGraver || (alert.action !== null && alert.action !== before.action);
}

/** What was done stays done, and what was grave stays so until it is over. */
function goneOn(alert: Alert, before: Alert): Alert {
  const done = alert.action === null ? before : alert;
  return {
    ...alert,
    severity: before.severity === "page" ? "page" : alert.severity,
    action: done.action,
    revert: done.revert,
  };
}
