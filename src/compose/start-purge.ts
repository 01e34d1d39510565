import type { Ledger } from "../ledger/ledger.ts";
import type { Clock } from "../support/clock.ts";

const DAY_MS = 86_400_000;
const PURGE_EVERY_MS = 3_600_000;

/** Finished background work is kept so long for whoever asks why it failed. */
const JOB_RETENTION_DAYS = 7;

/**
 * Deletes stored texts that are older than their retention, and background work that ended a week
 * ago, now and every hour.
 *
 * @returns stops it
 */
export function startPurge(
  ledger: Pick<Ledger, "purgeBodies" | "purgeJobs">,
  bodyRetentionDays: number,
  clock: Clock,
  onError: (error: unknown) => void,
): () => void {
  const purge = (): void => {
    const nowMs = clock.nowMs();
    ledger.purgeBodies(nowMs - bodyRetentionDays * DAY_MS).catch(onError);
    ledger.purgeJobs(nowMs - JOB_RETENTION_DAYS * DAY_MS).catch(onError);
  };
  purge();
  const timer = setInterval(purge, PURGE_EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
