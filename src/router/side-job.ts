import type { ShadowPair } from "../cascade/receipt.ts";
import type { LedgerEntry } from "../ledger/ledger.ts";
import type { JobEnd } from "../ledger/records/job.ts";
import { SHADOW_KIND, shadowJobId } from "../ledger/records/job.ts";
import type { Flight } from "./flight.ts";
import { keepsBodies } from "./keeps-bodies.ts";
import { keptRequest } from "./kept-request.ts";

/**
 * How long a job leaves the other side to the call in memory. Long enough for nearly all of them; who
 * takes it up sooner or later than that asks whether the call is still under way.
 */
const HEAD_START_MS = 300_000;

/**
 * The job that fetches the other side should the call in memory not live to do it, for the commit of
 * the pair; none where it could not be done later. What asks the provider must be its own credential,
 * and the request's text must be kept. A near miss that runs on is not asked again: it was drawn for
 * what it stated, and would state something else.
 */
export function sideJobEntries(flight: Flight, pair: ShadowPair): readonly LedgerEntry[] {
  const { environment, request, draft } = flight;
  if (!hasSideJob(flight, pair)) return [];
  const nowMs = environment.clock.nowMs();
  const job = {
    id: shadowJobId(draft.head.id),
    kind: SHADOW_KIND,
    route: pair.route,
    itemId: pair.requestId,
    payload: JSON.stringify(keptRequest(request)),
    createdAtMs: nowMs,
    dueAtMs: nowMs + HEAD_START_MS,
    tries: 0,
    state: "waiting",
    lastError: null,
  } as const;
  return [{ kind: "job", job }];
}

/** Whether a job stands behind the call that fetches the pending side. */
export function hasSideJob(
  { environment, active, draft }: Pick<Flight, "environment" | "active" | "draft">,
  pair: ShadowPair,
): boolean {
  if (active === null || draft.decision === "escalated") return false;
  if (environment.ledger === null || !keepsBodies({ active, draft }, true)) return false;
  const { tiers } = active.route;
  const tier =
    pair.cheap.missing === "pending"
      ? tiers[0]
      : pair.deep.missing === "pending"
        ? tiers.at(-1)
        : undefined;
  return tier !== undefined && environment.hasOwnCredential(tier.provider);
}

/** What the call in memory says of its job. Once a worker has leased it, that one has the say. */
export function sideJobEnd(requestId: string, end: JobEnd): LedgerEntry {
  return { kind: "job_end", jobId: shadowJobId(requestId), tries: 0, end };
}
