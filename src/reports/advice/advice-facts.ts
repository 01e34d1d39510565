import { gradesInAll } from "../evidence/promise-state.ts";
import type { ReportedRoute } from "../evidence/reported-route.ts";
import type { CandidateReport } from "../candidates/candidate-report.ts";
import type { TierReport } from "../evidence/tier-report.ts";
import { MIN_OBSERVATIONS } from "../observed-share.ts";
import { isSameModel } from "../same-model.ts";
import type { AdviceFacts, MiddleTierFacts } from "./advice.ts";

/** What beside the evidence goes into advice. */
export interface AdviceSettings {
  readonly requests: number;
  readonly spanMs: number;
  readonly labelUsd: number;
  readonly fixedUsdPerMonth: number;
}

const DAY_MS = 86_400_000;
const MONTH_MS = 30 * DAY_MS;

/** Gathers the numbers for advice; what is missing stays missing. */
export function adviceFacts(
  tiers: readonly TierReport[],
  settings: ReportedRoute | null,
  { requests, spanMs, labelUsd, fixedUsdPerMonth }: AdviceSettings,
  tried: readonly CandidateReport[] = [],
): AdviceFacts {
  const first = tiers.find(({ key }) => key.tier === 0) ?? null;
  const { atMost, failureProbability } = first?.promised ??
    settings?.promised ?? { atMost: 0.05, failureProbability: 0.05 };
  return {
    requestsPerMonth: spanMs < DAY_MS ? null : (requests * MONTH_MS) / spanMs,
    atMost,
    failureProbability,
    shipped: {
      count: first?.wouldShip?.count ?? 0,
      of: first?.wouldShip?.of ?? 0,
    },
    cheapUsd: knownCosts(first)?.cheapUsd ?? null,
    deepUsd: knownCosts(first)?.deepUsd ?? null,
    ranking: first?.calibration.ranking ?? null,
    failingClasses: failingClasses(first),
    largestAtom: first?.stated.largest ?? null,
    bestAtomErrorLow: bestAtomErrorLow(first),
    deepError: first?.deepWrong.interval ?? null,
    gradesNeeded: gradesNeeded(first),
    labelUsd,
    fixedUsdPerMonth,
    middleTiers: middleTiers(tiers, settings),
    tried,
  };
}

/** Slices of input and tasks; that low confidence fails more is what the ranking says already. */
function failingClasses(tier: TierReport | null): number | null {
  if (tier === null || tier.calibration.ranking === null) return null;
  const isOfInput = (features: readonly string[]): boolean =>
    features.every((feature) => !feature.startsWith("confidence:"));
  return tier.slices.slices.filter(({ features }) => isOfInput(features)).length;
}

function bestAtomErrorLow(tier: TierReport | null): number | null {
  const bars = tier?.calibration.bars.filter(({ isSmall }) => !isSmall) ?? [];
  return bars.length === 0 ? null : Math.min(...bars.map(({ interval }) => 1 - interval.high));
}

/** Grades in all; without any, those that a run without an error would take. */
function gradesNeeded(tier: TierReport | null): number | null {
  if (tier?.rate == null || tier.target === "relative") return null;
  return gradesInAll(tier.rate.effective, tier.rate.graded, tier.promised);
}

/** A mean of a handful of calls is no price. */
function knownCosts(tier: TierReport | null): TierReport["costs"] {
  return tier?.costs != null && tier.costs.items >= MIN_OBSERVATIONS ? tier.costs : null;
}

/**
 * Evidence of a tier between the first and the last. It is in force when the route has its model at
 * its place today; else it was tried, or is of an earlier form of the route, and is a candidate.
 */
function middleTiers(
  tiers: readonly TierReport[],
  settings: ReportedRoute | null,
): AdviceFacts["middleTiers"] {
  const middle = tiers.filter(({ key }) => key.tier > 0);
  const isInForce = ({ key }: TierReport): boolean => {
    const models = settings?.models ?? [];
    const model = models[key.tier];
    if (model === undefined || key.tier >= models.length - 1) return false;
    return key.cheapModel === null || isSameModel(key.cheapModel, model);
  };
  return {
    inForce: middle.filter(isInForce).map(middleTier),
    candidates: middle.filter((tier) => !isInForce(tier)).map(middleTier),
  };
}

function middleTier(tier: TierReport): MiddleTierFacts {
  const { key, wouldShip } = tier;
  const costs = knownCosts(tier);
  return {
    model: key.cheapModel ?? `tier ${key.tier}`,
    shipped: wouldShip?.count ?? 0,
    reached: wouldShip?.of ?? 0,
    costUsd: costs?.cheapUsd ?? null,
    deepUsd: costs?.deepUsd ?? null,
  };
}
