import { CONFIDENCE_ATOMS } from "./simulated-models.ts";
import type { ConfidenceShare } from "./simulated-world.ts";

/**
 * Spreads answers over the confidences so that the whole is right with chance `accuracy` and the
 * part at true chance a is right with chance a: equal weights tilted by e^(t·a), t by bisection.
 *
 * @param accuracy between the lowest and the highest confidence, exclusive
 * @param raisedBy positions by which the stated confidence lies above the true chance; 0 makes the
 *   statement honest
 */
export function confidenceShares(accuracy: number, raisedBy: number): readonly ConfidenceShare[] {
  const key = `${String(accuracy)}/${String(raisedBy)}`;
  const known = memory.get(key);
  if (known !== undefined) return known;
  const shares = merge(tiltedWeights(accuracy), raisedBy);
  memory.set(key, shares);
  return shares;
}

/** Results so far; there are as many as models times difficulties. */
const memory = new Map<string, readonly ConfidenceShare[]>();

function tiltedWeights(accuracy: number): readonly number[] {
  let low = -200;
  let high = 400;
  for (let step = 0; step < 80; step += 1) {
    const middle = (low + high) / 2;
    if (meanOf(weightsAt(middle)) < accuracy) low = middle;
    else high = middle;
  }
  return weightsAt((low + high) / 2);
}

function weightsAt(tilt: number): readonly number[] {
  // Relative to the end that grows, so that no power overflows.
  const anchor = tilt > 0 ? Math.max(...CONFIDENCE_ATOMS) : Math.min(...CONFIDENCE_ATOMS);
  const powers = CONFIDENCE_ATOMS.map((atom) => Math.exp(tilt * (atom - anchor)));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

function meanOf(weights: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * (CONFIDENCE_ATOMS[i] ?? 0), 0);
}

/** Moves each true chance to the confidence stated for it; what meets there is averaged. */
function merge(weights: readonly number[], raisedBy: number): readonly ConfidenceShare[] {
  const last = CONFIDENCE_ATOMS.length - 1;
  const merged = CONFIDENCE_ATOMS.map((confidence) => ({ confidence, share: 0, right: 0 }));
  weights.forEach((weight, i) => {
    const target = merged[Math.min(i + raisedBy, last)];
    if (target === undefined) return;
    target.share += weight;
    target.right += weight * (CONFIDENCE_ATOMS[i] ?? 0);
  });
  return merged
    .filter((entry) => entry.share > 0)
    .map(({ confidence, share, right }) => ({ confidence, share, accuracy: right / share }));
}
