import { benjaminiHochberg } from "./benjamini-hochberg.ts";
import { exactLowerBound } from "./exact-binomial-bound.ts";
import { featureTable, kindOf, type FeatureTable, type SliceRow } from "./feature-table.ts";
import { holm } from "./holm.ts";
import { hypergeometricTest } from "./hypergeometric-test.ts";
import { sliceSums, type SliceSums } from "./slice-sums.ts";
import { effectiveCounts, weightedShareOf, type WeightedMoments } from "./weighted-moments.ts";

/** What counts as a slice and as a finding. */
export interface SliceSearchOptions {
  /** Rows a slice needs. Default 30. */
  readonly minRows?: number;
  /** Largest share of all rows that still is a slice. Default 0.6. */
  readonly maxShare?: number;
  /** How much more often wrong than each of its parents a slice must be. Default 0.02. */
  readonly minGain?: number;
  /** Share of false findings in the list that is put up with. Default 0.1. */
  readonly falseDiscoveryRate?: number;
  /** Of a single false slice among those called proven, and of each lower bound. Default 0.05. */
  readonly failureProbability?: number;
  /** The most frequent features are looked at, at most so many. Default 300. */
  readonly maxFeatures?: number;
}

/** Rows with one or two features in common that are wrong more often than the rest. */
export interface Slice {
  /** One feature or two of different kinds, in alphabetical order. */
  readonly features: readonly string[];
  readonly rows: number;
  readonly wrong: number;
  /** Weighted by 1/propensity, 0–1. Too high on average, since it was picked for being high. */
  readonly wrongShare: number;
  /** One-sided lower bound for that share; of this slice by itself, not of the list. */
  readonly low: number;
  /** `wrongShare` over that of all rows. */
  readonly lift: number;
  /** One-sided mid-p against the rest of the rows. */
  readonly p: number;
  /** Holds against all slices tested; only such a slice may change how requests are routed. */
  readonly isProven: boolean;
  /** The first wrong rows, at most three. */
  readonly exampleIds: readonly string[];
}

export interface SliceReport {
  readonly rows: number;
  readonly wrong: number;
  readonly wrongShare: number;
  /** Slices that were tested, whether listed or not. */
  readonly tested: number;
  /** Features left out because there were more than `maxFeatures` with enough rows. */
  readonly omittedFeatures: number;
  /** Most surprising first. */
  readonly slices: readonly Slice[];
  /** Rows had different propensities, so p-values rest on effective counts. */
  readonly isApproximate: boolean;
}

const DEFAULTS: Required<SliceSearchOptions> = {
  minRows: 30,
  maxShare: 0.6,
  minGain: 0.02,
  falseDiscoveryRate: 0.1,
  failureProbability: 0.05,
  maxFeatures: 300,
};

/**
 * Where a model fails: tests every feature and every pair of features of different kinds, lists what
 * survives Benjamini and Hochberg's procedure, marks what survives Holm's, and leaves out slices that
 * their parents (the single features of a pair, or all rows) explain as well.
 *
 * Rows are weighted by 1/propensity; lower bounds are then Korn and Graubard's. A slice of fifty rows
 * and three times the error is usually found, one of thirty often not: no finding is no all-clear.
 *
 * Breaks when features were thought of after reading failures, and with near-duplicate rows.
 */
export function findSlices(
  rows: readonly SliceRow[],
  options: SliceSearchOptions = {},
): SliceReport {
  const settings = { ...DEFAULTS, ...options };
  const table = featureTable(rows);
  const eligible = eligibleFeatures(table, rows.length, settings);
  const chosen = eligible.slice(0, settings.maxFeatures);
  const sums = sliceSums(rows, table, chosen);
  const candidates = testSlices(sums, chosen, table, settings);
  const pValues = candidates.map(({ p }) => p);
  const isListed = benjaminiHochberg(pValues, settings.falseDiscoveryRate);
  const isProven = holm(pValues, settings.failureProbability);
  const wrongShare = sums.all.trials === 0 ? 0 : weightedShareOf(sums.all).share;

  const slices = candidates.flatMap((candidate, index): Slice[] => {
    if (isListed[index] !== true || !gains(candidate, sums, wrongShare, settings)) return [];
    const features = candidate.members.map((position) => table.names[chosen[position] ?? 0] ?? "");
    const effective = effectiveCounts(candidate.moments);
    return [
      {
        features: features.toSorted(),
        rows: candidate.moments.trials,
        wrong: candidate.wrong,
        wrongShare: candidate.wrongShare,
        low: exactLowerBound(effective.hits, effective.trials, settings.failureProbability),
        lift: candidate.wrongShare / wrongShare,
        p: candidate.p,
        isProven: isProven[index] === true,
        exampleIds: exampleIds(rows, features),
      },
    ];
  });
  return {
    rows: rows.length,
    wrong: rows.reduce((sum, { isWrong }) => sum + Number(isWrong), 0),
    wrongShare,
    tested: candidates.length,
    omittedFeatures: eligible.length - chosen.length,
    slices: slices.toSorted((a, b) => a.p - b.p),
    isApproximate: sums.isWeighted,
  };
}

