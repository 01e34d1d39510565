import { anytimeUpperBound } from "./anytime-upper-bound.ts";
import { binomialCdf } from "./binomial-distribution.ts";
import type { Candidate } from "./candidate.ts";
import { exactUpperBound } from "./exact-binomial-bound.ts";
import { logSafeRateEvidence } from "./safe-rate-evidence.ts";

/** Where a rule takes its p-values and bounds from; decides how often one may look. */
export interface PValueSource {
  /**
   * `once`: voided by a second look with more labels. `planned`: as often as was fixed before the
   * first label. `any_time`: as often as you like.
   */
  readonly looks: "once" | "planned" | "any_time";
  /** Small when the counts speak against a rate of `atMost` or more at this threshold. */
  readonly pValue: (counts: Candidate, atMost: number) => number;
  /** For this threshold alone; not for all thresholds at once. */
  readonly upperBound: (hits: number, trials: number, failureProbability: number) => number;
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
  earlier: readonly (Pick<Candidate, "threshold" | "marginalShare"> & {
    readonly p: number | null;
  })[] = [],
): PValueSource {
  return {
    looks: "any_time",
    pValue: ({ threshold, marginalShare = 1, hits, trials }, atMost) => {
      const now = Math.exp(-logSafeRateEvidence(hits, trials, atMost));
      return earlier
        .filter(
          (look) => look.threshold === threshold && (look.marginalShare ?? 1) === marginalShare,
        )
        .reduce((least, { p }) => Math.min(least, p ?? 1), Math.min(1, now));
    },
    upperBound: anytimeUpperBound,
  };
}
