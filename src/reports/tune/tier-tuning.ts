import { hash } from "node:crypto";
import type { TuningLook } from "../../ledger/ledger.ts";
import { EXACT_P_VALUES, repeatablePValues } from "../../statistics/p-value-source.ts";
import {
  certifyAlongPath,
  paretoPath,
  type TestedTierSetting,
} from "../../statistics/tier-path.ts";
import { formatConfidence, formatCount } from "../format-number.ts";
import { chargeLooks, goalText, type LooksCharge } from "./charge-looks.ts";
import { meanCosts, measureSettings, tierSettings, type MeasuredSetting } from "./tier-settings.ts";
import type { TierRow, TierSample } from "./tier-rows.ts";
import type { TuningGoal } from "./tuning-goal.ts";
import type { NewLook } from "./tuning-report.ts";
import { NOTHING_PROMISED, rateAndConfidence } from "./tuning-sentences.ts";

/** A tested setting of all thresholds, with what it does on the rows that test it. */
export interface TierCandidate extends TestedTierSetting {
  readonly thresholds: readonly number[];
  readonly shipShares: readonly number[];
}

/** What the evidence of a route of three tiers or more allows to promise. */
export interface TierTuningReport {
  readonly route: string;
  readonly goal: TuningGoal;
  /** Of all tiers but the last; null = no setting is certified. */
  readonly thresholds: readonly number[] | null;
  readonly promise: string;
  readonly missing: string | null;
  /** Oldest rows, which choose what is tested and test nothing. */
  readonly pilotRows: number;
  /** Rows that test. */
  readonly labelledRows: number;
  readonly sample: Omit<TierSample, "rows">;
  readonly looks: LooksCharge;
  readonly look: NewLook | null;
  /** In the order of testing. */
  readonly candidates: readonly TierCandidate[];
}

/** Always the same oldest rows, so that looking again with more rows tests along the same path. */
export const PILOT_ROWS = 300;
/** With fewer, a test after the pilot could hardly certify anything. */
const LEAST_ROWS = 600;

/**
 * Which thresholds of all tiers together keep a joint goal: of all requests, at most so many ship a
 * wrong answer from any tier but the last. The oldest rows choose the path of settings that no other
 * beats in both loss and cost; the others test along it, and the cheapest certified one is taken.
 * Tuning one tier after the other on the same rows would void the promise.
 *
 * The path does not change as rows arrive, so with any number of looks the p-values of each setting
 * are those of one sequence: `certifyAlongPath` then errs with at most the failure probability over
 * all looks together.
 */
export function tierTuningReport(
  route: string,
  { rows, ...sample }: TierSample,
  goal: TuningGoal,
  { looks = [], fromMs }: { readonly looks?: readonly TuningLook[]; readonly fromMs?: number },
): TierTuningReport {
  const subject = JSON.stringify(sample.strata);
  const dataHash = hashOfRows(rows);
  const charge = chargeLooks(looks, {
    ...{ goal, subject, dataHash },
    ...(fromMs === undefined ? {} : { fromMs }),
  });
  const isEnough = rows.length >= LEAST_ROWS && charge.failureProbability > 0;
  const pilot = rows.slice(0, PILOT_ROWS);
  const test = isEnough ? rows.slice(PILOT_ROWS) : [];
  const candidates = isEnough
    ? testAlongPath(pilot, test, sample.strata.length + 1, goal, charge)
    : [];
  const cheapest = candidates
    .filter(({ isCertified }) => isCertified)
    .toSorted((a, b) => a.cost - b.cost)[0];
  return {
    ...{ route, goal, sample, looks: charge, candidates },
    thresholds: cheapest?.thresholds ?? null,
    promise: cheapest === undefined ? NOTHING_PROMISED : promiseOfTiers(goal, cheapest.thresholds),
    missing: cheapest === undefined ? missingOf(rows.length, candidates.length, charge) : null,
    pilotRows: isEnough ? pilot.length : 0,
    labelledRows: isEnough ? test.length : rows.length,
    look:
      goal.looks === "once" && isEnough && !charge.isRepeated
        ? {
            ...{ route, subject, dataHash, goal: goalText(goal), labelledRows: test.length },
            failureProbability: charge.failureProbability,
            certified: cheapest?.id ?? null,
          }
        : null,
  };
}

function testAlongPath(
  pilot: readonly TierRow[],
  test: readonly TierRow[],
  tiers: number,
  { atMost, looks }: TuningGoal,
  { failureProbability }: LooksCharge,
): readonly TierCandidate[] {
  // Prices too are those of the pilot, so that the path stays what it was.
  const costs = meanCosts(pilot, tiers);
  const settings = tierSettings(pilot, tiers);
  const path = paretoPath(measureSettings(settings, pilot, costs), atMost);
  const onPath = path.flatMap((id) => settings.find((setting) => setting.id === id) ?? []);
  const measured = measureSettings(onPath, test, costs);
  const { settings: tested } = certifyAlongPath(measured, {
    ...{ atMost, failureProbability },
    pValues: looks === "once" ? EXACT_P_VALUES : repeatablePValues(),
  });
  return tested.map((setting, i): TierCandidate => {
    const { thresholds = [] } = onPath[i] ?? {};
    const { shipShares = [] }: Partial<MeasuredSetting> = measured[i] ?? {};
    return { ...setting, thresholds, shipShares };
  });
}

function promiseOfTiers(goal: TuningGoal, thresholds: readonly number[]): string {
  const from = thresholds.map((threshold, tier) =>
    threshold > 1
      ? `tier ${String(tier + 1)} never shipping`
      : `${formatConfidence(threshold)} at tier ${String(tier + 1)}`,
  );
  return `With ${from.join(" and ")}, ${rateAndConfidence(goal)}.`;
}

function missingOf(rows: number, tested: number, charge: LooksCharge): string | null {
  if (charge.failureProbability === 0) return charge.sentence;
  if (rows < LEAST_ROWS) {
    const more = formatCount(LEAST_ROWS - rows);
    return (
      `Needs at least ${more} more items of which the answers of all tiers are graded: the first ` +
      `${formatCount(PILOT_ROWS)} choose what to test, the others test it.`
    );
  }
  return tested === 0
    ? "No setting came near the target on the oldest rows. Do not route here, or ask for less."
    : "No setting is certified yet; more rows may do it.";
}

function hashOfRows(rows: readonly TierRow[]): string {
  const lines = rows.map((row) => JSON.stringify(row));
  return hash("sha256", lines.join("\n")).slice(0, 16);
}
