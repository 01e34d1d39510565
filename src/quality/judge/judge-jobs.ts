import type { Catalogue } from "../../catalogue/catalogue.ts";
import { REQUEST_RULES } from "../../catalogue/request-rules.ts";
import type { JudgeChoice } from "../../cascade/grading-choice.ts";
import { lateAttemptIndex } from "../../cascade/late-attempt-index.ts";
import type { Attempt } from "../../cascade/receipt.ts";
import { isBelowShare } from "../../cascade/sampling.ts";
import type { Ledger, LedgerEntry } from "../../ledger/ledger.ts";
import { candidatePlace } from "../../ledger/records/candidate-tier.ts";
import type { Job } from "../../ledger/records/job.ts";
import { applyEdits } from "../../messages/body-edits.ts";
import type { MessageRequest } from "../../messages/message-request.ts";
import type { Clock } from "../../support/clock.ts";
import { readGradedItem, type GradedItem } from "../jobs/graded-item.ts";
import { isObjection } from "../jobs/is-objection.ts";
import { givenUp, type JobHandler, type JobResult } from "../jobs/job-handler.ts";
import { isWithinCaps } from "./daily-caps.ts";
import { isOneModel } from "./is-one-model.ts";
import { gradesOf } from "./judge-grades.ts";
import { judgeRequest } from "./judge-prompt.ts";
import type { CallModel } from "./model-caller.ts";
import { readJudgement } from "./read-judgement.ts";
import { createPlaces, type Places } from "./places.ts";

export const JUDGE_KIND = "judge";

/** A route whose answers are judged. */
export interface JudgedRoute {
  readonly judge: JudgeChoice;
  /** Models of the tiers; none of them may judge. */
  readonly arms: readonly string[];
  /** Whether the judge also says if the answers agree. */
  readonly comparesByJudge: boolean;
  readonly backgroundUsdPerDay: number | null;
}

export interface JudgeJobsOptions {
  readonly ledger: Parameters<typeof readGradedItem>[0] & Pick<Ledger, "backgroundSpend">;
  readonly routes: ReadonlyMap<string, JudgedRoute>;
  readonly callModel: CallModel;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  /** Seeds the order in which a judge reads two answers. */
  readonly salt: string;
}

/**
 * Asks a judge about an item's answers. A judge is blind: it reads the request and the answers, in
 * an order drawn by hash, without names, confidences or thresholds. Failure of any kind is a missing
 * grade with its reason on the job, never a grade.
 */
export function createJudgeJobs(options: JudgeJobsOptions): JobHandler {
  const places = new Map<string, Places>(
    [...options.routes].map(([name, { judge }]) => [name, createPlaces(judge.maxConcurrent)]),
  );
  const limits = [...options.routes.values()].map(({ judge }) => judge.maxConcurrent);
  return {
    kind: JUDGE_KIND,
    maxConcurrent: limits.reduce((sum, limit) => sum + limit, 1),
    run: async (job, signal) => {
      const route = options.routes.get(job.route);
      const place = places.get(job.route);
      if (route === undefined || place === undefined) return givenUp("not_configured");
      const item = await readGradedItem(options.ledger, job);
      if (!item.ok) return givenUp(item.problem);
      return place(() => judgeItem(options, route, { job, item: item.value, signal }));
    },
  };
}

interface JudgeWork {
  readonly job: Job;
  readonly item: GradedItem;
  readonly signal: AbortSignal;
}

async function judgeItem(
  options: JudgeJobsOptions,
  route: JudgedRoute,
  work: JudgeWork,
): Promise<JobResult> {
  const { ledger, callModel, catalogue, salt, clock } = options;
  const { job, item, signal } = work;
  const { judge, comparesByJudge, backgroundUsdPerDay } = route;
  const arms = armsOf(route, item);
  const isArm = (model: string): boolean => arms.some((arm) => isOneModel(catalogue, arm, model));
  if (isArm(judge.model)) return givenUp("judge_is_arm");
  const { cheap, deep, record } = item;
  if (cheap === null) return givenUp("no_text");
  const isCheapFirst = deep === null || isBelowShare(salt, "judge_order", job.itemId, 0.5);
  const request = questionFor(options, judge.model, {
    request: item.request,
    first: isCheapFirst ? cheap : deep,
    second: deep === null ? null : isCheapFirst ? deep : cheap,
  });
  if (request === null) return givenUp("no_text");
  const caps = { judgeUsd: judge.usdPerDay, backgroundUsd: backgroundUsdPerDay };
  if (!(await isWithinCaps(ledger, job.route, caps, record.startedAtMs))) {
    return givenUp("over_budget");
  }
  // Place 0 is the tier's; a request has one question about tiers and one about each candidate.
  const place = candidatePlace(item.evidence.tier);
  const attemptIndex = lateAttemptIndex("judge", job.tries, place === null ? 0 : place + 1);
  const call = { provider: judge.provider, request, attemptIndex, record };
  const { attempt, message } = await callModel(call, signal);
  const booked: LedgerEntry = { kind: "attempt", requestId: job.itemId, attempt };
  if (message === null) return failedCall(attempt, booked);
  if (isArm(attempt.reportedModel ?? judge.model)) return givenUp("judge_is_arm", [booked]);
  const judgement = readJudgement(message, deep !== null);
  if (!judgement.ok) return givenUp(judgement.problem, [booked]);
  const grades = gradesOf(judgement.value, {
    job,
    evidence: item.evidence,
    isCheapFirst,
    comparesByJudge,
    model: attempt.reportedModel ?? judge.model,
    nowMs: clock.nowMs(),
  });
  const graded = grades.map((grade): LedgerEntry => ({ kind: "grade", grade }));
  return { state: "done", entries: [booked, ...graded] };
}

/** Everyone whose answers are judged, as configured, as asked and as upstream reported. */
function armsOf({ arms }: JudgedRoute, { record, evidence }: GradedItem): readonly string[] {
  // What a candidate answered is no part of a question about tiers.
  const isArm = ({ role, tier }: Attempt): boolean =>
    role !== "judge" && (role !== "candidate" || tier === evidence.tier);
  const asked = record.attempts
    .filter(isArm)
    .flatMap(({ model, reportedModel }) => [model, reportedModel]);
  return [...arms, evidence.cheapModel, evidence.deepModel, ...asked].filter((arm) => arm !== null);
}

function questionFor(
  { catalogue }: JudgeJobsOptions,
  model: string,
  texts: {
    readonly request: MessageRequest;
    readonly first: string;
    readonly second: string | null;
  },
): MessageRequest | null {
  const rules = REQUEST_RULES[catalogue.find(model)?.id ?? model];
  const thinkingWhenOmitted = rules?.omittedThinking ?? "off";
  const asked = judgeRequest({ ...texts, model, thinkingWhenOmitted });
  return asked === null ? null : applyEdits(asked, catalogue.adapt(asked, model, null));
}

function failedCall(attempt: Attempt, booked: LedgerEntry): JobResult {
  const error = attempt.failureCode ?? attempt.outcome;
  return { state: "failed", error, mayRetry: !isObjection(attempt), entries: [booked] };
}
