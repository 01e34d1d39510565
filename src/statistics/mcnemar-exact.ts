import { binomialCdf } from "./binomial-distribution.ts";

/**
 * Exact McNemar test: how surprising it is that of pairs with different outcomes so many went one
 * way, if either way were as likely. Two-sided, by doubling the smaller tail; 1 without a difference.
 *
 * To be looked at once, after a number of pairs fixed beforehand; `pairedNonInferiority` may be
 * looked at any time. A large value does not show that both sides are equal.
 *
 * Q. McNemar, "Note on the Sampling Error of the Difference Between Correlated Proportions or
 * Percentages", Psychometrika 12 (1947), 153–157; exact form: F. Mosteller, 1952.
 */
export function mcnemarExact(harmed: number, helped: number): number {
  if (harmed === helped) return 1;
  return Math.min(1, 2 * binomialCdf(Math.min(harmed, helped), harmed + helped, 0.5));
}
