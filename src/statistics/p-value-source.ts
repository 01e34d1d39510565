import { anytimeUpperBound } from "./anytime-upper-bound.ts";
import { binomialCdf } from "./binomial-distribution.ts";
import { exactUpperBound } from "./exact-binomial-bound.ts";
import { logSafeRateEvidence } from "./safe-rate-evidence.ts";

/** Where a rule takes its p-values and bounds from; decides how often one may look. */
export interface PValueSource {
  /** `once`: voided by a second look with more labels. `any_time`: look as often as you like. */
  readonly looks: "once" | "any_time";
  /** Small when the counts speak against a rate of `atMost` or more at this threshold. */
  readonly pValue: (counts: CountsAtThreshold, atMost: number) => number;
  /** For this threshold alone; not for all thresholds at once. */
  readonly upperBound: (hits: number, trials: number, failureProbability: number) => number;
}

export interface CountsAtThreshold {
  readonly threshold: number;
  readonly hits: number;
  readonly trials: number;
}

/** The exact binomial test: the strongest for one look, and void from the second on. */
export const EXACT_P_VALUES: PValueSource = {
  looks: "once",
  pValue: ({ hits, trials }, atMost) => binomialCdf(hits, trials, atMost),
  upperBound: exactUpperBound,
};

/**
 * p-values that survive looking again as labels arrive: 1 divided by the most evidence seen so far.
 * The thresholds have to stay those of the first look.
 *
 * @param earlier tested candidates of the looks before, with the p-values they had
 */
export function repeatablePValues(
  earlier: readonly { readonly threshold: number; readonly p: number | null }[] = [],
): PValueSource {
  return {
    looks: "any_time",
    pValue: ({ threshold, hits, trials }, atMost) => {
      const now = Math.exp(-logSafeRateEvidence(hits, trials, atMost));
      return earlier
        .filter((look) => look.threshold === threshold)
        .reduce((least, { p }) => Math.min(least, p ?? 1), Math.min(1, now));
    },
    upperBound: anytimeUpperBound,
  };
}
