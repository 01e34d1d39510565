import type { Clock } from "../../support/clock.ts";
import type { IdSource } from "../../support/ids.ts";
import type { Ledger } from "../ledger.ts";
import { encodeOperations } from "./encode-entries.ts";
import type { Queries } from "./queries.ts";
import { hasAvailableJob, readLeasedJobs } from "./read-jobs.ts";
import type { WriteQueue } from "./write-queue.ts";

/**
 * A lease is a write, so that no two processes are given the same job; what was leased is then read
 * by the lease's name. A look before spares idle workers the write.
 */
export function createLeaseJobs(
  queue: WriteQueue,
  queries: Queries,
  clock: Clock,
  nextLease: IdSource,
): Ledger["leaseJobs"] {
  return async (kinds, limit, leaseMs) => {
    const nowMs = clock.nowMs();
    if (limit < 1 || !hasAvailableJob(queries, kinds, nowMs)) return [];
    const lease = nextLease();
    const request = { lease, kinds, limit, nowMs, untilMs: nowMs + leaseMs };
    await queue.push(encodeOperations([["lease_jobs", request]]));
    return readLeasedJobs(queries, lease);
  };
}
