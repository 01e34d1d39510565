import type { Candidate } from "./candidate.ts";

/**
 * What a rule promises of a threshold it certifies, unless it fails with the failure probability:
 * `selective`: of what ships, at most this share is wrong. `joint`: of all requests, at most this
 * share ships and is wrong. `relative`: the cascade loses at most this share of the accuracy of the
 * deep model. `joint_on_average`: as joint, but only as an expectation over calibrations; any single
 * one may well exceed it. `none`: nothing.
 */
export type CertifiedPromise = "selective" | "joint" | "joint_on_average" | "relative" | "none";

/** A candidate with the test it had to pass. */
export interface TestedCandidate extends Candidate {
  /** The level that `p` had to keep; null when the rule knows no level. */
  readonly level: number | null;
  /** p-value against "this threshold breaks the target"; null when the rule knows none. */
  readonly p: number | null;
  /** For the promised rate at this threshold alone; null when the rule promises nothing. */
  readonly upperBound: number | null;
  readonly isCertified: boolean;
}

/** The outcome of a rule: the loosest threshold it vouches for, and everything it looked at. */
export interface Certification {
  readonly promise: CertifiedPromise;
  /** Null: no threshold is certified, so everything escalates. */
  readonly threshold: number | null;
  /** Of the rows with exactly the threshold's confidence, the share that ships; 1 unless split. */
  readonly marginalShare: number;
  /** Certified thresholds, strictest first; one for each certified part where an atom is split. */
  readonly certified: readonly number[];
  /** In the order of testing, strictest first. */
  readonly candidates: readonly TestedCandidate[];
}

/** Collects what a rule found into its outcome. */
export function certificationOf(
  promise: CertifiedPromise,
  candidates: readonly TestedCandidate[],
): Certification {
  const certified = candidates.filter(({ isCertified }) => isCertified);
  const loosest = certified.toSorted(byShippingMost)[0];
  return {
    promise,
    threshold: loosest?.threshold ?? null,
    marginalShare: loosest?.marginalShare ?? 1,
    certified: certified.map(({ threshold }) => threshold),
    candidates,
  };
}

function byShippingMost(a: Candidate, b: Candidate): number {
  return a.threshold - b.threshold || (b.marginalShare ?? 1) - (a.marginalShare ?? 1);
}
