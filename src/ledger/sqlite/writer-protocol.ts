import type { JobEnd } from "../records/job.ts";
import type { SqlRow } from "../records/sql-value.ts";
import type { LeaseRequest } from "./apply-jobs.ts";
import type { DatasetItem } from "./apply-purge.ts";

/**
 * One write as it travels to the writer's thread, as JSON: measured, that costs less than half of
 * what structured cloning costs both threads together.
 */
export type WriteOperation =
  /** The request's row but for the attempts, and these. */
  | readonly ["request", SqlRow, readonly SqlRow[]]
  /** Request id and the attempt that came later. */
  | readonly ["attempt", string, SqlRow]
  | readonly ["pair", SqlRow]
  /** Request id, part, epoch milliseconds, and the position among the bodies of its append. */
  | readonly ["body", string, string, number, number]
  | readonly ["route_version", SqlRow]
  | readonly ["threshold_version", SqlRow]
  | readonly ["mode_change", SqlRow]
  | readonly ["tuning_look", SqlRow]
  /** Facts, and whether an item that is there stays as it is. */
  | readonly ["evidence", SqlRow, boolean]
  | readonly ["grade", SqlRow]
  /** Grade id and epoch milliseconds. */
  | readonly ["retraction", string, number]
  | readonly ["job", SqlRow]
  /** Job id and how its try ended. */
  | readonly ["job_end", jobId: string, tries: number, end: JobEnd]
  | readonly ["replay_batch", SqlRow]
  | readonly ["watch_state", SqlRow]
  | readonly ["alert", SqlRow]
  | readonly ["lease_jobs", LeaseRequest]
  /** Pairs made before this, epoch milliseconds. */
  | readonly ["expire_pairs", number]
  /** Bodies stored before this, epoch milliseconds, and how many at most. */
  | readonly ["purge_bodies", number, number]
  | readonly ["purge_bodies_of", dataset: string, itemIds: readonly string[]]
  | readonly ["purge_items", dataset: string, items: readonly DatasetItem[]]
  /** Jobs ended before this, epoch milliseconds, and how many at most. */
  | readonly ["purge_jobs", number, number];

/** Appends to be committed in one transaction. */
export interface Batch {
  /** JSON: an array of appends, each an array of operations. */
  readonly appends: string;
  /** Bodies by the position of their append. They are cloned, so that a retry still has them. */
  readonly bodies: ReadonlyMap<number, readonly Uint8Array[]>;
}

export type ToWriter =
  | { readonly kind: "open"; readonly options: WriterOptions }
  /** Tries are counted from 1 over the life of the ledger, so that faults can name one. */
  | { readonly kind: "commit"; readonly tryNumber: number; readonly batch: Batch }
  | { readonly kind: "close" };

export interface RejectedAppend {
  readonly position: number;
  readonly message: string;
}

export type CommitReply =
  | {
      readonly kind: "committed";
      /** Appends that can never be stored; all others of the batch are. */
      readonly rejected: readonly RejectedAppend[];
      /** Rows changed by the appends that ask for it, by the position of their append. */
      readonly counts: ReadonlyMap<number, number>;
    }
  /** Nothing can be stored at present; the same batch may be tried again. */
  | { readonly kind: "failed"; readonly message: string };

export type FromWriter = { readonly kind: "ready" } | CommitReply;

export interface TrySpan {
  readonly firstTry: number;
  /** Inclusive. */
  readonly lastTry: number;
}

/** Trouble to order, for tests. Tries are counted from 1, retries included. */
export interface WriterFaults {
  /** The disk is full for these tries. */
  readonly diskFull?: TrySpan;
  /** The thread dies before it has written anything. */
  readonly crashBeforeCommitOfTry?: number;
  /** The thread dies after the commit, before it can say so. */
  readonly crashAfterCommitOfTry?: number;
}

export interface WriterOptions {
  readonly path: string;
  readonly faults: WriterFaults;
}
