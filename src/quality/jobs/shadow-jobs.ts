import type { Attempt, RequestRecord, ShadowPair } from "../../cascade/receipt.ts";
import type { MissingSideReason } from "../../cascade/words.ts";
import type { Ledger, LedgerEntry, RouteVersion } from "../../ledger/ledger.ts";
import { SHADOW_KIND, type Job } from "../../ledger/records/job.ts";
import { isWithinCaps } from "../judge/daily-caps.ts";
import { isObjection } from "./is-objection.ts";
import { givenUp, type JobHandler, type JobResult } from "./job-handler.ts";
import { MAX_TRIES } from "./job-worker.ts";

/** A pair that lacks a side, and what the ledger knows of its request. */
export interface PendingPair {
  readonly job: Job;
  readonly record: RequestRecord;
  readonly pair: ShadowPair;
  readonly version: RouteVersion;
}

/** Asks for missing sides. `compose/` plugs in the way in which the router asks. */
export interface SideFetcher {
  /** A call of this process is at it, in memory. */
  isUnderWay(requestId: string): boolean;
  /** Never rejects; says why it could not be asked instead. */
  complete(
    pending: PendingPair,
    body: Uint8Array,
    signal: AbortSignal,
  ): Promise<
    | {
        readonly attempt: Attempt;
        readonly booked: LedgerEntry;
        readonly entries: readonly LedgerEntry[];
      }
    | MissingSideReason
  >;
  giveUp(pending: PendingPair, reason: MissingSideReason): readonly LedgerEntry[];
}

export interface ShadowJobsOptions {
  readonly ledger: Pick<Ledger, "request" | "pair" | "body" | "routeVersion" | "backgroundSpend">;
  /** Daily cap of background calls by route in US dollars, null = none; others are not asked. */
  readonly caps: ReadonlyMap<string, number | null>;
  readonly sides: SideFetcher;
}

/** Beside the calls in memory, which have a limit of their own. */
const MAX_CONCURRENT = 8;

/**
 * Fetches the sides of shadow pairs that the call in memory did not live to fetch: its process was
 * stopped or killed, or had no room. A side that came meanwhile ends the job.
 */
export function createShadowJobs(options: ShadowJobsOptions): JobHandler {
  const { ledger, sides } = options;
  return {
    kind: SHADOW_KIND,
    maxConcurrent: MAX_CONCURRENT,
    run: async (job, signal) => {
      if (sides.isUnderWay(job.itemId)) {
        return { state: "failed", error: "under_way", mayRetry: true, entries: [] };
      }
      const pair = await ledger.pair(job.itemId);
      const record = await ledger.request(job.itemId);
      const version = pair === null ? null : await ledger.routeVersion(pair.routeVersion);
      if (pair === null || record === null || version === null) return givenUp("item_gone");
      if (pair.cheap.missing !== "pending" && pair.deep.missing !== "pending") {
        return { state: "done", entries: [] };
      }
      return complete(options, { job, record, pair, version }, signal);
    },
  };
}

async function complete(
  { ledger, caps, sides }: ShadowJobsOptions,
  pending: PendingPair,
  signal: AbortSignal,
): Promise<JobResult> {
  const { job, record } = pending;
  const without = (reason: MissingSideReason): JobResult =>
    givenUp(reason, sides.giveUp(pending, reason));
  const cap = caps.get(job.route);
  if (cap === undefined) return without("route_gone");
  const limits = { judgeUsd: null, backgroundUsd: cap };
  if (!(await isWithinCaps(ledger, job.route, limits, record.startedAtMs))) {
    return without("over_budget");
  }
  const body = await ledger.body(job.itemId, "request");
  if (body === null) return without("text_gone");
  const completed = await sides.complete(pending, body, signal);
  if (typeof completed === "string") return without(completed);
  const { attempt, booked, entries } = completed;
  const isCut = signal.aborted && attempt.outcome === "client_left";
  if (job.tries < MAX_TRIES && (isCut || mayRetry(attempt))) {
    const error = attempt.failureCode ?? attempt.outcome;
    return { state: "failed", error, mayRetry: true, entries: [booked] };
  }
  return { state: "done", entries };
}

/** A triage is never tried again: how it ends is what there is to learn. */
function mayRetry(attempt: Attempt): boolean {
  if (attempt.role === "shadow_triage" || attempt.outcome === "completed") return false;
  return !isObjection(attempt);
}
