import type { Catalogue } from "../catalogue/catalogue.ts";
import type { LeadsmanConfig, RouteConfig } from "../config/config.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { createComparator } from "../quality/comparators/create-comparator.ts";
import { createCandidateJobs, type CandidateAsker } from "../quality/jobs/candidate-jobs.ts";
import { COMPARE_KIND, createCompareJobs } from "../quality/jobs/compare-jobs.ts";
import type { JobHandler } from "../quality/jobs/job-handler.ts";
import { startJobWorker, type JobWorker } from "../quality/jobs/job-worker.ts";
import { createGradingPlan, type GradingPlan } from "../quality/jobs/plan-grading.ts";
import { createShadowJobs, type SideFetcher } from "../quality/jobs/shadow-jobs.ts";
import { createJudgeJobs, type JudgedRoute } from "../quality/judge/judge-jobs.ts";
import { callJudge, type JobCallParts } from "../router/call-for-job.ts";
import type { EvidenceJobs } from "../router/evidence-entries.ts";
import type { Clock } from "../support/clock.ts";

/** Which jobs the evidence of the configured routes gives rise to. */
export function planGrading(routes: readonly RouteConfig[], clock: Clock): EvidenceJobs {
  // Without texts there is nothing to compare or to judge.
  const graded = routes.filter(({ bodies }) => bodies !== "none");
  const plans = graded.map(({ name, compare, judge }): [string, GradingPlan] => [
    name,
    { compareKind: compare.kind === "judge" ? null : COMPARE_KIND, judgeShare: judge?.share ?? 0 },
  ]);
  return createGradingPlan(new Map(plans), clock);
}

export interface GradingOptions extends JobCallParts {
  readonly config: Pick<LeadsmanConfig, "routes">;
  readonly ledger: Ledger;
  readonly catalogue: Catalogue;
  readonly salt: string;
  /** Fetches sides of pairs; the router's. */
  readonly sides: SideFetcher;
  /** Asks candidates; the router's. */
  readonly candidates: CandidateAsker;
  /** Jobs that are not about answers, done by the same worker. */
  readonly otherJobs?: readonly JobHandler[];
  readonly onError: (error: unknown) => void;
  readonly pollMs?: number;
}

/** Starts the work that evidence has given rise to, left over from earlier processes included. */
export function startGrading(options: GradingOptions): JobWorker {
  const { ledger, clock, catalogue, salt, onError, pollMs } = options;
  const { routes } = options.config;
  const comparators = new Map(
    routes.map(({ name, compare }) => [name, createComparator(compare)] as const),
  );
  const judged = routes.flatMap((route): [string, JudgedRoute][] =>
    route.judge === null ? [] : [[route.name, judgedRoute(route, route.judge)]],
  );
  const handlers = [
    createCompareJobs({
      kind: COMPARE_KIND,
      ledger,
      clock,
      comparatorOf: (route) => comparators.get(route) ?? null,
    }),
    createJudgeJobs({
      ledger,
      clock,
      catalogue,
      salt,
      routes: new Map(judged),
      callModel: (call, signal) => callJudge(options, call, signal),
    }),
    createShadowJobs({
      ledger,
      caps: new Map(routes.map(({ name, limits }) => [name, limits.backgroundUsdPerDay])),
      sides: options.sides,
    }),
    createCandidateJobs({
      ledger,
      routes: new Map(
        routes.map(({ name, limits, candidates = [] }) => [
          name,
          {
            models: candidates.map(({ model }) => model),
            backgroundUsdPerDay: limits.backgroundUsdPerDay,
          },
        ]),
      ),
      candidates: options.candidates,
    }),
    ...(options.otherJobs ?? []),
  ];
  return startJobWorker({
    ledger,
    handlers,
    clock,
    onError,
    ...(pollMs === undefined ? {} : { pollMs }),
  });
}

function judgedRoute(route: RouteConfig, judge: JudgedRoute["judge"]): JudgedRoute {
  return {
    judge,
    arms: [...route.tiers, ...(route.candidates ?? [])].map(({ model }) => model),
    comparesByJudge: route.compare.kind === "judge",
    backgroundUsdPerDay: route.limits.backgroundUsdPerDay,
  };
}
