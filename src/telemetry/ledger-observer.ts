import type { Ledger, LedgerEntry } from "../ledger/ledger.ts";
import type { Clock } from "../support/clock.ts";

/**
 * Told of everything that is written. Must be quick. What a ledger is given is the one place where
 * requests, calls made later, pairs and verdicts all come by, once each and as they are booked: who
 * counts here counts what the ledger's totals count.
 */
export interface LedgerObserver {
  /** Before the entries are committed, so that what a broken ledger loses is counted all the same. */
  appending(entries: readonly LedgerEntry[]): void;
  /** When they are committed or given up, after so long. */
  appended?(entries: readonly LedgerEntry[], waitMs: number): void;
}

/**
 * The ledger with observers.
 *
 * @param onError told when an observer fails: that must not touch what is written
 */
export function observeLedger(
  ledger: Ledger,
  clock: Clock,
  observers: readonly LedgerObserver[],
  onError: (error: unknown) => void,
): Ledger {
  if (observers.length === 0) return ledger;
  // Nothing is waited for on behalf of observers that do not ask how long it took.
  const waiting = observers.filter((observer) => observer.appended !== undefined);
  const append = (entries: readonly LedgerEntry[]): Promise<void> => {
    for (const observer of observers) {
      try {
        observer.appending(entries);
      } catch (error) {
        onError(error);
      }
    }
    if (waiting.length === 0) return ledger.append(entries);
    const startedMonotonicMs = clock.monotonicMs();
    const written = ledger.append(entries);
    const finish = (): void => {
      const waitMs = clock.monotonicMs() - startedMonotonicMs;
      for (const observer of waiting) {
        try {
          observer.appended?.(entries, waitMs);
        } catch (error) {
          onError(error);
        }
      }
    };
    written.then(finish, finish);
    return written;
  };
  return { ...ledger, append };
}
