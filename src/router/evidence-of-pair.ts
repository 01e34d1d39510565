import type { Attempt, Draw, NanoUsd, PairSide, ShadowPair } from "../cascade/receipt.ts";
import { ESCALATION_REASONS } from "../cascade/words.ts";
import type { DecisionWord } from "../cascade/words.ts";
import type { Evidence, Outcomes } from "../ledger/records/evidence.ts";
import { isCandidateTier } from "../ledger/records/candidate-tier.ts";
import { missingSide, sideOf } from "./shadow-pairs.ts";

/** What is known of a request when its evidence is written. */
export interface EvidenceFacts {
  readonly itemId: string;
  readonly route: string;
  readonly task: string | null;
  readonly startedAtMs: number;
  readonly inputClasses: readonly string[];
  readonly decision: DecisionWord;
  readonly draws: readonly Draw[];
  /** All attempts, those after the record included. */
  readonly attempts: readonly Attempt[];
  /** Null for a shipped answer that is to be graded without a deep one beside it. */
  readonly pair: ShadowPair | null;
  /** The tier whose answer is the cheap one. */
  readonly tier: number;
  readonly deepTier: number;
  /** What the route asks at the two tiers, for sides that nobody was asked for. */
  readonly cheapModel: string;
  readonly deepModel: string;
  readonly promptHash: string;
  /** The name under which upstream last answered for a model that is asked for. */
  readonly reportedName: (model: string) => string;
}

/**
 * What a request can teach about the tier that may ship. Pure. Null when there is nothing: it was
 * not drawn, or was decided in a way that compares nothing.
 */
export function evidenceOfPair(facts: EvidenceFacts): Evidence | null {
  const { decision, tier, deepTier, pair } = facts;
  if (decision !== "shipped" && decision !== "escalated" && decision !== "shadowed") return null;
  const propensity = propensityOf(facts);
  if (propensity === null) return null;
  const triage = facts.attempts.findLast((attempt) => isCheap(attempt, tier));
  const answers = facts.attempts.filter((attempt) => isDeep(attempt, deepTier));
  const deepAnswer = answers.at(-1);
  const cheapSide =
    pair?.cheap ?? (triage === undefined ? missingSide("not_sampled") : sideOf(triage));
  const confidence = triage?.confidence ?? cheapSide.confidence;
  return {
    itemId: facts.itemId,
    tier,
    deepTier,
    source: "traffic",
    dataset: null,
    route: facts.route,
    task: facts.task,
    createdAtMs: facts.startedAtMs,
    cluster: null,
    inputClasses: facts.inputClasses,
    decision,
    propensity,
    cheapModel: nameOf(triage, facts.cheapModel, facts),
    deepModel: nameOf(deepAnswer, facts.deepModel, facts),
    promptHash: triage?.promptHash ?? facts.promptHash,
    confidence: confidence !== null && Number.isFinite(confidence) ? confidence : null,
    cheapMissing: cheapMissing(cheapSide, triage),
    deepMissing: pair === null ? "not_sampled" : pair.deep.missing,
    cheapCostNanoUsd: triage?.costNanoUsd ?? null,
    deepCostNanoUsd: totalCost(answers),
    cheapLatencyMs: triage?.latencyMs ?? null,
    deepLatencyMs: deepAnswer?.latencyMs ?? null,
    cheap: NO_OUTCOMES,
    deep: NO_OUTCOMES,
    differs: null,
  };
}

/** Outcomes come from grades. */
const NO_OUTCOMES: Outcomes = { label: null, human: null, judge: null };

/**
 * The probability with which the item came to be compared or graded. Shadow and grade share one
 * number per request, so that either one is drawn as often as the larger of the two.
 */
function propensityOf({ decision, draws, pair, tier }: EvidenceFacts): number | null {
  if (isCandidateTier(tier)) {
    return draws.find(({ purpose }) => purpose === "candidate")?.propensity ?? null;
  }
  const shareOf = (purpose: Draw["purpose"]): number | null =>
    draws.find((draw) => draw.purpose === purpose && draw.propensity > 0)?.propensity ?? null;
  if (decision !== "shipped") {
    if (pair === null) return null;
    return shareOf(decision === "shadowed" ? "triage" : "band");
  }
  const isDrawn = draws.some(
    ({ purpose, isChosen }) => isChosen && (purpose === "shadow" || purpose === "grade"),
  );
  return isDrawn ? Math.max(shareOf("shadow") ?? 0, shareOf("grade") ?? 0) : null;
}

/** Why the answer could ship at no threshold, in the words of an escalation where it has some. */
export function cheapMissing(
  side: PairSide,
  triage: Attempt | undefined,
): Evidence["cheapMissing"] {
  if (triage !== undefined) {
    const { failureCode, outcome, stopReason } = triage;
    const reason = ESCALATION_REASONS.find((word) => word === failureCode);
    if (reason !== undefined) return reason;
    // A stop that the other words do not cover, such as a stop sequence inside of the verdict.
    if (side.missing === null && outcome === "completed" && stopReason !== "end_turn") {
      return "triage_stopped";
    }
  }
  return side.missing;
}

function isCheap({ role, tier: at }: Attempt, tier: number): boolean {
  return at === tier && (role === "triage" || role === "shadow_triage" || role === "candidate");
}

function isDeep({ role, tier: at }: Attempt, deepTier: number): boolean {
  return (role === "answer" || role === "shadow_answer") && at === deepTier;
}

/** Upstream's name, so that evidence of two snapshots is never taken for one. */
function nameOf(attempt: Attempt | undefined, asked: string, facts: EvidenceFacts): string {
  return attempt?.reportedModel ?? facts.reportedName(attempt?.model ?? asked);
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
