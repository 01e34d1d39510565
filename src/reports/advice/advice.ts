import type { RankingQuality } from "../../statistics/ranking-quality.ts";
import type { CandidateReport } from "../candidates/candidate-report.ts";
import type { ShareInterval } from "../../statistics/wilson-interval.ts";

/** What advice is made from; null = not known yet. */
export interface AdviceFacts {
  /** Requests in 30 days at the present pace. */
  readonly requestsPerMonth: number | null;
  /** What is promised: at most this share wrong, failing with at most this probability. */
  readonly atMost: number;
  readonly failureProbability: number;
  /** Triages that shipped, or would have, of all triages. */
  readonly shipped: { readonly count: number; readonly of: number };
  /** Mean costs of a call in dollars; null below `MIN_OBSERVATIONS` priced items. */
  readonly cheapUsd: number | null;
  readonly deepUsd: number | null;
  readonly ranking: RankingQuality | null;
  /** Classes of input that fail more often than the rest beyond chance; null = not looked. */
  readonly failingClasses: number | null;
  /** Triages on the most frequent confidence, of those with one. */
  readonly largestAtom: { readonly count: number; readonly of: number } | null;
  /** Lower bound of the error of the best confidence that has any grades. */
  readonly bestAtomErrorLow: number | null;
  /** Interval of the deep model's own error. */
  readonly deepError: ShareInterval | null;
  /** Grades that the promise needs in all, judging by those there are. */
  readonly gradesNeeded: number | null;
  readonly labelUsd: number;
  readonly fixedUsdPerMonth: number;
  readonly middleTiers: {
    /** Between the first and the last tier of the route as it is. */
    readonly inForce: readonly MiddleTierFacts[];
    /** Of an earlier form of the route, or of rows of a data set that more tiers have answered. */
    readonly candidates: readonly MiddleTierFacts[];
  };
  /** Models that were tried beside the route, on escalated requests. */
  readonly tried: readonly CandidateReport[];
}

export interface MiddleTierFacts {
  readonly model: string;
  /** Of what reached the tier, what it shipped at the same promise. */
  readonly shipped: number;
  readonly reached: number;
  readonly costUsd: number | null;
  readonly deepUsd: number | null;
}

/** One rule and what it says. */
export interface Advice {
  readonly rule: AdviceRule;
  readonly says:
    | "route"
    | "do_not_route"
    | "add_tier"
    | "do_not_add_tier"
    | "keep_tier"
    | "remove_tier"
    | "not_known_yet";
  /** With the numbers that were used. */
  readonly sentence: string;
}

export type AdviceRule =
  | "volume"
  | "horizon"
  | "accuracy_bar"
  | "deep_accuracy"
  | "price_ratio"
  | "ship_rate"
  | "signal"
  | "one_confidence"
  | "best_confidence"
  | "labels"
  | "middle_tier";
