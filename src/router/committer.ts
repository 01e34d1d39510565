import type { Ledger, LedgerEntry } from "../ledger/ledger.ts";

/** What to do when the ledger does not commit in time. */
export const LEDGER_FAILURE_POLICIES = ["serve", "refuse"] as const;
export type LedgerFailurePolicy = (typeof LEDGER_FAILURE_POLICIES)[number];

/**
 * `committed`: safe against a killed process. `late`: not yet committed, served all the same.
 * `refused`: not committed, and the client must be told instead of served.
 */
export type CommitOutcome = "committed" | "late" | "refused";

/** Records that did not commit before their client was served. */
export interface CommitCounts {
  /** Served before the commit; most of them commit later. */
  readonly late: number;
  /** Given up by the ledger after they were served. */
  readonly lost: number;
}

export interface Committer {
  commit(entries: readonly LedgerEntry[]): Promise<CommitOutcome>;
  counts(): CommitCounts;
}

/**
 * Stands between a finished answer and its last byte.
 *
 * @param ledger null = nothing is kept, everything counts as committed
 * @param commitTimeoutMs how long a client may be kept waiting, default 2,000
 */
export function createCommitter(
  ledger: Ledger | null,
  policy: LedgerFailurePolicy,
  commitTimeoutMs: number,
): Committer {
  let late = 0;
  let lost = 0;
  const unserved: CommitOutcome = policy === "serve" ? "late" : "refused";

  const commit = (entries: readonly LedgerEntry[]): Promise<CommitOutcome> => {
    if (ledger === null) return Promise.resolve("committed");
    return new Promise((resolve) => {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        late += 1;
        resolve(unserved);
      }, commitTimeoutMs);
      ledger.append(entries).then(
        () => {
          clearTimeout(timer);
          resolve("committed");
        },
        () => {
          clearTimeout(timer);
          lost += 1;
          if (!isLate) resolve(unserved);
        },
      );
    });
  };
  return { commit, counts: () => ({ late, lost }) };
}
