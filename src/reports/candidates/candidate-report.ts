import type { EvidenceCount } from "../../ledger/records/evidence.ts";
import { tierWorth, type TierWorth } from "../../statistics/tier-worth.ts";
import { canShip, itemsIn, wouldShip } from "../evidence/item-outcome.ts";
import { describeDifferences, type DifferenceReport } from "../evidence/difference-report.ts";
import type { Promised } from "../evidence/promise-state.ts";
import { dollars } from "../evidence/ship-share.ts";
import { wrongShare, type WrongShare } from "../evidence/wrong-share.ts";
import { MIN_OBSERVATIONS } from "../observed-share.ts";
import {
  candidateThresholds,
  type CandidateThreshold,
  type HarmBasis,
} from "./candidate-thresholds.ts";
import { moreItems } from "./more-items.ts";

/** What a candidate said about a sample of escalated requests, and whether it would pay as a tier. */
export interface CandidateReport {
  /** As upstream reports it; as configured while nothing was asked. */
  readonly model: string;
  /** Escalated requests that it was asked about, of the newest models and prompt. */
  readonly asked: number;
  /** Of these, those with a confidence and an answer that could ship. */
  readonly usable: number;
  /** Of what it would close, or of all usable answers while no threshold is proven. */
  readonly differences: DifferenceReport;
  /** Of the same answers, as far as the truth is known. */
  readonly wrong: WrongShare;
  /** What the thresholds are held against. */
  readonly basis: HarmBasis;
  readonly thresholds: readonly CandidateThreshold[];
  /** The best threshold that keeps the promise; null = none is proven to. */
  readonly best: CandidateThreshold | null;
  /** What it closes there and whether that pays; null while that cannot be said. */
  readonly worth: TierWorth | null;
  /** Mean costs of an escalated request; null below `MIN_OBSERVATIONS` priced items. */
  readonly costs: EscalatedCosts | null;
  readonly says: "add_tier" | "do_not_add_tier" | "not_known_yet";
  /** Not known yet: about so many more items may tell; null when decided or no number is in sight. */
  readonly moreItems: number | null;
}

/** In dollars, of one escalated request, without what the tiers before have cost. */
export interface EscalatedCosts {
  readonly items: number;
  readonly candidateUsd: number;
  readonly withoutUsd: number;
  /** With the candidate before the last tier, at its best threshold; null without one. */
  readonly withUsd: number | null;
}

export interface CandidateSettings {
  readonly model: string;
  readonly promised: Promised;
  /** Candidates of the route: each is looked at, and one may look good by chance. */
  readonly candidates: number;
}

/** Chance that an interval of the share which a candidate closes is missed, over all that are shown. */
const INTERVAL_FAILURE = 0.05;

/**
 * Describes one candidate. Pure. The threshold is chosen by the rows that also say how much it closes,
 * so that its interval is one of as many as there are thresholds. Costs err against the candidate: it
 * was read to its end where a tier is closed once its confidence is too low.
 */
export function describeCandidate(
  counts: readonly EvidenceCount[],
  { model, promised, candidates }: CandidateSettings,
): CandidateReport {
  const asked = itemsIn(counts);
  const usable = counts.filter(({ key }) => canShip(key));
  const target = {
    atMost: promised.atMost,
    failureProbability: promised.failureProbability / candidates,
  };
  const { basis, possible, tested, best } = candidateThresholds(counts, target);
  const failureProbability = INTERVAL_FAILURE / candidates / Math.max(1, possible.length);
  const isPriced = pricedItems(counts) >= MIN_OBSERVATIONS;
  const breakEvenOf = (threshold: number): number | null =>
    isPriced ? breakEven(counts, threshold) : null;
  const worthFrom = (threshold: number, closes: number): TierWorth | null => {
    const ratio = breakEvenOf(threshold);
    // Both costs in units of the deep one.
    return ratio === null ? null : tierWorth(closes, asked, ratio, 1, failureProbability);
  };
  const worth = best === null ? null : worthFrom(best.threshold, best.closes);
  const says =
    worth?.decision === "keep"
      ? "add_tier"
      : worthFrom(0, itemsIn(usable))?.decision === "bypass"
        ? "do_not_add_tier"
        : "not_known_yet";
  const shown = best === null ? usable : usable.filter((one) => isClosed(one, best.threshold));
  const plan = { asked, breakEvenOf, target, failureProbability };
  return {
    model,
    asked,
    usable: itemsIn(usable),
    differences: describeDifferences(shown),
    wrong: wrongShare(shown, promised.failureProbability),
    ...{ basis, best, worth, says, thresholds: tested },
    costs: isPriced ? escalatedCosts(counts, best?.threshold ?? null) : null,
    moreItems: says === "not_known_yet" ? moreItems(possible, plan) : null,
  };
}

function pricedItems(counts: readonly EvidenceCount[]): number {
  return counts.reduce((sum, { pricedItems: items }) => sum + items, 0);
}

/**
 * Cost of asking over the deep cost of what it closes, which may be the cheap part of the traffic; of
 * all where it closes nothing.
 */
function breakEven(counts: readonly EvidenceCount[], threshold: number): number | null {
  const closing = counts.filter((count) => isClosed(count, threshold));
  const closed = pricedItems(closing) === 0 ? counts : closing;
  const deep = dollars(sumOf(closed, ({ deepCostNanoUsd }) => deepCostNanoUsd));
  const candidate = dollars(sumOf(counts, ({ cheapCostNanoUsd }) => cheapCostNanoUsd));
  const closedItems = pricedItems(closed);
  if (closedItems === 0 || deep <= 0) return null;
  return candidate / pricedItems(counts) / (deep / closedItems);
}

function escalatedCosts(
  counts: readonly EvidenceCount[],
  threshold: number | null,
): EscalatedCosts {
  const items = pricedItems(counts);
  const deep = sumOf(counts, ({ deepCostNanoUsd }) => deepCostNanoUsd);
  const candidate = sumOf(counts, ({ cheapCostNanoUsd }) => cheapCostNanoUsd);
  const closed = threshold === null ? [] : counts.filter((count) => isClosed(count, threshold));
  const spared = sumOf(closed, ({ deepCostNanoUsd }) => deepCostNanoUsd);
  return {
    items,
    candidateUsd: dollars(candidate) / items,
    withoutUsd: dollars(deep) / items,
    withUsd: threshold === null ? null : dollars(candidate + deep - spared) / items,
  };
}

function isClosed({ key }: EvidenceCount, threshold: number): boolean {
  return wouldShip(key, threshold);
}

function sumOf(counts: readonly EvidenceCount[], of: (count: EvidenceCount) => bigint): bigint {
  return counts.reduce((sum, count) => sum + of(count), 0n);
}
