import type { CostQualityPoint } from "./cost-quality-area.ts";

/**
 * Lift of a cascade's benefit per cost: by how much more quality per unit of money it gains over the
 * cheap tier than sending everything to the last tier does. 1 = twice as much; 0 = as much as mixing
 * the two tiers at random; below 0 the cascade is worse than dice.
 *
 * "AutoMix: Automatically Mixing Language Models", 2023 (arXiv 2310.12963).
 *
 * @returns null when the last tier is not dearer and better than the cheap one, or the cascade not
 *   dearer than the cheap one: a slope would be without meaning
 */
export function benefitLift(
  cheap: CostQualityPoint,
  cascade: CostQualityPoint,
  deep: CostQualityPoint,
): number | null {
  const base = (deep.quality - cheap.quality) / (deep.cost - cheap.cost);
  if (deep.cost <= cheap.cost || base <= 0 || cascade.cost <= cheap.cost) return null;
  return (cascade.quality - cheap.quality) / (cascade.cost - cheap.cost) / base - 1;
}
