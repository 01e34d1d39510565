import type { Ledger } from "../../ledger/ledger.ts";
import type { Evidence } from "../../ledger/records/evidence.ts";
import type { TuningEvidence } from "./ask-evidence.ts";
import { readLiveRanges } from "./live-ranges.ts";

type TuningLedger = Pick<
  Ledger,
  "evidenceCounts" | "triageCounts" | "evidence" | "requests" | "routeVersion" | "thresholdVersions"
>;

/** Clustered items beyond so many stay outside of bounds: they are read one by one. */
const MOST_CLUSTERED = 50_000;
const PAGE_ROWS = 1_000;

/** Reads everything that tuning asks of a route: roll-ups, and items of clusters one by one. */
export async function readTuningEvidence(
  ledger: TuningLedger,
  filter: { readonly route: string; readonly fromMs?: number },
): Promise<Required<TuningEvidence>> {
  const [evidence, triages] = await Promise.all([
    ledger.evidenceCounts(filter),
    ledger.triageCounts(filter),
  ]);
  const clusteredItems = evidence.reduce(
    (sum, { key, items }) => (key.isClustered ? sum + items : sum),
    0,
  );
  return {
    ...{ evidence, triages },
    clustered:
      clusteredItems > MOST_CLUSTERED ? null : await readClustered(ledger, filter, clusteredItems),
    liveRanges: await readLiveRanges(ledger, filter.route, evidence),
  };
}

/** Of whole UTC days, as the roll-ups are. */
async function readClustered(
  ledger: Pick<Ledger, "evidence">,
  { route, fromMs = 0 }: { readonly route: string; readonly fromMs?: number },
  expected: number,
): Promise<readonly Evidence[]> {
  const items: Evidence[] = [];
  if (expected === 0) return items;
  const filter = { route, fromMs: Math.floor(fromMs / DAY_MS) * DAY_MS, isClustered: true };
  let after: string | undefined;
  for (;;) {
    const page = await ledger.evidence(filter, PAGE_ROWS, after);
    items.push(...page.rows);
    if (page.next === null) return items;
    after = page.next;
  }
}

const DAY_MS = 86_400_000;
