import type { TriageCount } from "../../ledger/records/evidence.ts";
import { observedShare, type ObservedShare } from "../observed-share.ts";
import { itemsIn, type CountedEvidence } from "./item-outcome.ts";

/** How often either model refuses. A refusal is no wrong answer and is in no share of those. */
export interface RefusalReport {
  /** The cheap model's, of all triages. They escalate, so that the client gets the deep answer. */
  readonly cheap: ObservedShare;
  /** The deep model's, of the items that it answered in some way. */
  readonly deep: ObservedShare;
  /** By task, most refusals of the cheap model first; tasks without any are left out. */
  readonly tasks: readonly (ObservedShare & { readonly task: string | null })[];
}

export function describeRefusals(
  counts: readonly CountedEvidence[],
  triages: readonly TriageCount[],
): RefusalReport {
  const asked = counts.filter(({ key }) => ANSWERED.has(key.deepMissing));
  const deep = asked.filter(({ key }) => key.deepMissing === "refused");
  const tasks = [...Map.groupBy(triages, ({ task }) => task)]
    .map(([task, rows]) => ({ task, ...cheapRefusals(rows) }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count || ((a.task ?? "") < (b.task ?? "") ? -1 : 1));
  return {
    cheap: cheapRefusals(triages),
    deep: observedShare(itemsIn(deep), itemsIn(asked)),
    tasks,
  };
}

/** How a deep call ends that was made and answered in some way; null = with an answer. */
const ANSWERED: ReadonlySet<string | null> = new Set([
  null,
  "refused",
  "truncated",
  "unreadable",
  "null_answer",
]);

/** An imported row says `refused` of its missing answer, a triage says whose refusal it is. */
const REFUSALS: ReadonlySet<string> = new Set(["triage_refused", "refused"]);

function cheapRefusals(triages: readonly TriageCount[]): ObservedShare {
  let [refused, all] = [0, 0];
  for (const row of triages) {
    all += row.triages;
    if (row.failureCode !== null && REFUSALS.has(row.failureCode)) refused += row.triages;
  }
  return observedShare(refused, all);
}
