import { hash } from "node:crypto";

/** Divides what is hashed, so that moving a letter from one text to the next makes another draw. */
const DIVIDER = "\u0000";

/** Hexadecimal digits that name these texts; equal texts always get equal ones. */
export function hashOf(parts: readonly string[]): string {
  return hash("sha256", parts.join(DIVIDER)).slice(0, 32);
}

/** A number from 0 to below 1 that is as good as random, and the same for the same texts. */
export function hashDraw(parts: readonly string[]): number {
  // 52 bits: every double of that step is equally likely.
  return Number.parseInt(hashOf(parts).slice(0, 13), 16) / 2 ** 52;
}
