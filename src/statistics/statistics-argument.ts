import { LeadsmanError } from "../support/leadsman-error.ts";

/**
 * Throws `statistics_argument` unless `isFine` holds. Nonsense counts are a caller's mistake; an
 * estimator that went on with them would print a number that looks like any other.
 *
 * @param wanted what the arguments have to be, as the end of a sentence
 * @param found the arguments as they came
 */
export function requireArgument(
  isFine: boolean,
  wanted: string,
  found: Readonly<Record<string, unknown>>,
): asserts isFine {
  if (isFine) return;
  const list = Object.entries(found).map(([name, value]) => `${name} ${String(value)}`);
  throw new LeadsmanError("statistics_argument", `Wanted ${wanted}; found ${list.join(", ")}`);
}

/** Whole numbers with 0 ≤ hits ≤ trials. */
export function requireCounts(hits: number, trials: number): void {
  const isFine =
    Number.isSafeInteger(hits) && Number.isSafeInteger(trials) && 0 <= hits && hits <= trials;
  if (!isFine) requireArgument(false, "whole numbers 0 ≤ hits ≤ trials", { hits, trials });
}

/** A number from 0 to 1, both ends allowed. */
export function requireShare(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) requireArgument(false, `${name} from 0 to 1`, { [name]: value });
}

/** A probability strictly between 0 and 1. */
export function requireOpenShare(name: string, value: number): void {
  if (!(value > 0 && value < 1)) {
    requireArgument(false, `${name} between 0 and 1, without the ends`, { [name]: value });
  }
}
