import { payoff, type DetectorPlan } from "../statistics/change-detector.ts";
import { errorDetectorPlan } from "../statistics/detector-plans.ts";
import { exactUpperBound } from "../statistics/exact-binomial-bound.ts";

/** A stated confidence, or what all rarer ones are taken for together. */
export type StatedValue = number | "other";

/** Plain JSON, below four kilobytes. */
export interface DriftState {
  /** How often each value was stated so far; null once the reference is complete. */
  readonly counts: readonly (readonly [confidence: number | null, count: number])[] | null;
  readonly bins: readonly DriftBin[];
}

export interface DriftBin {
  readonly value: StatedValue;
  /** Of the reference, 0–1. */
  readonly share: number;
  /** Upper bound of the share in the long run: what is still no change. */
  readonly bound: number;
  readonly masses: readonly number[];
}

export interface DriftAlarm {
  /** The value that is stated more often than it was. */
  readonly value: StatedValue;
  readonly shareBefore: number;
}

export interface DriftWatch {
  /**
   * Takes what one triage stated; null = nothing that counts.
   *
   * @returns `settled` when the reference is complete, an alarm when the values have changed
   */
  observe(confidence: number | null): "settled" | DriftAlarm | null;
  store(): DriftState;
}

/** Triages that the later ones are held against. */
export const REFERENCE_TRIAGES = 1_000;
/** Rarer values are watched together. */
const LEAST_SHARE = 0.02;
/** Chance that a bound of the reference is wrong, of all values together. */
const REFERENCE_FAILURE = 0.05;
/** False alarms are at least so many triages apart on average. */
const ALARM_LEVEL = 100_000;
/** Distinct values that are counted; far more would be noise. */
const MOST_VALUES = 1_000;

/**
 * Watches whether a model states other confidences than it did. Each value is a bet that it will be
 * stated more often than the reference allows; the mean of such detectors is one, so alarms are at
 * least 100,000 triages apart on average while the true shares stay below the reference's bounds,
 * which they do with at least 95 %. A value that becomes rare shows in the others.
 *
 * After an alarm what is stated from then on becomes the reference.
 */
export function createDriftWatch(stored: DriftState | null): DriftWatch {
  const counts = new Map<number | null, number>(stored?.counts ?? []);
  let bins: LiveBin[] | null =
    stored === null || stored.counts !== null ? null : stored.bins.map(liveBin);
  let counted = [...counts.values()].reduce((sum, count) => sum + count, 0);

  function learn(confidence: number | null): "settled" | null {
    const known = counts.get(confidence);
    const key = known === undefined && counts.size >= MOST_VALUES ? null : confidence;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    counted += 1;
    if (counted < REFERENCE_TRIAGES) return null;
    bins = binsOf(counts).map(liveBin);
    counts.clear();
    counted = 0;
    return "settled";
  }
  return {
    observe: (confidence) => {
      if (bins === null) return learn(confidence);
      const grown = bet(bins, confidence);
      if (grown === null) return null;
      bins = null;
      return { value: grown.value, shareBefore: grown.share };
    },
    store: () => ({
      counts: bins === null ? [...counts] : null,
      bins: (bins ?? []).map(
        ({ hitFactors: _hit, missFactors: _miss, weight: _weight, ...bin }) => {
          return { ...bin, masses: [...bin.masses] };
        },
      ),
    }),
  };
}

interface LiveBin extends Omit<DriftBin, "masses"> {
  readonly masses: number[];
  readonly weight: number;
  readonly hitFactors: readonly number[];
  readonly missFactors: readonly number[];
}

/** @returns the value that grew most, on an alarm */
function bet(bins: readonly LiveBin[], confidence: number | null): LiveBin | null {
  const isListed = bins.some(({ value }) => value === confidence);
  let sum = 0;
  let top = bins[0] ?? null;
  let most = 0;
  for (const bin of bins) {
    const isHit = isListed ? bin.value === confidence : bin.value === "other";
    const factors = isHit ? bin.hitFactors : bin.missFactors;
    let total = 0;
    for (let i = 0; i < factors.length; i += 1) {
      const mass = Math.min(((bin.masses[i] ?? 0) + bin.weight) * (factors[i] ?? 1), 1e30);
      bin.masses[i] = mass;
      total += mass;
    }
    sum += total;
    if (total <= most) continue;
    most = total;
    top = bin;
  }
  return sum / bins.length >= ALARM_LEVEL ? top : null;
}

function binsOf(counts: ReadonlyMap<number | null, number>): readonly DriftBin[] {
  const listed = [...counts].flatMap(([value, count]): (readonly [StatedValue, number])[] =>
    value !== null && count >= LEAST_SHARE * REFERENCE_TRIAGES ? [[value, count]] : [],
  );
  const rest = REFERENCE_TRIAGES - listed.reduce((sum, [, count]) => sum + count, 0);
  const all = [...listed, ["other", rest] as const];
  return all.map(([value, count]) => ({
    value,
    share: count / REFERENCE_TRIAGES,
    bound: exactUpperBound(count, REFERENCE_TRIAGES, REFERENCE_FAILURE / all.length),
    masses: [],
  }));
}

function liveBin(bin: DriftBin): LiveBin {
  // A value that was all there was cannot become more frequent.
  const plan: DetectorPlan = errorDetectorPlan(Math.min(bin.bound, 0.999));
  const factors = (value: number): readonly number[] =>
    plan.alternatives.map((alternative) => payoff(plan, alternative, value, 1));
  return {
    ...bin,
    masses: plan.alternatives.map((_, i) => bin.masses[i] ?? 0),
    weight: 1 / plan.alternatives.length,
    hitFactors: factors(1),
    missFactors: factors(0),
  };
}
