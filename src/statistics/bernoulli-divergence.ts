/**
 * Kullback–Leibler divergence of one rate from another, in nats per trial: what a trial brings on
 * average against `other` when the rate is `rate`. 0 when they are equal, Infinity when `other`
 * rules out what `rate` allows.
 *
 * S. Kullback and R. A. Leibler, "On Information and Sufficiency", Annals of Mathematical Statistics
 * 22 (1951), 79–86.
 *
 * @param rate 0–1
 * @param other 0–1
 */
export function bernoulliDivergence(rate: number, other: number): number {
  const ofHits = rate === 0 ? 0 : rate * Math.log(rate / other);
  const ofMisses = rate === 1 ? 0 : (1 - rate) * (Math.log1p(-rate) - Math.log1p(-other));
  return ofHits + ofMisses;
}
