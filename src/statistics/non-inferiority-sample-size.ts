import { normalQuantile } from "./normal-quantile.ts";
import { requireArgument, requireOpenShare, requireShare } from "./statistics-argument.ts";

/** What is believed of two equally good sides before they are compared. */
export interface ComparisonGuess {
  /** Share of requests on which exactly one side is right; below the margin nothing much varies. */
  readonly discordantShare: number;
  /** Share of right answers of either side. */
  readonly accuracy: number;
}

/** Requests for one look at the end; see `nonInferioritySampleSize`. */
export interface NonInferioritySampleSize {
  /** When each request is answered by both sides. */
  readonly pairs: number;
  /** When each request is answered by one of them, drawn at random. */
  readonly perArm: number;
}

/**
 * How many requests a comparison with a fixed end needs, so that an equally good cascade is called
 * "at most `margin` worse" with probability `power`. By the normal approximation; a plan, no promise.
 * Looking earlier needs `pairedNonInferiority` and somewhat more pairs.
 *
 * (z + z')² × variance / margin², the variance of a difference being the discordant share for pairs
 * and 2 × accuracy × (1 - accuracy) for two arms: J. L. Fleiss, Statistical Methods for Rates and
 * Proportions, second edition (1981), chapters 3 and 8.
 *
 * @param margin between 0 and 1, such as 0.02 for two points
 * @param failureProbability one-sided, between 0 and 1
 */
export function nonInferioritySampleSize(
  { discordantShare, accuracy }: ComparisonGuess,
  margin: number,
  failureProbability = 0.05,
  power = 0.8,
): NonInferioritySampleSize {
  requireShare("discordantShare", discordantShare);
  requireShare("accuracy", accuracy);
  requireOpenShare("margin", margin);
  requireOpenShare("failureProbability", failureProbability);
  requireArgument(power > failureProbability && power < 1, "a power above the failureProbability", {
    power,
    failureProbability,
  });
  const deviate = normalQuantile(1 - failureProbability) + normalQuantile(power);
  const requestsFor = (variance: number): number => Math.ceil(variance * (deviate / margin) ** 2);
  return {
    pairs: requestsFor(discordantShare),
    perArm: requestsFor(2 * accuracy * (1 - accuracy)),
  };
}
