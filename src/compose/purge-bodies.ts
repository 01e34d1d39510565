import type { Ledger } from "../ledger/ledger.ts";
import type { Clock } from "../support/clock.ts";

const DAY_MS = 86_400_000;
const PURGE_EVERY_MS = 3_600_000;

/**
 * Deletes stored texts that are older than their retention, now and every hour.
 *
 * @returns stops it
 */
export function startBodyPurge(
  ledger: Pick<Ledger, "purgeBodies">,
  retentionDays: number,
  clock: Clock,
  onError: (error: unknown) => void,
): () => void {
  const purge = (): void => {
    ledger.purgeBodies(clock.nowMs() - retentionDays * DAY_MS).catch(onError);
  };
  purge();
  const timer = setInterval(purge, PURGE_EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
