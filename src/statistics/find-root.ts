/**
 * Where a monotone function crosses 0 between `low` and `high`, at whose ends it has different signs
 * (an infinite value is a sign too). Stops when the bracket is as narrow as doubles allow.
 *
 * Bisection made safe and fast by inverse quadratic steps where these can be trusted: T. R.
 * Chandrupatla, "A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear
 * function without using derivatives", Advances in Engineering Software 28 (1997), 145–149.
 *
 * Without a change of sign the end nearer to 0 is returned: bounds then sit at the end of their
 * range.
 */
export function findRoot(f: (x: number) => number, low: number, high: number): number {
  let [a, b] = [high, low];
  let [fa, fb] = [f(a), f(b)];
  if (fa === 0) return a;
  if (fb === 0) return b;
  if (fa > 0 === fb > 0) return Math.abs(fa) < Math.abs(fb) ? a : b;
  let c = a;
  let fc = fa;
  let step = 0.5;
  for (let i = 0; i < 2_000; i += 1) {
    const x = a + step * (b - a);
    const fx = f(x);
    if (fx > 0 === fa > 0) [c, fc] = [a, fa];
    else [c, b, fc, fb] = [b, a, fb, fa];
    [a, fa] = [x, fx];
    const isNearer = Math.abs(fa) < Math.abs(fb);
    const best = isNearer ? a : b;
    if (fx === 0) return x;
    const tolerance = (2 * Number.EPSILON * Math.abs(best)) / Math.abs(b - a);
    if (tolerance > 0.5 || b - a === 0) return best;
    step = Math.min(1 - tolerance, Math.max(tolerance, nextStep(a, b, c, fa, fb, fc)));
  }
  return a;
}

/** The share of the way from a to b at which to look next. */
function nextStep(a: number, b: number, c: number, fa: number, fb: number, fc: number): number {
  const xi = (a - b) / (c - b);
  const phi = (fa - fb) / (fc - fb);
  // Also taken when a value is infinite, since every comparison with NaN is false.
  if (!(phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi)) return 0.5;
  const step =
    (fa / (fb - fa)) * (fc / (fb - fc)) + ((c - a) / (b - a)) * (fa / (fc - fa)) * (fb / (fc - fb));
  return Number.isFinite(step) ? step : 0.5;
}
