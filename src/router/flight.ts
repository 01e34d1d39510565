import type { Catalogue } from "../catalogue/catalogue.ts";
import type { RequestPlan } from "../cascade/plan.ts";
import { REQUESTED_MODEL, type Route } from "../cascade/route.ts";
import type { SamplingSubject } from "../cascade/sampling.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Provider, UpstreamTimeouts } from "../providers/provider.ts";
import type { Clock } from "../support/clock.ts";
import type { AttemptContext } from "./attempt-log.ts";
import type { BackgroundCalls } from "./background-calls.ts";
import type { ClientResponse } from "./client-response.ts";
import type { Committer } from "./committer.ts";
import type { EvidenceJobs } from "./evidence-entries.ts";
import type { GradeShares } from "./grade-shares.ts";
import type { OwnHeaders } from "./own-headers.ts";
import type { RecentEscalations } from "./recent-escalations.ts";
import type { RepeatClusters } from "./repeat-clusters.ts";
import type { ReportedNames } from "./reported-names.ts";
import type { RecordDraft } from "./record-draft.ts";
import type { ActiveRoute, RouteBook } from "./route-book.ts";
import type { ClientRequest, RouterObserver } from "./router.ts";
import type { TaskNames } from "./task-names.ts";

/** What all requests of a router share. */
export interface RouterEnvironment {
  readonly routes: RouteBook;
  readonly providers: ReadonlyMap<string, Provider>;
  /** Serves what no route applies to. */
  readonly passthroughProvider: string;
  readonly timeoutsOf: (provider: string) => UpstreamTimeouts;
  readonly catalogue: Catalogue;
  readonly ledger: Ledger | null;
  readonly committer: Committer;
  readonly background: BackgroundCalls;
  readonly recentEscalations: RecentEscalations;
  readonly repeatClusters: RepeatClusters;
  readonly reportedNames: ReportedNames;
  readonly gradeShares: GradeShares;
  readonly tasks: TaskNames;
  readonly stormProbeShare: StormProbeShare;
  readonly clock: Clock;
  /** Seeds the hash draws; one per installation, so that shares cannot be guessed from outside. */
  readonly salt: string;
  /** A stream without an outcome is opened with pings after this many milliseconds. */
  readonly earlyOpenMs: number;
  readonly observers: readonly RouterObserver[];
  readonly jobsOf: EvidenceJobs;
  /** Whether a provider can be asked without the credential of a client. */
  readonly hasOwnCredential: (provider: string) => boolean;
  /** Requests of which a call of this process is fetching the other side. */
  readonly sidesUnderWay: Set<string>;
}

/**
 * While a storm of escalations in a class of requests is bypassed, the share of them that is triaged
 * all the same, so that its end is seen; null = no storm.
 */
export type StormProbeShare = (
  route: string,
  task: string | null,
  inputClasses: readonly string[],
) => number | null;

/** One client request under way. */
export interface Flight {
  readonly environment: RouterEnvironment;
  readonly request: ClientRequest;
  readonly own: OwnHeaders;
  /** Null when no route applies. */
  readonly active: ActiveRoute | null;
  /** A virtual model name was used: the body must name a real one upstream. */
  readonly isVirtual: boolean;
  readonly response: ClientResponse;
  /** Null when no route applies. */
  readonly plan: RequestPlan | null;
  readonly draft: RecordDraft;
  /** What random choices about this request are made by. */
  readonly subject: SamplingSubject;
  /** UTF-8 bytes of the prompt's text. */
  readonly promptBytes: number;
}

/** What is left of a flight when its client is gone: enough to ask a model once more for learning. */
export type Aftermath = Omit<Flight, "response" | "plan" | "subject" | "isVirtual">;

/** What the books of this flight's attempts need. */
export function attemptContext({
  environment,
  request,
}: Pick<Flight, "environment" | "request">): AttemptContext {
  const { clock, catalogue } = environment;
  return { clock, catalogue, arrivedMonotonicMs: request.arrivedMonotonicMs };
}

/** The real model of a tier. */
export function tierModel(route: Route, tier: number, requestedModel: string): string {
  const model = route.tiers[tier]?.model ?? REQUESTED_MODEL;
  return model === REQUESTED_MODEL ? requestedModel : model;
}
