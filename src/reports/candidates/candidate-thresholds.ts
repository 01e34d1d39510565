import type { EvidenceCount, EvidenceKey } from "../../ledger/records/evidence.ts";
import { atomsOf, type LabelledRow } from "../../statistics/atom.ts";
import {
  candidatesOf,
  candidatesWithTraffic,
  labelledRowsOf,
  type Candidate,
} from "../../statistics/candidate.ts";
import { certifyByFallback } from "../../statistics/certify-selective.ts";
import { zeroErrorTrials } from "../../statistics/labels-needed.ts";
import type { RateTarget } from "../../statistics/rate-target.ts";
import { canShip, itemsIn, truthOf, wouldShip } from "../evidence/item-outcome.ts";

/**
 * What speaks against an answer. `truth`: it is wrong, by label or human. `agreement`: it differs from
 * the answer that the client got, which is at worst an error more: an answer that is the same is none.
 */
export type HarmBasis = "truth" | "agreement";

/** What a candidate would close from a confidence on; `hits` are what speaks against it. */
export interface PossibleThreshold extends Candidate {
  /** Items it would answer, of all that were asked. */
  readonly closes: number;
}

/** One that enough items reach for a proof. */
export interface CandidateThreshold extends PossibleThreshold {
  /** For the harm at this threshold alone, for one look. */
  readonly upperBound: number;
  /** Whether the harm is proven to stay within what is promised. */
  readonly isProven: boolean;
}

export interface CandidateThresholds {
  readonly basis: HarmBasis;
  /** Every confidence that occurs, strictest first. */
  readonly possible: readonly PossibleThreshold[];
  /** Strictest first. */
  readonly tested: readonly CandidateThreshold[];
  /** The loosest that is proven; null = none. */
  readonly best: CandidateThreshold | null;
}

/**
 * Holds each confidence that occurs against the promise: of what it would close, at most so much harm.
 * For a joint promise, which is over all requests, that is stricter than needed: what the tiers before
 * may already spend of it is left to them. Thresholds come from confidences alone, never from outcomes.
 */
export function candidateThresholds(
  counts: readonly EvidenceCount[],
  target: RateTarget,
): CandidateThresholds {
  const usable = counts.filter(({ key }) => canShip(key));
  const basis = harmBasis(usable, target);
  const closesFrom = (threshold: number): number =>
    itemsIn(usable.filter(({ key }) => wouldShip(key, threshold)));
  const possible = candidatesOf(atomsOf(rowsOf(usable, basis))).map((one): PossibleThreshold => ({
    ...one,
    closes: closesFrom(one.threshold),
  }));
  const traffic = usable.map(({ key, items }) => ({
    confidence: key.confidence ?? 0,
    rows: items,
  }));
  const testable =
    possible.length === 0
      ? []
      : candidatesWithTraffic(possible, traffic, labelledRowsOf(possible), target);
  const { threshold: best, candidates } = certifyByFallback(testable, target);
  const tested = candidates.map(
    ({ threshold, hits, trials, upperBound, isCertified }): CandidateThreshold => ({
      ...{ threshold, hits, trials, closes: closesFrom(threshold) },
      ...{ upperBound: upperBound ?? 1, isProven: isCertified },
    }),
  );
  const found = tested.find(({ threshold }) => threshold === best) ?? null;
  return { basis, possible, tested, best: found };
}

/** By the truth once it is known of enough answers for a proof, whatever it says of them. */
function harmBasis(usable: readonly EvidenceCount[], target: RateTarget): HarmBasis {
  const graded = itemsIn(usable.filter(({ key }) => truthOf(key.cheap) !== null));
  return graded >= fewestTrials(target) ? "truth" : "agreement";
}

/** Trials with which a threshold is tested: it may then still show up in fewer than expected. */
export function fewestTrials({ atMost, failureProbability }: RateTarget): number {
  return Math.ceil(1.25 * zeroErrorTrials(atMost, failureProbability));
}

function* rowsOf(usable: readonly EvidenceCount[], basis: HarmBasis): Generator<LabelledRow> {
  for (const { key, items } of usable) {
    const isWrong = isHarm(key, basis);
    if (isWrong === null || key.confidence === null) continue;
    for (let item = 0; item < items; item += 1) yield { confidence: key.confidence, isWrong };
  }
}

/** Null where nobody looked. What was looked at and is undecided, or not compared, counts as harm. */
function isHarm({ cheap, differs }: EvidenceKey, basis: HarmBasis): boolean | null {
  const truth = truthOf(cheap);
  if (truth !== null) return truth !== "right";
  return basis === "truth" ? null : differs !== false;
}
