import type { PilotSetting, TierSetting } from "../../statistics/tier-path.ts";
import type { TierRow } from "./tier-rows.ts";

/** Thresholds of all tiers but the last. */
export interface TierThresholds {
  /** Names the setting, such as `0.9/0.8`. */
  readonly id: string;
  readonly thresholds: readonly number[];
}

/** A setting as it would have done on some rows. */
export interface MeasuredSetting extends TierSetting, PilotSetting {
  /** Share of the rows that each tier but the last ships, 0–1. */
  readonly shipShares: readonly number[];
}

/** All settings together; more are no finer choice, only more to test. */
const MOST_SETTINGS = 400;

/** Above every confidence: the tier never ships. */
const NEVER = 1.01;

/**
 * Every combination of the confidences that the tiers state, and of never shipping, but for never
 * everywhere. Of many stated values those that part the rows evenly. Looks at no outcome.
 */
export function tierSettings(rows: readonly TierRow[], tiers: number): readonly TierThresholds[] {
  const most = Math.floor(MOST_SETTINGS ** (1 / (tiers - 1)));
  let combinations: readonly (readonly number[])[] = [[]];
  for (let tier = 0; tier < tiers - 1; tier += 1) {
    const values = [NEVER, ...statedAt(rows, tier, most - 1)];
    combinations = combinations.flatMap((start) => values.map((value) => [...start, value]));
  }
  return combinations
    .filter((thresholds) => thresholds.some((threshold) => threshold < NEVER))
    .map((thresholds) => ({ id: thresholds.map(String).join("/"), thresholds }));
}

/**
 * What settings would have done on the rows.
 *
 * @param costs mean of one call to each tier, the last one too; with one unknown a setting costs the
 * share of requests that reach the last tier
 */
export function measureSettings(
  settings: readonly TierThresholds[],
  rows: readonly TierRow[],
  costs: readonly (number | null)[],
): readonly MeasuredSetting[] {
  const kinds = kindsOf(rows);
  const known = costs.filter((cost) => cost !== null);
  const prices =
    known.length === costs.length ? known : costs.map((_, i) => (i + 1 < costs.length ? 0 : 1));
  return settings.map(({ id, thresholds }) => {
    const shipped = thresholds.map(() => 0);
    let [hits, cost] = [0, 0];
    for (const { confidences, isWrong, count } of kinds) {
      const at = thresholds.findIndex((threshold, tier) => (confidences[tier] ?? -1) >= threshold);
      const last = at < 0 ? thresholds.length : at;
      for (let tier = 0; tier <= last; tier += 1) cost += count * (prices[tier] ?? 0);
      if (at < 0) continue;
      shipped[at] = (shipped[at] ?? 0) + count;
      if (isWrong[at] === true) hits += count;
    }
    const trials = rows.length;
    const shipShares = shipped.map((count) => (trials === 0 ? 0 : count / trials));
    const each = trials === 0 ? 0 : cost / trials;
    return { id, hits, trials, shipShares, cost: each, lossRate: trials === 0 ? 0 : hits / trials };
  });
}

/** Mean cost of a call to each tier; null = no row knows it. */
export function meanCosts(rows: readonly TierRow[], tiers: number): readonly (number | null)[] {
  return Array.from({ length: tiers }, (_, tier) => {
    const known = rows.flatMap(({ costs }) => costs[tier] ?? []);
    return known.length === 0 ? null : known.reduce((sum, cost) => sum + cost, 0) / known.length;
  });
}

function statedAt(rows: readonly TierRow[], tier: number, most: number): readonly number[] {
  const counts = new Map<number, number>();
  for (const { confidences } of rows) {
    const confidence = confidences[tier] ?? null;
    if (confidence !== null) counts.set(confidence, (counts.get(confidence) ?? 0) + 1);
  }
  const values = [...counts].toSorted(([a], [b]) => b - a);
  if (values.length <= most) return values.map(([value]) => value);
  const all = values.reduce((sum, [, count]) => sum + count, 0);
  const chosen: number[] = [];
  let reached = 0;
  for (const [value, count] of values) {
    reached += count;
    if (reached / all >= (chosen.length + 1) / most) chosen.push(value);
  }
  return chosen;
}

/** Rows alike, so that settings are measured on kinds of rows instead of on rows. */
function kindsOf(rows: readonly TierRow[]): readonly (TierRow & { readonly count: number })[] {
  const kinds = new Map<string, TierRow & { count: number }>();
  for (const row of rows) {
    const name = JSON.stringify([row.confidences, row.isWrong]);
    const kind = kinds.get(name);
    if (kind === undefined) kinds.set(name, { ...row, count: 1 });
    else kind.count += 1;
  }
  return [...kinds.values()];
}
