import type { Evidence } from "../../ledger/records/evidence.ts";
import { gradeOrder } from "../../ledger/records/grade-order.ts";
import type { Job } from "../../ledger/records/job.ts";
import type { Clock } from "../../support/clock.ts";
import { JUDGE_KIND } from "../judge/judge-jobs.ts";
import { gradingPayload } from "./graded-item.ts";

/** What grading a route does of itself. */
export interface GradingPlan {
  /** Kind of the jobs that compare; null where the judge compares while it grades. */
  readonly compareKind: string | null;
  /** Share (0–1) of items that the judge is asked about; 0 without one. */
  readonly judgeShare: number;
}

/**
 * Says which jobs new evidence gives rise to: to compare where both answers are there, to judge
 * where the cheap one is. Pure but for the time that jobs are made at. What a judge is asked about
 * is the first share of the one order in which people are offered items as well: it thins all items of
 * a route alike, so that weights by propensity still hold; and what people grade of it, in their own
 * time, is a random part of it.
 *
 * @param plans by name of the route; the others are not graded
 */
export function createGradingPlan(
  plans: ReadonlyMap<string, GradingPlan>,
  clock: Clock,
): (evidence: Evidence) => readonly Job[] {
  return (evidence) => {
    const plan = plans.get(evidence.route);
    const isComplete = evidence.cheapMissing === null && evidence.deepMissing !== "pending";
    if (plan === undefined || !isComplete) return [];
    const hasBoth = evidence.deepMissing === null;
    const jobs: Job[] = [];
    if (hasBoth && plan.compareKind !== null) {
      jobs.push(jobFor(plan.compareKind, evidence, clock.nowMs()));
    }
    if (gradeOrder(evidence.itemId) < plan.judgeShare) {
      jobs.push(jobFor(JUDGE_KIND, evidence, clock.nowMs()));
    }
    return jobs;
  };
}

/** Equal ids are one job, so evidence that is written again gives rise to nothing new. */
function jobFor(kind: string, evidence: Evidence, nowMs: number): Job {
  const { itemId, tier, route } = evidence;
  return {
    id: `${kind}:${itemId}:${String(tier)}`,
    kind,
    route,
    itemId,
    payload: gradingPayload(evidence),
    createdAtMs: nowMs,
    dueAtMs: nowMs,
    tries: 0,
    state: "waiting",
    lastError: null,
  };
}
