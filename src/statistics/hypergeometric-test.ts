import { logBinomialProbability } from "./binomial-distribution.ts";
import { requireArgument, requireCounts } from "./statistics-argument.ts";

/** How surprising it is that a part holds so many of the hits of a whole. */
export interface HypergeometricTest {
  /** Chance of at least as many when the part is random (Fisher's one-sided test). */
  readonly exactP: number;
  /** The same with the observed number counted half; less wasteful in small parts. */
  readonly midP: number;
}

/**
 * One-sided test of "hits are more frequent in this part": the part's rows are taken as drawn at
 * random from the whole without putting back. Exact; `midP` may fall below a level slightly more often
 * than it says.
 *
 * R. A. Fisher, The Design of Experiments (1935); mid-p: H. O. Lancaster, "Significance Tests in
 * Discrete Distributions", JASA 56 (1961), 223–234. Point probabilities after C. Loader, "Fast and
 * Accurate Computation of Binomial Probabilities" (2000).
 *
 * @param hits in the part
 * @param trials rows of the part
 * @param allHits in the whole, the part included
 * @param allTrials rows of the whole, the part included
 */
export function hypergeometricTest(
  hits: number,
  trials: number,
  allHits: number,
  allTrials: number,
): HypergeometricTest {
  requireCounts(hits, trials);
  requireCounts(allHits, allTrials);
  const isPart = hits <= allHits && trials - hits <= allTrials - allHits;
  if (!isPart) requireArgument(false, "a part of the whole", { hits, trials, allHits, allTrials });
  const misses = allTrials - allHits;
  const share = trials === 0 ? 0 : trials / allTrials;
  const here = Math.exp(
    logBinomialProbability(hits, allHits, share) +
      logBinomialProbability(trials - hits, misses, share) -
      logBinomialProbability(trials, allTrials, share),
  );
  // The tail that lies away from the mean falls fast; the other one is what is left of 1.
  const isAboveMean = hits > allHits * share;
  const more = isAboveMean
    ? here *
      tail((x) => ((allHits - x) * (trials - x)) / (x + 1) / (misses - trials + x + 1), hits, 1)
    : 1 -
      here -
      here *
        tail((x) => (x * (misses - trials + x)) / (allHits - x + 1) / (trials - x + 1), hits, -1);
  const above = Math.max(0, more);
  return { exactP: Math.min(1, above + here), midP: Math.min(1, above + here / 2) };
}

/** Sum of the products of `ratio` at `from`, the next one, and so on until nothing is added. */
function tail(ratio: (x: number) => number, from: number, step: 1 | -1): number {
  let sum = 0;
  let term = 1;
  for (let x = from; ; x += step) {
    term *= ratio(x);
    const next = sum + term;
    if (!(next > sum)) return sum;
    sum = next;
  }
}
