import type { Attempt, ShadowPair } from "../cascade/receipt.ts";
import type { LedgerEntry } from "../ledger/ledger.ts";
import type { Evidence } from "../ledger/records/evidence.ts";
import { evidenceOfPair } from "./evidence-of-pair.ts";
import { tierModel, type Flight } from "./flight.ts";
import type { Job } from "../ledger/records/job.ts";
import type { RecordDraft } from "./record-draft.ts";

/**
 * Says what work new evidence gives rise to, such as comparing its answers; written in the same
 * commit. Must be quick and not throw.
 */
export type EvidenceJobs = (evidence: Evidence) => readonly Job[];

/**
 * What goes into the ledger with a pair, or with the record of an answer to be graded: its evidence,
 * and the jobs that come of it. Nothing while the cheap side is still to come: as yet there is
 * nothing to learn about it.
 *
 * @param late attempts that are not in the request's record
 */
export function evidenceEntries(
  flight: Pick<Flight, "environment" | "active" | "draft">,
  pair: ShadowPair | null,
  late: readonly Attempt[],
): readonly LedgerEntry[] {
  const { environment, draft } = flight;
  if (flight.active === null) return [];
  const attempts = [...draft.attempts, ...late];
  for (const attempt of attempts) environment.reportedNames.note(attempt);
  if (pair?.cheap.missing === "pending") return [];
  const evidence = evidenceOf(flight, pair, attempts);
  if (evidence === null) return [];
  const written = environment.repeatClusters.admit(draft.head.bodyHash, evidence);
  return [
    ...written.map((one): LedgerEntry => ({ kind: "evidence", evidence: one })),
    ...environment.jobsOf(evidence).map((job): LedgerEntry => ({ kind: "job", job })),
  ];
}

function evidenceOf(
  { active, draft, environment }: Pick<Flight, "environment" | "active" | "draft">,
  pair: ShadowPair | null,
  attempts: readonly Attempt[],
): Evidence | null {
  if (active === null || active.route.tiers.length < 2) return null;
  const { route, protocol } = active;
  const { id: itemId, task, startedAtMs, inputClasses } = draft.head;
  const requested = draft.head.requestedModel ?? "";
  const deepTier = route.tiers.length - 1;
  const tier = cheapTier(draft, deepTier);
  return evidenceOfPair({
    itemId,
    task,
    startedAtMs,
    inputClasses,
    route: route.name,
    decision: draft.decision,
    draws: draft.draws,
    attempts,
    pair,
    tier,
    deepTier,
    cheapModel: tierModel(route, tier, requested),
    deepModel: tierModel(route, deepTier, requested),
    promptHash: protocol.promptHash,
    reportedName: environment.reportedNames.of,
  });
}

/** Whose answer a pair is about: in shadow the first tier's, a near miss is always the last one's. */
function cheapTier({ decision, attempts }: RecordDraft, deepTier: number): number {
  if (decision === "shadowed") return 0;
  if (decision === "escalated") return deepTier - 1;
  return attempts.findLast(({ role }) => role === "triage")?.tier ?? 0;
}
