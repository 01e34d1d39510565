/**
 * The estimators and tests that Leadsman's own numbers come from, for use on data of your own. All
 * are pure functions; each says what it promises, under which assumptions, and from which source.
 *
 * @module leadsman/statistics
 */
export { atomsOf, type Atom, type LabelledRow } from "./statistics/atom.ts";
export { wilsonInterval, type ShareInterval } from "./statistics/wilson-interval.ts";

// Binomial kernel and exact bounds.
export {
  binomialCdf,
  binomialProbability,
  binomialUpperTail,
  logBinomialCdf,
  logBinomialProbability,
} from "./statistics/binomial-distribution.ts";
export { exactLowerBound, exactUpperBound } from "./statistics/exact-binomial-bound.ts";
