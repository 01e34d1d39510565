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
  const tell = (step: (observer: LedgerObserver) => void): void => {
    for (const observer of observers) {
      try {
        step(observer);
      } catch (error) {
        onError(error);
      }
    }
  };
  const append = (entries: readonly LedgerEntry[]): Promise<void> => {
    tell((observer) => {
      observer.appending(entries);
    });
    const startedMonotonicMs = clock.monotonicMs();
    const written = ledger.append(entries);
    const finish = (): void => {
      const waitMs = clock.monotonicMs() - startedMonotonicMs;
      tell((observer) => observer.appended?.(entries, waitMs));
    };
    written.then(finish, finish);
    return written;
  };
  return { ...ledger, append };
}
