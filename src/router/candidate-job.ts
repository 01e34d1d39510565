import { checkModelFit } from "../cascade/eligibility.ts";
import type { Attempt } from "../cascade/receipt.ts";
import type { CandidateModel } from "../cascade/route.ts";
import { draw, samplingKey } from "../cascade/sampling.ts";
import type { LedgerEntry } from "../ledger/ledger.ts";
import { candidateTier } from "../ledger/records/candidate-tier.ts";
import { CANDIDATE_KIND } from "../ledger/records/job.ts";
import type { Flight } from "./flight.ts";
import { keptRequest } from "./kept-request.ts";
import { sideOf } from "./shadow-pairs.ts";

/**
 * Draws an escalated request for the route's candidates: all of them are asked about the same
 * requests. Must come before the deep call, whose answer is then kept. A route that has none, or could
 * not ask them later, draws nothing.
 */
export function drawForCandidates({ active, draft, subject, environment }: Flight): void {
  const { candidates = [], sampling } = active?.route ?? {};
  const share = sampling?.candidate ?? 0;
  if (share === 0 || environment.ledger === null) return;
  if (!candidates.some(({ provider }) => environment.hasOwnCredential(provider))) return;
  const key = samplingKey("candidate", subject);
  draft.addDraw(draw({ purpose: "candidate", salt: environment.salt, key, share }));
}

/**
 * The jobs that ask the candidates, for the commit of the record. None where the deep answer, which
 * theirs are held against, is not there.
 *
 * @param answeredBy the attempt whose answer the client gets
 */
export function candidateJobEntries(
  flight: Flight,
  answeredBy: Attempt | null,
): readonly LedgerEntry[] {
  const { active, draft, request, environment } = flight;
  const { candidates = [], name: route = "" } = active?.route ?? {};
  if (candidates.length === 0 || !draft.isDrawn("candidate")) return [];
  if (answeredBy?.role !== "answer" || sideOf(answeredBy).missing !== null) return [];
  const nowMs = environment.clock.nowMs();
  return candidates.flatMap((candidate, place): LedgerEntry[] => {
    if (!canBeTried(flight, candidate, answeredBy)) return [];
    const job = {
      id: `${CANDIDATE_KIND}:${request.id}:${String(candidateTier(place))}`,
      kind: CANDIDATE_KIND,
      route,
      itemId: request.id,
      payload: JSON.stringify({ ...keptRequest(request), place }),
      createdAtMs: nowMs,
      dueAtMs: nowMs,
      tries: 0,
      state: "waiting",
      lastError: null,
    } as const;
    return [{ kind: "job", job }];
  });
}

/** A tier that a request does not fit is left out of its climb, and costs and ships nothing. */
function canBeTried(
  { environment, request, promptBytes }: Flight,
  { model, provider }: CandidateModel,
  answeredBy: Attempt,
): boolean {
  const { catalogue } = environment;
  const idOf = (name: string): string => catalogue.find(name)?.id ?? name;
  // A client may have asked for the candidate itself.
  if (idOf(model) === idOf(answeredBy.model)) return false;
  const { value } = request.parsed;
  const fit = { request: value, model, catalogue, promptTextBytes: promptBytes };
  return environment.hasOwnCredential(provider) && checkModelFit(fit) === null;
}
