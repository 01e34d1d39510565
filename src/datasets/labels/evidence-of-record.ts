import type {
  Attempt,
  NanoUsd,
  PairSide,
  RequestRecord,
  ShadowPair,
} from "../../cascade/receipt.ts";
import { REQUESTED_MODEL, type Route } from "../../cascade/route.ts";
import {
  ESCALATION_REASONS,
  MISSING_SIDE_REASONS,
  type MissingSideReason,
} from "../../cascade/words.ts";
import type { Evidence, Outcomes } from "../../ledger/records/evidence.ts";
import { failure, success, type Result } from "../../support/result.ts";
import type { Label, LabelProblem } from "./label.ts";

/** What the ledger knows of a request on whose answer somebody says something. */
export interface LabelledRequest {
  readonly record: RequestRecord;
  /** Null when no second answer was fetched. */
  readonly pair: ShadowPair | null;
  /** The route as it was at the time; null when that is not known. */
  readonly route: Route | null;
}

/**
 * The evidence about one answer of a request that nobody drew, so that a label has something to
 * stand on. Pure. Its propensity is null: who labels what they like draws no sample, so it is shown
 * and counted, and enters no bound.
 *
 * Where the request was drawn, the evidence that the gateway wrote is the one to use. It says the
 * same of both answers.
 *
 * @param tier whose answer the label is about; null = the one that the client got
 */
export function evidenceOfRecord(
  { record, pair, route }: LabelledRequest,
  tier: Label["tier"],
): Result<{ readonly evidence: Evidence; readonly tier: number }, LabelProblem> {
  const { decision } = record;
  const isCompared =
    decision === "shipped" ||
    decision === "escalated" ||
    decision === "shadowed" ||
    decision === "control";
  if (!isCompared) return failure(notCompared(decision));
  const deepTier = (route?.tiers.length ?? 0) - 1;
  if (route === null || deepTier < 1) return failure(ROUTE_UNKNOWN);
  const answeredTier = answeredTierOf(record, tier, deepTier);
  if (answeredTier === null || !hasAnswer(record, answeredTier, deepTier)) {
    return failure(noAnswer(answeredTier));
  }
  const cheapTier = answeredTier < deepTier ? answeredTier : cheapTierOf(record, deepTier);
  const triage = record.attempts.findLast((attempt) => isCheap(attempt, cheapTier));
  const answers = record.attempts.filter((attempt) => isDeep(attempt, deepTier));
  const deepAnswer = answers.at(-1);
  const evidence: Evidence = {
    itemId: record.id,
    tier: cheapTier,
    deepTier,
    source: "traffic",
    dataset: null,
    route: route.name,
    task: record.task,
    createdAtMs: record.startedAtMs,
    cluster: null,
    inputClasses: record.inputClasses,
    decision,
    propensity: null,
    cheapModel: modelOf(triage, route, cheapTier, record),
    deepModel: modelOf(deepAnswer, route, deepTier, record),
    promptHash: triage?.promptHash ?? null,
    confidence: triage?.confidence ?? null,
    cheapMissing: cheapMissing(triage, pair),
    deepMissing: deepMissing(deepAnswer, pair),
    cheapCostNanoUsd: triage?.costNanoUsd ?? null,
    deepCostNanoUsd: totalCost(answers),
    cheapLatencyMs: triage?.latencyMs ?? null,
    deepLatencyMs: deepAnswer?.latencyMs ?? null,
    cheap: NO_OUTCOMES,
    deep: NO_OUTCOMES,
    differs: null,
  };
  return success({ evidence, tier: answeredTier });
}

/** Outcomes come from grades. */
const NO_OUTCOMES: Outcomes = { label: null, human: null, judge: null };

const ROUTE_UNKNOWN: LabelProblem = {
  code: "no_evidence",
  message: "is of a request whose route had no tier that may ship, or is no longer known",
};

