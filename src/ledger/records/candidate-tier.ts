/**
 * Evidence and attempts of a candidate go by a number where those of a tier go by its position: the
 * candidate's place in its route's list, from this number on. Routes have far fewer tiers, so whatever
 * goes by item and tier (verdicts, jobs) tells the two apart, and tiers never count candidates.
 */
export const FIRST_CANDIDATE_TIER = 100;

/** @param place in the route's list of candidates, from 0 */
export function candidateTier(place: number): number {
  return FIRST_CANDIDATE_TIER + place;
}

export function isCandidateTier(tier: number): boolean {
  return tier >= FIRST_CANDIDATE_TIER;
}

/** The place of a candidate in its route's list; null of a tier. */
export function candidatePlace(tier: number): number | null {
  return isCandidateTier(tier) ? tier - FIRST_CANDIDATE_TIER : null;
}
