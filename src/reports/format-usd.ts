import type { NanoUsd } from "../catalogue/cost.ts";

const NANO_DIGITS = 9;

/** Every digit there is, at least cents: `$0.0010675`, `$1,284.00`. */
export function formatUsdExact(nanoUsd: NanoUsd): string {
  return `${signOf(nanoUsd)}$${digitsOf(absolute(nanoUsd), NANO_DIGITS)}`;
}

/**
 * For reading: three significant digits under a dollar, cents under a thousand, whole dollars above.
 * `≈` in front says that digits were dropped (half to even).
 */
export function formatUsd(nanoUsd: NanoUsd): string {
  const amount = absolute(nanoUsd);
  const decimals = shownDecimals(amount);
  const unit = 10n ** BigInt(NANO_DIGITS - decimals);
  const rounded = divideHalfEven(amount, unit) * unit;
  const mark = rounded === amount ? "" : "≈";
  const digits = decimals === 0 ? digitsOf(rounded, 0) : digitsOf(rounded, decimals);
  return `${mark}${signOf(nanoUsd)}$${digits}`;
}

/** The quotient of two amounts or of an amount and a count, rounded half to even. */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const twice = absolute(dividend % divisor) * 2n;
  const isUp = twice > divisor || (twice === divisor && quotient % 2n !== 0n);
  return isUp ? quotient + (dividend < 0n ? -1n : 1n) : quotient;
}

function shownDecimals(amount: bigint): number {
  if (amount >= 1_000_000_000_000n) return 0;
  if (amount >= 1_000_000_000n || amount === 0n) return 2;
  return Math.min(NANO_DIGITS, NANO_DIGITS + 3 - amount.toString().length);
}

/** Of an amount that is not negative; trailing zeros go, but for those of the cents. */
function digitsOf(amount: bigint, decimals: number): string {
  const unit = 10n ** BigInt(NANO_DIGITS);
  const dollars = (amount / unit).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  if (decimals === 0) return dollars;
  const fraction = (amount % unit).toString().padStart(NANO_DIGITS, "0").slice(0, decimals);
  return `${dollars}.${fraction.replace(/0+$/, "").padEnd(2, "0")}`;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function signOf(value: bigint): string {
  return value < 0n ? "-" : "";
}
