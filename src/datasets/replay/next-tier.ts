import { checkModelFit } from "../../cascade/eligibility.ts";
import type { Evidence } from "../../ledger/records/evidence.ts";
import type { EstimateContext } from "./estimate-cost.ts";
import { tierModelOf, type ReplayRow } from "./replay-row.ts";

/** All tiers that can answer have. */
export function isComplete(stored: readonly Evidence[]): boolean {
  return stored.length > 0 && stored.every(({ deepMissing }) => deepMissing !== "pending");
}

/**
 * Who is to be asked about a row next: each tier that triages, in order, then the last one.
 *
 * @param stored what the ledger holds of the row
 * @param isPassedOver tiers that upstream found the prompt too long for
 * @returns null when nobody is: the row is complete, or none for the route
 */
export function nextTier(
  row: ReplayRow,
  stored: readonly Evidence[],
  context: EstimateContext,
  isPassedOver: (tier: number) => boolean,
): number | null {
  if (isComplete(stored)) return null;
  const deepTier = context.route.tiers.length - 1;
  for (let tier = 0; tier < deepTier; tier += 1) {
    if (stored.some((one) => one.tier === tier)) continue;
    if (!fitsTier(row, tier, context) || isPassedOver(tier)) {
      // What the first tier does not triage, no other one does.
      if (tier === 0) return null;
      continue;
    }
    return tier;
  }
  return deepTier;
}

/** Whether a tier between the first and the last could triage the row; the first one can. */
export function fitsTier(
  { parsed, promptBytes }: ReplayRow,
  tier: number,
  { route, catalogue }: EstimateContext,
): boolean {
  const model = tierModelOf(route, tier, parsed.value.model);
  const fit = { request: parsed.value, model, catalogue, promptTextBytes: promptBytes };
  return tier === 0 || checkModelFit(fit) === null;
}
