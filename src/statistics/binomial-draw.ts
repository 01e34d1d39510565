import type { Random } from "../support/random.ts";
import { binomialProbability } from "./binomial-distribution.ts";

/**
 * Draws from the binomial distribution exactly and in about as many steps as its standard deviation,
 * so that a million trials take a few hundred: by inversion that begins at the most likely number and
 * goes outwards on both sides. Takes one number from `random`, or none when nothing is open.
 *
 * L. Devroye, Non-Uniform Random Variate Generation (1986), X.1.
 *
 * @param trials whole number of at least 0
 * @param share 0–1
 */
export function drawBinomial(trials: number, share: number, random: Random): number {
  if (share === 0 || trials === 0) return 0;
  if (share === 1) return trials;
  const odds = share / (1 - share);
  const mode = Math.min(trials, Math.floor((trials + 1) * share));
  const ofMode = binomialProbability(mode, trials, share);
  let left = random() - ofMode;
  if (left < 0) return mode;
  let [below, above] = [mode, mode];
  let [ofBelow, ofAbove] = [ofMode, ofMode];
  while (below > 0 || above < trials) {
    if (above < trials) {
      ofAbove *= ((trials - above) / (above + 1)) * odds;
      above += 1;
      left -= ofAbove;
      if (left < 0) return above;
    }
    if (below > 0) {
      ofBelow *= below / (trials - below + 1) / odds;
      below -= 1;
      left -= ofBelow;
      if (left < 0) return below;
    }
  }
  // Rounding may leave a sum of probabilities a little below the draw.
  return mode;
}
