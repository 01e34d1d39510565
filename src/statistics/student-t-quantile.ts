import { findRoot } from "./find-root.ts";
import { logIncompleteBeta } from "./incomplete-beta.ts";
import { requireArgument, requireOpenShare } from "./statistics-argument.ts";

/**
 * Quantile of Student's t distribution: the value that is exceeded with probability 1 - `share`.
 * Found on the incomplete beta function: P(|T| > t) = I_x(ν/2, ½) with x = ν/(ν + t²).
 *
 * Student, "The Probable Error of a Mean", Biometrika 6 (1908), 1–25.
 *
 * @param share strictly between 0 and 1
 * @param degreesOfFreedom above 0
 */
export function studentTQuantile(share: number, degreesOfFreedom: number): number {
  requireOpenShare("share", share);
  requireArgument(degreesOfFreedom > 0, "degreesOfFreedom above 0", { degreesOfFreedom });
  if (share === 0.5) return 0;
  const bothTails = Math.log(2 * Math.min(share, 1 - share));
  // Searched as y = 1 - x = t²/(ν + t²), which keeps its precision near t = 0.
  const y = findRoot(
    (candidate) => logIncompleteBeta(candidate, 0.5, degreesOfFreedom / 2).logUpper - bothTails,
    0,
    1,
  );
  const size = Math.sqrt((degreesOfFreedom * y) / (1 - y));
  return share < 0.5 ? -size : size;
}
