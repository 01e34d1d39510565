import { bonferroni } from "./bonferroni.ts";
import { fallbackProcedure, geometricWeights, type TestedLevel } from "./fallback-procedure.ts";
import { EXACT_P_VALUES, type PValueSource } from "./p-value-source.ts";
import { requireRateTarget, type RateTarget } from "./rate-target.ts";
import { requireArgument, requireCounts, requireShare } from "./statistics-argument.ts";

/** One setting of the thresholds of all tiers, on older rows that are not the ones to test on. */
export interface PilotSetting {
  /** Names the setting, such as "0.9/0.8". */
  readonly id: string;
  /** Share of all rows that shipped wrong from a tier that is not the last, 0–1. */
  readonly lossRate: number;
  /** Mean cost of a request, in any one unit. */
  readonly cost: number;
}

/** A setting on the labelled rows that are to certify it. */
export interface TierSetting {
  readonly id: string;
  /** Rows that shipped wrong from a tier that is not the last. */
  readonly hits: number;
  /** All labelled rows. */
  readonly trials: number;
  /** Mean cost of a request, in any one unit. */
  readonly cost: number;
}

/** A target for the share of requests that ship wrong from any tier but the last. */
export interface TierTarget extends RateTarget {
  /** Default: the exact test, for one look. */
  readonly pValues?: PValueSource;
}

export interface TestedTierSetting extends TierSetting {
  readonly level: number;
  readonly p: number;
  /** For this setting alone. */
  readonly upperBound: number;
  readonly isCertified: boolean;
}

export interface TierCertification {
  /** The cheapest certified setting; null: everything goes to the last tier. */
  readonly chosen: string | null;
  readonly certified: readonly string[];
  /** In the order of testing. */
  readonly settings: readonly TestedTierSetting[];
}

/** The pilot's loss may exceed the target by this much for a setting to be worth a test. */
const CUT_AT = 1.3;

/**
 * The order in which to test settings of several tiers: those that no other beats in both loss and
 * cost on the pilot rows, safest first, up to somewhat above the target. At least 300 pilot rows;
 * fewer give a poor order, never a false certificate.
 *
 * B. Laufer-Goldshtein, A. Fisch, R. Barzilay and T. Jaakkola, "Efficiently Controlling Multiple
 * Risks with Pareto Testing" (2022), arXiv 2210.07913.
 */
export function paretoPath(pilot: readonly PilotSetting[], atMost: number): readonly string[] {
  requireShare("atMost", atMost);
  let cheapest = Infinity;
  const path: string[] = [];
  for (const { id, lossRate, cost } of pilot.toSorted(byLossThenCost)) {
    requireArgument(lossRate >= 0 && Number.isFinite(cost), "a loss and a cost", {
      lossRate,
      cost,
    });
    if (cost >= cheapest || lossRate > CUT_AT * atMost) continue;
    cheapest = cost;
    path.push(id);
  }
  return path;
}

/**
 * Tests settings along a path by the fallback procedure and takes the cheapest that passes. The loss
 * of all tiers together counts on all rows, so the promise is "of all requests at most `atMost` ship
 * wrong from a cheaper tier". Tuning one tier given the choice for another on the same rows would
 * void it.
 *
 * With probability 1 − `failureProbability` the chosen setting keeps it. Needs a path that does not
 * depend on the labelled rows, and independent rows; looked at as often as `pValues` allows.
 *
 * @param settings in the order of the path; other settings are not tested
 * @param weights one for each; default .9, .09, .009, …
 */
export function certifyAlongPath(
  settings: readonly TierSetting[],
  target: TierTarget,
  weights: readonly number[] = geometricWeights(settings.length),
): TierCertification {
  return certifySettings(settings, target, (pValues) =>
    fallbackProcedure(pValues, weights, target.failureProbability),
  );
}

/** Tests all settings at equal shares of the failure probability: for when there is no pilot. */
export function certifyGrid(
  settings: readonly TierSetting[],
  target: TierTarget,
): TierCertification {
  return certifySettings(settings, target, (pValues) =>
    bonferroni(pValues, target.failureProbability),
  );
}

function certifySettings(
  settings: readonly TierSetting[],
  target: TierTarget,
  testAll: (pValues: readonly number[]) => readonly TestedLevel[],
): TierCertification {
  requireRateTarget(target);
  const { atMost, failureProbability, pValues: source = EXACT_P_VALUES } = target;
  const pValues = settings.map(({ hits, trials }) => {
    requireCounts(hits, trials);
    // One threshold stands for all: a setting is a threshold of the whole cascade.
    return source.pValue({ threshold: 0, hits, trials }, atMost);
  });
  const levels = testAll(pValues);
  const tested = settings.map((setting, i) => ({
    ...setting,
    level: levels[i]?.level ?? 0,
    p: pValues[i] ?? 1,
    upperBound: source.upperBound(setting.hits, setting.trials, failureProbability),
    isCertified: levels[i]?.isCertified ?? false,
  }));
  const certified = tested.filter(({ isCertified }) => isCertified);
  const cheapest = certified.toSorted((a, b) => a.cost - b.cost)[0];
  return {
    chosen: cheapest?.id ?? null,
    certified: certified.map(({ id }) => id),
    settings: tested,
  };
}

function byLossThenCost(a: PilotSetting, b: PilotSetting): number {
  return a.lossRate - b.lossRate || a.cost - b.cost;
}
