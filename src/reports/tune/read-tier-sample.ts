import type { Ledger } from "../../ledger/ledger.ts";
import type { Evidence } from "../../ledger/records/evidence.ts";
import { joinTiers, type TierSample } from "./tier-rows.ts";

const PAGE_ROWS = 1_000;

/** Newest items beyond so many are not read. */
const MOST_ITEMS = 200_000;

/** Reads the items of a route of three tiers or more, and joins what all its tiers answered. */
export async function readTierSample(
  ledger: Pick<Ledger, "evidence" | "evidenceCounts">,
  { route, fromMs }: { readonly route: string; readonly fromMs?: number },
  tiers: number,
): Promise<TierSample> {
  const filter = { route, ...(fromMs === undefined ? {} : { fromMs }) };
  const counts = await ledger.evidenceCounts(filter);
  const items: Evidence[] = [];
  let after: string | undefined;
  while (items.length < MOST_ITEMS) {
    const page = await ledger.evidence(filter, PAGE_ROWS, after);
    items.push(...page.rows);
    if (page.next === null) break;
    after = page.next;
  }
  return joinTiers(counts, items, tiers);
}
