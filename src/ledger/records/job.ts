/**
 * Background work that survives a restart: made with the record it belongs to, ended with what it
 * yields, each in one commit.
 */
export interface Job {
  /** Equal ids are one job: a second one with the same id is not added. */
  readonly id: string;
  /** What is to be done, for example `compare`, `judge`, `shadow`, `candidate`. */
  readonly kind: string;
  readonly route: string;
  readonly itemId: string;
  /** JSON; what the kind needs to know. */
  readonly payload: string;
  readonly createdAtMs: number;
  /** Not before this, epoch milliseconds. */
  readonly dueAtMs: number;
  /** Leases so far, the present one included: a job that kills its worker is counted too. */
  readonly tries: number;
  /** `waiting` includes jobs that are being worked on under a lease. */
  readonly state: "waiting" | "done" | "given_up";
  /** Why the last try failed or it was given up; null when nothing went wrong. */
  readonly lastError: string | null;
}

/** How a try ended. */
export type JobEnd =
  | { readonly state: "done" }
  | { readonly state: "given_up"; readonly error: string }
  /** To be tried again, not before `dueAtMs`. */
  | { readonly state: "waiting"; readonly error: string; readonly dueAtMs: number };

export interface JobCount {
  readonly kind: string;
  readonly route: string;
  readonly state: Job["state"];
  /** Last error word of given-up jobs, for a table of reasons; null else. */
  readonly reason: string | null;
  readonly jobs: number;
}

/** Kind of the jobs that fetch the side that a shadow pair lacks. */
export const SHADOW_KIND = "shadow";

/** Kind of the jobs that ask candidates. */
export const CANDIDATE_KIND = "candidate";

/** One job a pair; while it waits, its pair is pending and not given up. */
export function shadowJobId(requestId: string): string {
  return `${SHADOW_KIND}:${requestId}`;
}
