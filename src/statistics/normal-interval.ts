/** A range that is to hold an unknown value; in the unit of that value. */
export interface ValueInterval {
  readonly low: number;
  readonly high: number;
}

/** The standard normal deviate that leaves 2.5 % on either side. */
export const NORMAL_DEVIATE_95 = 1.959963984540054;

/**
 * Interval at 95 % around an estimate whose error is nearly normal.
 *
 * Covers 95 % for many independent rows; too narrow for a handful, and for shares near 0 or 1.
 */
export function normalInterval(estimate: number, standardError: number): ValueInterval {
  const reach = NORMAL_DEVIATE_95 * standardError;
  return { low: estimate - reach, high: estimate + reach };
}
