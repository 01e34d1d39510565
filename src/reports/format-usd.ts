import type { NanoUsd } from "../catalogue/cost.ts";

const NANO_DIGITS = 9;

/** Cents. */
const MIN_DECIMALS = 2;

/** Every digit there is, at least cents: `$0.0010675`, `$1,284.00`. */
export function formatUsdExact(nanoUsd: NanoUsd): string {
  return `${signOf(nanoUsd)}$${digitsOf(absolute(nanoUsd), NANO_DIGITS, MIN_DECIMALS)}`;
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
  const isExact = rounded === amount;
  // Zeros at the end of a rounded amount were measured, those of an exact one say nothing.
  const shown = shownDecimals(rounded);
  const digits = digitsOf(rounded, shown, isExact ? MIN_DECIMALS : shown);
  return `${isExact ? "" : "≈"}${signOf(nanoUsd)}$${digits}`;
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

/** Of an amount that is not negative; zeros at the end go, down to `minDecimals`. */
function digitsOf(amount: bigint, decimals: number, minDecimals: number): string {
  const unit = 10n ** BigInt(NANO_DIGITS);
  const dollars = (amount / unit).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  if (decimals === 0) return dollars;
  const fraction = (amount % unit).toString().padStart(NANO_DIGITS, "0").slice(0, decimals);
  return `${dollars}.${fraction.replace(/0+$/, "").padEnd(minDecimals, "0")}`;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function signOf(value: bigint): string {
  return value < 0n ? "-" : "";
}
