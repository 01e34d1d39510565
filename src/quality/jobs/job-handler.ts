import type { LedgerEntry } from "../../ledger/ledger.ts";
import type { Job } from "../../ledger/records/job.ts";

/** Does the jobs of one kind. A new kind is a handler and a line in `compose/open-grading.ts`. */
export interface JobHandler {
  readonly kind: string;
  /** Jobs of the kind that are worked on at a time. */
  readonly maxConcurrent: number;
  /** A job that was tried so often is given up, whatever the reason. Default `MAX_TRIES`. */
  readonly maxTries?: number;
  /** How long a job stays with a worker that says nothing more of it. Default the worker's own. */
  readonly leaseMs?: number;
  /**
   * Does one job. What it yields is committed together with the job's end, so ids of what it writes
   * must follow from the job: a job that is done a second time then adds nothing.
   *
   * @param signal aborted before the lease ends or when the process stops: settle soon
   */
  run(job: Job, signal: AbortSignal): Promise<JobResult>;
}

/** `entries` are written whichever way it ended: what a failed try cost belongs to the books too. */
export type JobResult =
  | { readonly state: "done"; readonly entries: readonly LedgerEntry[] }
  | {
      readonly state: "failed";
      /** A word for the table of reasons. */
      readonly error: string;
      /** Trying again may help. */
      readonly mayRetry: boolean;
      /** When to try again, epoch milliseconds. Default after the worker's own pause. */
      readonly dueAtMs?: number;
      readonly entries: readonly LedgerEntry[];
    };

/** A job that is not worth another try. */
export function givenUp(error: string, entries: readonly LedgerEntry[] = []): JobResult {
  return { state: "failed", error, mayRetry: false, entries };
}
