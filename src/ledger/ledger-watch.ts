import type { Alert, AlertFilter } from "./records/alert.ts";
import type { GradedAnswer } from "./records/graded-answer.ts";
import type { WatchState } from "./records/watch-state.ts";

/** What a ledger keeps for whoever watches, and tells them. */
export interface LedgerWatch {
  watchStates(route: string): Promise<readonly WatchState[]>;
  /**
   * Verdicts on the answers of tiers of a route since then, by any process, oldest first; repeats and
   * what was taken back are left out.
   *
   * @param afterSequence 0 = from the beginning
   */
  gradedSince(
    route: string,
    afterSequence: number,
    limit: number,
  ): Promise<readonly GradedAnswer[]>;
  /** Newest first, 1 to 1000. */
  alerts(filter: AlertFilter, limit: number): Promise<readonly Alert[]>;
  alert(id: string): Promise<Alert | null>;
}
