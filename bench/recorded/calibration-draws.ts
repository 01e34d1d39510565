import { atomsOf } from "../../src/statistics/atom.ts";
import type { TrafficAtom } from "../../src/statistics/candidate.ts";
import { hindsightThreshold } from "../../src/statistics/uncertified-thresholds.ts";
import type { Random } from "../../src/support/random.ts";
import type { RecordedRow } from "./recorded-row.ts";
import { THRESHOLD_RULES, type RuleTarget, type ThresholdRule } from "./threshold-rules.ts";

/** What became of one rule over many draws of calibration rows. */
export interface RuleOutcome {
  readonly rule: ThresholdRule;
  readonly draws: number;
  /** Draws whose threshold breaks the target on the whole set that the rows were drawn from. */
  readonly broken: number;
  /** Draws whose threshold breaks it on the rows that were not drawn. */
  readonly brokenOnRest: number;
  /** Mean escalation rate on the rows that were not drawn, 0–1. */
  readonly escalationRate: number;
  /** Draws that found no threshold at all. */
  readonly gaveUp: number;
}

export interface DrawPlan {
  readonly calibrationRows: number;
  readonly draws: number;
  readonly target: RuleTarget;
}

/**
 * Draws calibration rows without replacement, lets each rule choose, and looks at what its threshold
 * does. A promise is about the source of the rows, which here is the whole set; the rest is shown
 * because that is what a user would see next, with the luck of a smaller sample in it.
 */
export function drawCalibrations(
  rows: readonly RecordedRow[],
  plan: DrawPlan,
  random: Random,
): readonly RuleOutcome[] {
  const tallies = THRESHOLD_RULES.map((rule) => ({
    rule,
    broken: 0,
    brokenOnRest: 0,
    escalated: 0,
    gaveUp: 0,
  }));
  const traffic = trafficOf(rows);
  for (let draw = 0; draw < plan.draws; draw += 1) {
    const shuffled = shuffle(rows, random);
    const sample = shuffled.slice(0, plan.calibrationRows);
    const rest = shuffled.slice(plan.calibrationRows);
    for (const tally of tallies) {
      const { rule } = tally;
      const threshold = rule.choose(sample, traffic, plan.target);
      if (threshold === null) tally.gaveUp += 1;
      if (rateOf(rule, rows, threshold) > plan.target.atMost) tally.broken += 1;
      if (rateOf(rule, rest, threshold) > plan.target.atMost) tally.brokenOnRest += 1;
      tally.escalated += escalationRateOf(rest, threshold);
    }
  }
  return tallies.map(({ escalated, ...tally }) => ({
    ...tally,
    draws: plan.draws,
    escalationRate: escalated / plan.draws,
  }));
}

/** What ships from a threshold on, of rows whose truth is known. */
export interface ThresholdEffect {
  readonly threshold: number | null;
  readonly escalationRate: number;
  /** Wrong among what ships; null when nothing ships. */
  readonly falseConfidentRate: number | null;
  /** Of the cascade: shipped answers by the cheap model, the rest by the deep one. */
  readonly accuracy: number | null;
  /**
   * The accuracy when as many rows ship, but chosen at random: what the confidence is worth is the
   * difference.
   */
  readonly shuffledAccuracy: number | null;
}

export function effectOf(rows: readonly RecordedRow[], threshold: number | null): ThresholdEffect {
  const shipped = rows.filter((row) => ships(row, threshold));
  const escalated = rows.filter((row) => !ships(row, threshold));
  const wrong = shipped.filter(({ isWrong }) => isWrong).length;
  const cheapRight = rows.filter(({ isWrong }) => !isWrong).length / rows.length;
  const deepRight = shareDeepRight(rows);
  const share = shipped.length / rows.length;
  const escalatedRight = shareDeepRight(escalated);
  return {
    threshold,
    escalationRate: 1 - share,
    falseConfidentRate: shipped.length === 0 ? null : wrong / shipped.length,
    accuracy:
      escalatedRight === null
        ? null
        : (shipped.length - wrong + escalatedRight * escalated.length) / rows.length,
    shuffledAccuracy: deepRight === null ? null : share * cheapRight + (1 - share) * deepRight,
  };
}

/** The best threshold that anybody could choose who knew the truth of every row. */
export function bestInHindsight(rows: readonly RecordedRow[], atMost: number): number | null {
  return hindsightThreshold(
    atomsOf(
      rows.flatMap(({ confidence, isWrong }) =>
        confidence === null ? [] : [{ confidence, isWrong }],
      ),
    ),
    atMost,
  );
}

function rateOf(
  { about }: ThresholdRule,
  rows: readonly RecordedRow[],
  threshold: number | null,
): number {
  let shipped = 0;
  let wrong = 0;
  for (const row of rows) {
    if (!ships(row, threshold)) continue;
    shipped += 1;
    if (row.isWrong) wrong += 1;
  }
  if (shipped === 0) return 0;
  return wrong / (about === "all" ? rows.length : shipped);
}

function escalationRateOf(rows: readonly RecordedRow[], threshold: number | null): number {
  let shipped = 0;
  for (const row of rows) if (ships(row, threshold)) shipped += 1;
  return 1 - shipped / rows.length;
}

function ships({ confidence }: RecordedRow, threshold: number | null): boolean {
  return threshold !== null && confidence !== null && confidence >= threshold;
}

/** Null when the deep answers of the rows are not all known; 1 of no rows. */
function shareDeepRight(rows: readonly RecordedRow[]): number | null {
  if (rows.some(({ isDeepWrong }) => isDeepWrong === null)) return null;
  if (rows.length === 0) return 1;
  return rows.filter(({ isDeepWrong }) => isDeepWrong === false).length / rows.length;
}

function trafficOf(rows: readonly RecordedRow[]): readonly TrafficAtom[] {
  const counts = new Map<number, number>();
  // What states no confidence is traffic as well, and ships at no threshold.
  for (const { confidence } of rows) {
    const atom = confidence ?? 0;
    counts.set(atom, (counts.get(atom) ?? 0) + 1);
  }
  return [...counts].map(([confidence, count]) => ({ confidence, rows: count }));
}

/** Fisher and Yates, on a copy. */
function shuffle(rows: readonly RecordedRow[], random: Random): readonly RecordedRow[] {
  const shuffled = [...rows];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const [one, two] = [shuffled[last], shuffled[other]];
    if (one === undefined || two === undefined) continue;
    shuffled[last] = two;
    shuffled[other] = one;
  }
  return shuffled;
}
