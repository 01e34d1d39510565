import type { Attempt, PairSide, RequestRecord, ShadowPair } from "../cascade/receipt.ts";
import type { BackgroundSpend } from "../ledger/records/traffic-sum.ts";
import { observedShare, type ObservedShare } from "./observed-share.ts";
import { countsOf } from "./traffic-totals.ts";

/** What was learnt beside the answers, and what that cost. */
export interface ShadowReport {
  /** Background triages that are looked at; the newest ones when `isComplete` is false. */
  readonly triages: number;
  /** Would have shipped at the threshold of the time, of the triages. */
  readonly wouldShip: ObservedShare;
  /** Why the others would have gone to the next tier; most frequent first. */
  readonly wouldNot: readonly ReasonCount[];
  readonly pairs: PairCounts;
  /** Of all background calls of the time, not of the newest only. */
  readonly spend: BackgroundSpend;
  /** False when older triages and pairs were left out. */
  readonly isComplete: boolean;
}

export interface ReasonCount {
  readonly reason: string;
  readonly count: number;
}

export interface PairCounts {
  readonly total: number;
  /** Both sides are there. */
  readonly complete: number;
  /** Why sides are missing; most frequent first. */
  readonly missing: readonly (ReasonCount & { readonly side: "cheap" | "deep" })[];
}

export interface ShadowEvidence {
  readonly records: readonly RequestRecord[];
  readonly pairs: readonly ShadowPair[];
  readonly spend: BackgroundSpend;
  readonly isComplete: boolean;
}

/** Null when nothing was asked in the background. */
export function describeShadow(evidence: ShadowEvidence): ShadowReport | null {
  const { pairs, spend, isComplete } = evidence;
  const triages = evidence.records.flatMap(({ attempts }) =>
    attempts.filter(({ role }) => role === "shadow_triage"),
  );
  if (triages.length === 0 && pairs.length === 0) return null;
  const reasons = triages.map(reasonNotToShip);
  const shipping = reasons.filter((reason) => reason === null).length;
  return {
    triages: triages.length,
    wouldShip: observedShare(shipping, triages.length),
    wouldNot: countReasons(reasons.flatMap((reason) => reason ?? [])),
    pairs: countPairs(pairs),
    spend,
    isComplete,
  };
}

/** Why a triage that was read to its end would not have shipped; null when it would have. */
export function reasonNotToShip(triage: Attempt): string | null {
  const { confidence, threshold, failureCode, outcome, stopReason, answerBegan } = triage;
  if (confidence !== null && threshold !== null && confidence < threshold) return "low_confidence";
  if (outcome !== "completed") return failureCode ?? outcome;
  if (failureCode !== null) return failureCode;
  if (stopReason !== "end_turn") return `stopped: ${stopReason ?? "no reason given"}`;
  if (confidence === null) return "confidence_missing";
  return answerBegan ? null : "answer_missing";
}

function countReasons(reasons: readonly string[]): readonly ReasonCount[] {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return countsOf(counts).map(([reason, count]) => ({ reason, count }));
}

function countPairs(pairs: readonly ShadowPair[]): PairCounts {
  const missingOf = (side: "cheap" | "deep", pick: (pair: ShadowPair) => PairSide) =>
    countReasons(pairs.flatMap((pair) => pick(pair).missing ?? [])).map((entry) => ({
      ...entry,
      side,
    }));
  const missing = [
    ...missingOf("cheap", ({ cheap }) => cheap),
    ...missingOf("deep", ({ deep }) => deep),
  ];
  return {
    total: pairs.length,
    complete: pairs.filter(({ cheap, deep }) => cheap.missing === null && deep.missing === null)
      .length,
    missing: missing.toSorted((a, b) => b.count - a.count),
  };
}
