import type { Attempt, RequestRecord } from "../../cascade/receipt.ts";
import type { Ledger, LedgerEntry, RouteVersion } from "../../ledger/ledger.ts";
import { CANDIDATE_KIND, type Job } from "../../ledger/records/job.ts";
import { isWithinCaps } from "../judge/daily-caps.ts";
import { givenUp, type JobHandler, type JobResult } from "./job-handler.ts";

/** A candidate to be asked, and what the ledger knows of the request. */
export interface CandidateTrial {
  readonly job: Job;
  readonly record: RequestRecord;
  readonly version: RouteVersion;
}

/** Asks candidates. `compose/` plugs in the way in which the router asks. */
export interface CandidateAsker {
  /** The model that a job is about; null when its route had no such candidate. */
  modelOf(trial: CandidateTrial): string | null;
  /** Never rejects; says why it could not be asked instead. */
  ask(
    trial: CandidateTrial,
    body: Uint8Array,
    signal: AbortSignal,
  ): Promise<
    | {
        readonly attempt: Attempt;
        readonly booked: LedgerEntry;
        readonly entries: readonly LedgerEntry[];
      }
    | string
  >;
}

/** A route that has candidates today. */
export interface CandidateRoute {
  /** Models that may be asked; one that was taken off the list is not. */
  readonly models: readonly string[];
  /** Daily cap of all background calls of the route in US dollars; null = none. */
  readonly backgroundUsdPerDay: number | null;
}

export interface CandidateJobsOptions {
  readonly ledger: Pick<Ledger, "request" | "body" | "routeVersion" | "backgroundSpend">;
  readonly routes: ReadonlyMap<string, CandidateRoute>;
  readonly candidates: CandidateAsker;
}

/** There is time: nobody waits for what a candidate would have said. */
const MAX_CONCURRENT = 4;

/**
 * Asks candidates about escalated requests, as a tier before the last one would have been asked. How
 * the call ends is what there is to learn, so it is made once; only what a stop or a crash has cut is
 * made again.
 */
export function createCandidateJobs(options: CandidateJobsOptions): JobHandler {
  const { ledger } = options;
  return {
    kind: CANDIDATE_KIND,
    maxConcurrent: MAX_CONCURRENT,
    run: async (job, signal) => {
      const record = await ledger.request(job.itemId);
      if (record === null || record.routeVersion === null) return givenUp("item_gone");
      const version = await ledger.routeVersion(record.routeVersion);
      if (version === null) return givenUp("item_gone");
      return ask(options, { job, record, version }, signal);
    },
  };
}

async function ask(
  { ledger, routes, candidates }: CandidateJobsOptions,
  trial: CandidateTrial,
  signal: AbortSignal,
): Promise<JobResult> {
  const { job, record } = trial;
  const route = routes.get(job.route);
  const model = candidates.modelOf(trial);
  if (route === undefined || model === null || !route.models.includes(model)) {
    return givenUp("not_configured");
  }
  const caps = { judgeUsd: null, backgroundUsd: route.backgroundUsdPerDay };
  if (!(await isWithinCaps(ledger, job.route, caps, record.startedAtMs))) {
    return givenUp("over_budget");
  }
  const body = await ledger.body(job.itemId, "request");
  if (body === null) return givenUp("text_gone");
  const tried = await candidates.ask(trial, body, signal);
  if (typeof tried === "string") return givenUp(tried);
  const { attempt, booked, entries } = tried;
  const isCut = signal.aborted && attempt.outcome === "client_left";
  return isCut
    ? { state: "failed", error: "interrupted", mayRetry: true, entries: [booked] }
    : { state: "done", entries };
}
