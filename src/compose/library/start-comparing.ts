import { createCompareJobs } from "../../quality/jobs/compare-jobs.ts";
import { startJobWorker, type JobWorker } from "../../quality/jobs/job-worker.ts";
import { createGradingPlan } from "../../quality/jobs/plan-grading.ts";
import type { EvidenceJobs } from "../../router/evidence-entries.ts";
import type { CascadeSettings } from "./cascade-options.ts";

/** What compares a cascade's answers: the jobs of new evidence, and who does them. */
export interface Comparing {
  readonly jobsOf: EvidenceJobs;
  readonly worker: JobWorker;
}

/** Null where nothing compares. What is not done when the cascade is closed, the next one does. */
export function startComparing(settings: CascadeSettings): Comparing | null {
  const { comparator, ledger, clock, route, classifyRoute } = settings;
  if (comparator === null || ledger === null) return null;
  // A kind of its own: a gateway on the same ledger could not call this comparator.
  const compareKind = `compare:${route.name}`;
  const names = [route.name, classifyRoute.name];
  const plans = names.map((name) => [name, { compareKind, judgeShare: 0 }] as const);
  const worker = startJobWorker({
    ledger,
    clock,
    handlers: [
      createCompareJobs({ kind: compareKind, ledger, clock, comparatorOf: () => comparator }),
    ],
    // A ledger that cannot be asked keeps its jobs.
    onError: () => undefined,
  });
  return { worker, jobsOf: createGradingPlan(new Map(plans), clock) };
}
