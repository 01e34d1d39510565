import type { ReportedRoute } from "../evidence/reported-route.ts";
import type { TierReport } from "../evidence/tier-report.ts";
import { labelsNeeded } from "../../statistics/labels-needed.ts";
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
    cheapUsd: first?.costs?.cheapUsd ?? null,
    deepUsd: first?.costs?.deepUsd ?? null,
    ranking: first?.calibration.ranking ?? null,
    failingClasses: failingClasses(first),
    largestAtomShare: first?.largestAtomShare ?? null,
    bestAtomErrorLow: bestAtomErrorLow(first),
    deepError: first?.deepWrong.interval ?? null,
    gradesNeeded: gradesNeeded(first),
    labelUsd,
    fixedUsdPerMonth,
    middleTiers: tiers.filter(({ key }) => key.tier > 0).map((tier) => middleTier(tier, settings)),
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
  if (tier?.wrongIfShipped == null) return null;
  const { wrong, graded } = tier.wrongIfShipped;
  const { atMost, failureProbability } = tier.promised;
  const needed = labelsNeeded(wrong, graded, atMost, failureProbability);
  if (needed.outlook === "reachable") return needed.fixedPlanTrials;
  return needed.outlook === "too_early" ? needed.zeroErrorTrials : null;
}

function middleTier(tier: TierReport, settings: ReportedRoute | null): MiddleTierFacts {
  const { key, wouldShip, costs } = tier;
  const inForce = settings?.models[key.tier];
  return {
    model: key.cheapModel ?? `tier ${key.tier}`,
    isInForce: inForce !== undefined && key.tier < (settings?.models.length ?? 0) - 1,
    shipped: wouldShip?.count ?? 0,
    reached: wouldShip?.of ?? 0,
    costUsd: costs?.cheapUsd ?? null,
    deepUsd: costs?.deepUsd ?? null,
  };
}
