import type { Ledger } from "../../ledger/ledger.ts";
import type { EvidenceCount } from "../../ledger/records/evidence.ts";
import { nearMissFloor } from "../../ledger/records/near-miss.ts";
import type { LiveRanges } from "./tuning-sample.ts";

type RangeLedger = Pick<Ledger, "requests" | "routeVersion" | "thresholdVersions">;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * From which confidence on every answer of a day in live had a known chance of being drawn: from the
 * threshold on, or from the near misses on where these are drawn too. What the router had in force is
 * in its records: one is read for each hour, and a day on which anything of it changed has no range.
 * So a configured threshold that was edited and edited back within the hour would go unseen.
 *
 * @param counts of one route; days without drawn answers in live are not asked for
 */
export async function readLiveRanges(
  ledger: RangeLedger,
  route: string,
  counts: readonly EvidenceCount[],
): Promise<LiveRanges> {
  const days = new Set<number>();
  for (const { key } of counts) {
    if (key.decision === "shipped" || key.decision === "escalated") days.add(key.dayMs);
  }
  if (days.size === 0) return new Map();
  const versions = await ledger.thresholdVersions(route);
  const readFrom = createFromReader(ledger);
  const ranges = new Map<number, number>();
  for (const dayMs of days) {
    const isChanged = versions.some(
      ({ createdAtMs }) => createdAtMs >= dayMs && createdAtMs < dayMs + DAY_MS,
    );
    if (isChanged) continue;
    const froms = new Set<number>();
    for (let atMs = dayMs; atMs <= dayMs + DAY_MS; atMs += HOUR_MS) {
      const { rows } = await ledger.requests({ route, toMs: atMs }, 1);
      const [newest] = rows;
      // Before the first request of all nothing was in force that drew anything.
      if (newest === undefined) continue;
      froms.add(await readFrom(newest.routeVersion));
    }
    const [from] = froms;
    if (froms.size === 1 && from !== undefined && from <= 1) ranges.set(dayMs, from);
  }
  return ranges;
}

/** Reads the lowest confidence that a version of a route draws from; Infinity = not known. */
function createFromReader(
  ledger: Pick<RangeLedger, "routeVersion">,
): (versionId: string | null) => Promise<number> {
  const known = new Map<string, number>();
  return async (versionId) => {
    if (versionId === null) return Infinity;
    const found = known.get(versionId);
    if (found !== undefined) return found;
    const version = await ledger.routeVersion(versionId);
    const threshold = version?.route.tiers[0]?.threshold ?? Infinity;
    const isNearMissDrawn = (version?.route.sampling.band ?? 0) > 0;
    // Only the triage just below the last tier may run on.
    const isLastTriage = version?.route.tiers.length === 2;
    const from = isNearMissDrawn && isLastTriage ? nearMissFloor(threshold) : threshold;
    known.set(versionId, from);
    return from;
  };
}
