/** ln(2π)/2 */
const HALF_LOG_TWO_PI = 0.9189385332046727;

/** From here on the first terms of Stirling's series are exact to the last bit of a double. */
const SERIES_FROM = 16;

/**
 * Natural logarithm of the gamma function for `x` > 0, to about 1e-15 of the larger of 1 and the
 * result. Stirling's series, after moving small arguments up by Γ(x+1) = xΓ(x).
 */
export function logGamma(x: number): number {
  let product = 1;
  let shifted = x;
  while (shifted < SERIES_FROM) {
    product *= shifted;
    shifted += 1;
  }
  const series = (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI;
  return series + stirlingSeries(shifted) - Math.log(product);
}

/**
 * What Stirling's formula leaves out: ln Γ(x) − ((x − ½) ln x − x + ½ ln 2π), for `x` > 0. Ratios of
 * large gammas are taken from these small numbers, since their logarithms would cancel.
 */
export function stirlingError(x: number): number {
  if (x >= SERIES_FROM) return stirlingSeries(x);
  return logGamma(x) - ((x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI);
}

/** ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a+b) for positive `a` and `b`, free of cancellation. */
export function logBeta(a: number, b: number): number {
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (large < SERIES_FROM) return logGamma(a) + logGamma(b) - logGamma(a + b);
  const ratio =
    (large - 0.5) * -Math.log1p(small / large) -
    small * Math.log(small + large) +
    stirlingError(large) -
    stirlingError(small + large);
  if (small < SERIES_FROM) return logGamma(small) + small + ratio;
  return (small - 0.5) * Math.log(small) + HALF_LOG_TWO_PI + stirlingError(small) + ratio;
}

/** Bernoulli numbers B2k over 2k(2k−1), by Horner's rule. */
function stirlingSeries(x: number): number {
  const y = 1 / (x * x);
  const tail = -691 / 360_360 + y / 156;
  const terms =
    1 / 12 + y * (-1 / 360 + y * (1 / 1_260 + y * (-1 / 1_680 + y * (1 / 1_188 + y * tail))));
  return terms / x;
}
