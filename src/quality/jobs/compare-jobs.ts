import type { Grade } from "../../ledger/records/evidence.ts";
import type { Job } from "../../ledger/records/job.ts";
import type { Clock } from "../../support/clock.ts";
import type { Comparator, Comparison } from "../comparators/comparator.ts";
import { readGradedItem, type GradedItem } from "./graded-item.ts";
import { givenUp, type JobHandler, type JobResult } from "./job-handler.ts";

export interface CompareJobsOptions {
  /** Of the jobs that these comparators are for; others on the same ledger have theirs. */
  readonly kind: string;
  readonly ledger: Parameters<typeof readGradedItem>[0];
  /** Null where the route has none any more. */
  readonly comparatorOf: (route: string) => Comparator | null;
  readonly clock: Clock;
}

/** Of a gateway, which knows all its routes. */
export const COMPARE_KIND = "compare";

/** Comparing takes no one else's time: as many as keep the ledger busy. */
const MAX_CONCURRENT = 16;

const OUTCOMES: Readonly<Record<Comparison, Grade["outcome"]>> = {
  same: "same",
  differs: "differs",
  cannot_compare: "cannot_tell",
};

/** Holds the two answers of an item against each other, as its route says. */
export function createCompareJobs(options: CompareJobsOptions): JobHandler {
  return {
    kind: options.kind,
    maxConcurrent: MAX_CONCURRENT,
    run: async (job) => {
      const comparator = options.comparatorOf(job.route);
      if (comparator === null) return givenUp("not_configured");
      const item = await readGradedItem(options.ledger, job);
      if (!item.ok) return givenUp(item.problem);
      return compare(job, item.value, comparator, options.clock.nowMs());
    },
  };
}

async function compare(
  job: Job,
  { cheap, deep, evidence }: GradedItem,
  comparator: Comparator,
  nowMs: number,
): Promise<JobResult> {
  if (cheap === null || deep === null) return givenUp("no_text");
  const grade: Grade = {
    id: `grade:${job.id}`,
    itemId: job.itemId,
    tier: evidence.tier,
    by: "agreement",
    outcome: OUTCOMES[await comparator.compare(cheap, deep)],
    grader: `comparator:${comparator.name}`,
    createdAtMs: nowMs,
    isRepeat: false,
    note: null,
    retractedAtMs: null,
  };
  return { state: "done", entries: [{ kind: "grade", grade }] };
}
