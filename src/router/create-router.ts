import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Provider, UpstreamTimeouts } from "../providers/provider.ts";
import type { Clock } from "../support/clock.ts";
import {
  createBackgroundCalls,
  DEFAULT_BACKGROUND_LIMITS,
  type BackgroundLimits,
} from "./background-calls.ts";
import { createCandidateTrials, type CandidateTrials } from "./candidate-trials.ts";
import { createCommitter, type LedgerFailurePolicy } from "./committer.ts";
import type { EvidenceJobs } from "./evidence-entries.ts";
import type { RouterEnvironment, StormProbeShare } from "./flight.ts";
import { forward } from "./forward.ts";
import { createGradeShares } from "./grade-shares.ts";
import { createPairCompletion, type PairCompletion } from "./pair-completion.ts";
import { createRecentEscalations } from "./recent-escalations.ts";
import { createRepeatClusters } from "./repeat-clusters.ts";
import { createReportedNames } from "./reported-names.ts";
import type { RouteBook } from "./route-book.ts";
import type { Router, RouterObserver } from "./router.ts";
import { serveMessage } from "./serve-message.ts";
import { serveTokenCount } from "./serve-token-count.ts";
import { createTaskNames } from "./task-names.ts";

export interface RouterOptions {
  readonly routes: RouteBook;
  /** By name; every provider that a tier or `passthroughProvider` names must be there. */
  readonly providers: ReadonlyMap<string, Provider>;
  /** Serves what no route applies to. */
  readonly passthroughProvider: string;
  readonly timeoutsOf: (provider: string) => UpstreamTimeouts;
  readonly catalogue: Catalogue;
  /** Null: nothing is kept. */
  readonly ledger: Ledger | null;
  readonly onLedgerFailure: LedgerFailurePolicy;
  /** How long an answer may wait for its record, in milliseconds. Default 2,000. */
  readonly commitTimeoutMs: number;
  /** A stream without an outcome is opened with pings after this. Default 15,000. */
  readonly earlyOpenMs: number;
  readonly clock: Clock;
  /** Seeds the hash draws. */
  readonly salt: string;
  readonly observers?: readonly RouterObserver[];
  readonly background?: BackgroundLimits;
  /** Default: evidence gives rise to no work. */
  readonly jobsOf?: EvidenceJobs;
  /** Whether a provider can be asked without the credential of a client. Default: none can. */
  readonly hasOwnCredential?: (provider: string) => boolean;
  /** By how much more of a route's answers is to be graded than its shares say. Default 1. */
  readonly gradeFactor?: (route: string) => number;
  /** Default: no storm is bypassed. */
  readonly stormProbeShare?: StormProbeShare;
}

/** A router, and what jobs ask of it. */
export interface RouterWithJobs extends Router {
  /** Fetches sides of pairs that an earlier process, or this one, has left to a job. */
  readonly pairCompletion: PairCompletion;
  /** Asks the candidates of routes about requests that were drawn for them. */
  readonly candidateTrials: CandidateTrials;
}

/** Puts a router together. It holds no sockets of its own; providers and ledger stay the caller's. */
export function createRouter(options: RouterOptions): RouterWithJobs {
  const { ledger, clock } = options;
  const background = createBackgroundCalls(
    ledger,
    clock,
    options.background ?? DEFAULT_BACKGROUND_LIMITS,
  );
  const environment: RouterEnvironment = {
    ...options,
    observers: options.observers ?? [],
    jobsOf: options.jobsOf ?? (() => []),
    hasOwnCredential: options.hasOwnCredential ?? (() => false),
    sidesUnderWay: new Set(),
    background,
    committer: createCommitter(ledger, options.onLedgerFailure, options.commitTimeoutMs),
    recentEscalations: createRecentEscalations(clock),
    repeatClusters: createRepeatClusters(),
    reportedNames: createReportedNames(),
    gradeShares: createGradeShares(clock, options.gradeFactor),
    stormProbeShare: options.stormProbeShare ?? (() => null),
    tasks: createTaskNames(),
  };
  return {
    handleMessages: (request, sink) => serveMessage(environment, request, sink),
    handleCountTokens: (request, sink) => serveTokenCount(environment, request, sink),
    handleForwarded: (request, sink) => forward(environment, request, sink),
    pairCompletion: createPairCompletion(environment),
    candidateTrials: createCandidateTrials(environment),
    backgroundCalls: background.count,
    commitCounts: environment.committer.counts,
    drain: background.drain,
  };
}
