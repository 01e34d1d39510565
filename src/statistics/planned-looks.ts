import { EXACT_P_VALUES, type PValueSource } from "./p-value-source.ts";
import { requireArgument } from "./statistics-argument.ts";

/** From 250 labels, six looks reach to 8,000. */
const DEFAULT_LOOKS = 6;

/**
 * When to look if one looks a few times only: each time with twice as many labels, so that hardly
 * any is spent on looks that come too early. Fixed before the first label.
 *
 * @param firstTrials labels at the first look, at least 1
 * @param looks how often to look at the most, at least 1
 * @returns numbers of labels, fewest first
 */
export function plannedLooks(
  firstTrials: number,
  looks: number = DEFAULT_LOOKS,
): readonly number[] {
  requireWhole("firstTrials", firstTrials);
  requireWhole("looks", looks);
  return Array.from({ length: looks }, (_, i) => firstTrials * 2 ** i);
}

/**
 * The exact binomial test for a number of looks that is fixed beforehand: each may spend an equal
 * part of the failure probability, so p-values are multiplied by the number of looks. Between one
 * look and `repeatablePValues`: void when anybody looks more often than planned.
 */
export function plannedPValues(looks: number = DEFAULT_LOOKS): PValueSource {
  requireWhole("looks", looks);
  return {
    looks: "planned",
    pValue: (counts, atMost) => Math.min(1, looks * EXACT_P_VALUES.pValue(counts, atMost)),
    upperBound: (hits, trials, failureProbability) =>
      EXACT_P_VALUES.upperBound(hits, trials, failureProbability / looks),
  };
}

function requireWhole(name: string, value: number): void {
  const isFine = Number.isSafeInteger(value) && value >= 1;
  requireArgument(isFine, `${name} a whole number of at least 1`, { [name]: value });
}