/** Most frequent first; by name where equally frequent, so that the order of rows does not matter. */
function eligibleFeatures(
  { names, support }: FeatureTable,
  rows: number,
  { minRows, maxShare }: Required<SliceSearchOptions>,
): readonly number[] {
  return [...names.keys()]
    .filter((number) => {
      const count = support[number] ?? 0;
      return count >= minRows && count <= maxShare * rows;
    })
    .toSorted((a, b) => {
      const bySupport = (support[b] ?? 0) - (support[a] ?? 0);
      return bySupport !== 0 ? bySupport : (names[a] ?? "") < (names[b] ?? "") ? -1 : 1;
    });
}

interface Candidate {
  /** Positions in the list of chosen features: one or two. */
  readonly members: readonly number[];
  readonly moments: WeightedMoments;
  readonly wrong: number;
  readonly wrongShare: number;
  readonly p: number;
}

function testSlices(
  { all, momentsOf, wrongOf }: SliceSums,
  chosen: readonly number[],
  { names }: FeatureTable,
  { minRows }: Required<SliceSearchOptions>,
): readonly Candidate[] {
  const kinds = chosen.map((number) => kindOf(names[number] ?? ""));
  const candidates: Candidate[] = [];
  for (let one = 0; one < chosen.length; one += 1) {
    for (let other = one; other < chosen.length; other += 1) {
      if (one !== other && kinds[one] === kinds[other]) continue;
      const moments = momentsOf(one, other);
      if (moments.trials < minRows) continue;
      candidates.push({
        members: one === other ? [one] : [one, other],
        moments,
        wrong: wrongOf(one, other),
        wrongShare: weightedShareOf(moments).share,
        p: midPAgainstRest(moments, all),
      });
    }
  }
  return candidates;
}

/** With equal weights the counts are the rows themselves and the test is exact. */
function midPAgainstRest(slice: WeightedMoments, all: WeightedMoments): number {
  const part = effectiveCounts(slice);
  const rest = effectiveCounts({
    trials: all.trials - slice.trials,
    weight: all.weight - slice.weight,
    weightSquares: all.weightSquares - slice.weightSquares,
    drawVariance: all.drawVariance - slice.drawVariance,
    hitWeight: all.hitWeight - slice.hitWeight,
    hitDrawVariance: all.hitDrawVariance - slice.hitDrawVariance,
  });
  const [hits, trials] = [Math.round(part.hits), Math.round(part.trials)];
  const restTrials = Math.round(rest.trials);
  const restHits = Math.min(restTrials, Math.round(rest.hits));
  return hypergeometricTest(hits, trials, hits + restHits, trials + restTrials).midP;
}

function gains(
  { members, wrongShare }: Candidate,
  { momentsOf }: SliceSums,
  shareOfAll: number,
  { minGain }: Required<SliceSearchOptions>,
): boolean {
  const parents = members.length === 1 ? [] : members;
  const shares = parents.map((member) => weightedShareOf(momentsOf(member, member)).share);
  // A gain of exactly two points must not fail by a rounding error.
  return wrongShare >= Math.max(shareOfAll, ...shares) + minGain - 1e-12;
}

function exampleIds(rows: readonly SliceRow[], features: readonly string[]): readonly string[] {
  const ids: string[] = [];
  for (const row of rows) {
    if (!row.isWrong || !features.every((feature) => row.features.includes(feature))) continue;
    ids.push(row.id);
    if (ids.length === 3) break;
  }
  return ids;
}
