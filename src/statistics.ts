/**
 * The estimators and tests that Leadsman's own numbers come from, for use on data of your own. All
 * are pure functions; each says what it promises, under which assumptions, and from which source.
 *
 * @module leadsman/statistics
 */
// Rows, shares, the binomial kernel and exact bounds.
export { atomsOf, type Atom, type LabelledRow } from "./statistics/atom.ts";
export {
  binomialCdf,
  binomialProbability,
  binomialUpperTail,
  logBinomialCdf,
  logBinomialProbability,
} from "./statistics/binomial-distribution.ts";
export { exactLowerBound, exactUpperBound } from "./statistics/exact-binomial-bound.ts";
export { wilsonInterval, type ShareInterval } from "./statistics/wilson-interval.ts";

// Evidence that may be looked at again and again.
export { anytimeUpperBound } from "./statistics/anytime-upper-bound.ts";
export { bettingLowerBound, bettingUpperBound } from "./statistics/betting-bound.ts";
export {
  logBettingEvidence,
  logBettingEvidenceOf,
  observeBet,
  startBetting,
  type BettingState,
  type MeanClaim,
  type WeightedValue,
} from "./statistics/betting-wealth.ts";
export { clusterMeans, type ClusteredRow } from "./statistics/cluster-means.ts";
export { confidenceSequence } from "./statistics/confidence-sequence.ts";
export {
  logPlugInWealth,
  plugInBets,
  plugInBettingBound,
  type BettingLooks,
} from "./statistics/plug-in-betting-bound.ts";
export { logSafeRateEvidence } from "./statistics/safe-rate-evidence.ts";
export { trialsUntilSafe } from "./statistics/trials-until-safe.ts";
export { logViolatedRateEvidence } from "./statistics/violated-rate-evidence.ts";
