import type { Clock } from "./clock.ts";

/** Makes a new id on each call. Ids sort by the time they were made. */
export type IdSource = () => string;

/** Crockford's base 32: no I, L, O or U, and in the order of its character codes. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TIME_DIGITS = 10;
const RANDOM_DIGITS = 16;
/** Fetched at a time: asking the system for sixteen bytes costs as much as asking for these. */
const POOL_BYTES = 4_096;

/**
 * Ids of a prefix, ten digits of milliseconds and sixteen random digits (80 bits), as ULIDs are.
 *
 * @param prefix says what the id names, for example `req_`
 * @param randomBytes returns `count` unpredictable bytes
 */
export function createIdSource(
  prefix: string,
  clock: Clock,
  randomBytes: (count: number) => Uint8Array,
): IdSource {
  let pool = new Uint8Array(0);
  let used = 0;
  return () => {
    if (used + RANDOM_DIGITS > pool.length) {
      pool = Uint8Array.from(randomBytes(POOL_BYTES));
      used = 0;
    }
    let timeDigits = "";
    let rest = clock.nowMs();
    for (let i = 0; i < TIME_DIGITS; i += 1) {
      timeDigits = ALPHABET.charAt(rest % 32) + timeDigits;
      rest = Math.floor(rest / 32);
    }
    let randomDigits = "";
    const end = used + RANDOM_DIGITS;
    for (; used < end; used += 1) randomDigits += ALPHABET.charAt((pool[used] ?? 0) & 31);
    return prefix + timeDigits + randomDigits;
  };
}