function notCompared(decision: string): LabelProblem {
  return {
    code: "no_evidence",
    message: `is of a request that was ${decision}, which teaches nothing about a tier`,
  };
}

export function noAnswer(tier: number | null): LabelProblem {
  const whose = tier === null ? "any tier" : `tier ${tier}`;
  return { code: "no_answer", message: `is about an answer of ${whose}, and there is none` };
}

function answeredTierOf(
  record: RequestRecord,
  tier: Label["tier"],
  deepTier: number,
): number | null {
  if (tier === "cheap") return cheapTierOf(record, deepTier);
  return tier === "deep" ? deepTier : (tier ?? record.tier);
}

/** In shadow the first tier's answer is compared, else the last tier's that was tried. */
function cheapTierOf({ decision, attempts }: RequestRecord, deepTier: number): number {
  if (decision === "shadowed" || decision === "control") return 0;
  if (decision === "escalated") return deepTier - 1;
  return attempts.findLast(({ role }) => role === "triage")?.tier ?? 0;
}

function hasAnswer({ attempts }: RequestRecord, tier: number, deepTier: number): boolean {
  return attempts.some(
    (attempt) =>
      attempt.outcome === "completed" &&
      (isCheap(attempt, tier) || isDeep(attempt, deepTier)) &&
      attempt.tier === tier,
  );
}

function isCheap({ role, tier: at }: Attempt, tier: number): boolean {
  return (role === "triage" || role === "shadow_triage") && at === tier;
}

function isDeep({ role, tier: at }: Attempt, deepTier: number): boolean {
  return (role === "answer" || role === "shadow_answer") && at === deepTier;
}

/** Upstream's name, so that evidence of two snapshots is never taken for one. */
function modelOf(
  attempt: Attempt | undefined,
  route: Route,
  tier: number,
  { requestedModel }: RequestRecord,
): string | null {
  if (attempt !== undefined) return attempt.reportedModel ?? attempt.model;
  const asked = route.tiers[tier]?.model ?? null;
  return asked === REQUESTED_MODEL ? requestedModel : asked;
}

/** Why the cheap answer could ship at no threshold; null when it could. */
function cheapMissing(
  triage: Attempt | undefined,
  pair: ShadowPair | null,
): Evidence["cheapMissing"] {
  if (triage === undefined) return sideMissing(pair?.cheap);
  const { failureCode, outcome, stopReason } = triage;
  const reason = ESCALATION_REASONS.find((word) => word === failureCode);
  if (reason !== undefined) return reason;
  // Cut as soon as its confidence was known: nobody saw what it would have answered.
  if (outcome === "aborted") return "not_sampled";
  const missing = missingOf(triage);
  return missing === null && stopReason !== "end_turn" ? "triage_stopped" : missing;
}

function deepMissing(
  answer: Attempt | undefined,
  pair: ShadowPair | null,
): Evidence["deepMissing"] {
  if (answer !== undefined) return missingOf(answer);
  return sideMissing(pair?.deep);
}

/** What is still to come is for the gateway to write, once it has come. */
function sideMissing(side: PairSide | undefined): MissingSideReason {
  return side === undefined || side.missing === null || side.missing === "pending"
    ? "not_sampled"
    : side.missing;
}

/** Why an attempt gave no answer, in the words of pairs; null when it did. */
function missingOf({ outcome, stopReason }: Attempt): Evidence["deepMissing"] {
  if (outcome === "completed") {
    if (stopReason === "refusal") return "refused";
    return stopReason === "max_tokens" ? "truncated" : null;
  }
  return MISSING_SIDE_REASONS.find((word) => word === outcome) ?? "failed";
}

/** Of all tries at one answer; null when there was none, or one has no price. */
function totalCost(attempts: readonly Attempt[]): NanoUsd | null {
  let total: NanoUsd | null = null;
  for (const { costNanoUsd } of attempts) {
    if (costNanoUsd === null) return null;
    total = (total ?? 0n) + costNanoUsd;
  }
  return total;
}
