import type { EvidenceCount } from "../../ledger/records/evidence.ts";
import { FIRST_CANDIDATE_TIER } from "../../ledger/records/candidate-tier.ts";
import { chooseStrata } from "../evidence/choose-stratum.ts";
import type { Promised } from "../evidence/promise-state.ts";
import type { ReportedRoute } from "../evidence/reported-route.ts";
import { isSameModel } from "../same-model.ts";
import { describeCandidate, type CandidateReport } from "./candidate-report.ts";

/**
 * The candidates of a route, those configured first and then others that were asked in the time. One
 * that is a tier by now is none any more. Of each the newest evidence alone: no evidence crosses a
 * change of a model or of the prompt.
 *
 * @param counts of one route's candidates; numbers tell candidates of a request apart, and a list that
 *   was changed numbers them anew, so it is the model that counts
 */
export function describeCandidates(
  counts: readonly EvidenceCount[],
  settings: ReportedRoute | null,
  promised: Promised,
): readonly CandidateReport[] {
  const configured = settings?.candidates ?? [];
  const tiers = settings?.models.filter((model) => model !== "requested") ?? [];
  const nameOf = (model: string): string =>
    configured.find((name) => isSameModel(model, name)) ?? model;
  const groups = Map.groupBy(counts, ({ key }) => nameOf(key.cheapModel ?? ""));
  const names = [...new Set([...configured, ...[...groups.keys()].toSorted()])].filter(
    (name) => !tiers.some((tier) => isSameModel(name, tier)),
  );
  return names.map((name) => {
    const ofModel = (groups.get(name) ?? []).map((count) => ({
      ...count,
      key: { ...count.key, tier: FIRST_CANDIDATE_TIER },
    }));
    const [newest] = chooseStrata(ofModel);
    return describeCandidate(newest?.counts ?? [], {
      model: newest?.key.cheapModel ?? name,
      promised,
      candidates: names.length,
    });
  });
}
