import { stirlingError } from "./log-gamma.ts";

/** Natural logarithms of I_x(a, b) and of 1 − I_x(a, b). */
export interface LogBetaTails {
  readonly logLower: number;
  readonly logUpper: number;
}

/**
 * Both tails of the regularised incomplete beta function, as logarithms: whichever is small keeps
 * its relative precision (about 1e-13 up to a + b = 1e6), down to e^-1e6.
 *
 * Continued fraction of Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.5.8, by
 * the modified Lentz method; the power in front of it as a sum of deviances, after C. Loader, "Fast
 * and Accurate Computation of Binomial Probabilities" (2000).
 *
 * @param x 0–1
 * @param a above 0
 * @param b above 0
 */
export function logIncompleteBeta(x: number, a: number, b: number): LogBetaTails {
  if (x <= 0) return { logLower: -Infinity, logUpper: 0 };
  if (x >= 1) return { logLower: 0, logUpper: -Infinity };
  const power = logBetaPower(x, a, b);
  if (x < (a + 1) / (a + b + 2)) {
    const logLower = power + Math.log(continuedFraction(x, a, b) / a);
    return { logLower, logUpper: logOneMinusExp(logLower) };
  }
  const logUpper = power + Math.log(continuedFraction(1 - x, b, a) / b);
  return { logLower: logOneMinusExp(logUpper), logUpper };
}

/** ln(x^a (1−x)^b / B(a, b)) */
export function logBetaPower(x: number, a: number, b: number): number {
  const sum = a + b;
  const excess = a * (1 - x) - b * x;
  return (
    -deviance(a, sum * x, excess) -
    deviance(b, sum * (1 - x), -excess) +
    0.5 * Math.log((a / sum) * (b / (2 * Math.PI))) +
    stirlingError(sum) -
    stirlingError(a) -
    stirlingError(b)
  );
}

/** ln(1 − e^y) for y ≤ 0, exact where 1 − e^y or e^y is tiny. */
export function logOneMinusExp(y: number): number {
  if (y >= 0) return -Infinity;
  return y > -Math.LN2 ? Math.log(-Math.expm1(y)) : Math.log1p(-Math.exp(y));
}

/**
 * observed·ln(observed/expected) + expected − observed, by its series when the two are close and
 * the plain terms would cancel.
 */
function deviance(observed: number, expected: number, excess: number): number {
  const relative = excess / (observed + expected);
  if (Math.abs(relative) >= 0.1) return observed * Math.log(observed / expected) - excess;
  const square = relative * relative;
  let sum = excess * relative;
  let factor = 2 * observed * relative;
  for (let odd = 3; ; odd += 2) {
    factor *= square;
    const next = sum + factor / odd;
    if (next === sum) return sum;
    sum = next;
  }
}

/** Converges in about √max(a, b) steps for x below the mean of the beta distribution. */
function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const awayFromZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 100_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    const change = d * c;
    fraction *= change;
    if (Math.abs(change - 1) < 4e-16) break;
  }
  return fraction;
}
