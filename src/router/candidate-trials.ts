import { lateAttemptIndex } from "../cascade/late-attempt-index.ts";
import type { Attempt, RequestRecord, ShadowPair } from "../cascade/receipt.ts";
import type { MissingSideReason } from "../cascade/words.ts";
import type { LedgerEntry, RouteVersion } from "../ledger/ledger.ts";
import { candidateTier } from "../ledger/records/candidate-tier.ts";
import type { Job } from "../ledger/records/job.ts";
import { readJson } from "../messages/read-json.ts";
import { isJsonObject } from "../support/json.ts";
import { evidenceOfPair } from "./evidence-of-pair.ts";
import type { Aftermath, RouterEnvironment } from "./flight.ts";
import { keepsBodies } from "./keeps-bodies.ts";
import { lateAftermath } from "./late-aftermath.ts";
import { cheapSideOf, triageToEnd } from "./other-side.ts";
import { answerEntry, storedAnswerOf } from "./settle.ts";
import { sideOf } from "./shadow-pairs.ts";

/** A candidate to be asked about a request, with what the ledger has of it. */
export interface CandidateTrial {
  readonly job: Job;
  readonly record: RequestRecord;
  /** The route as it was when the request came. */
  readonly version: RouteVersion;
}

/** What a job yields. */
export interface TriedCandidate {
  readonly attempt: Attempt;
  /** The attempt alone, for a try that is to be made again. */
  readonly booked: LedgerEntry;
  /** The attempt, its answer, its evidence and the jobs that come of it. */
  readonly entries: readonly LedgerEntry[];
}

/** Asks candidates as if they were a tier before the last one. */
export interface CandidateTrials {
  /** The model that a job is about; null when its route had no such candidate. */
  modelOf(trial: CandidateTrial): string | null;
  /**
   * Never rejects.
   *
   * @param body the stored request
   * @returns why it could not be asked instead
   */
  ask(
    trial: CandidateTrial,
    body: Uint8Array,
    signal: AbortSignal,
  ): Promise<TriedCandidate | MissingSideReason>;
}

export function createCandidateTrials(environment: RouterEnvironment): CandidateTrials {
  return {
    modelOf: ({ job, version }) => version.route.candidates?.[placeOf(job) ?? -1]?.model ?? null,
    ask: async ({ job, record, version }, body, signal) => {
      const place = placeOf(job);
      const candidate = version.route.candidates?.[place ?? -1];
      if (place === null || candidate === undefined) return "route_gone";
      const attemptIndex = lateAttemptIndex("candidate", job.tries, place);
      const late = { record, version, payload: job.payload, body, attemptIndex };
      const aftermath = lateAftermath(environment, late);
      if (aftermath === null) return "text_gone";
      if (!environment.providers.has(candidate.provider)) return "route_gone";
      if (!environment.hasOwnCredential(candidate.provider)) return "credential_gone";
      const tier = candidateTier(place);
      const start = { tier, candidate, role: "candidate" } as const;
      const { attempt: asked, reading } = await triageToEnd(aftermath, start, signal);
      // No threshold decided anything: it was asked to be read to its end.
      const attempt: Attempt = { ...asked, threshold: null };
      const booked: LedgerEntry = { kind: "attempt", requestId: record.id, attempt };
      const answers = keepsBodies(aftermath, false) ? storedAnswerOf(attempt, reading) : [];
      const pair = { cheap: cheapSideOf(attempt, reading), model: candidate.model };
      return {
        attempt,
        booked,
        entries: [
          booked,
          ...answers.map((answer) => answerEntry(record.id, answer)),
          ...evidenceEntriesOf(aftermath, record, attempt, pair),
        ],
      };
    },
  };
}

/** Evidence goes by the candidate's number, beside the answer that the client got. */
function evidenceEntriesOf(
  { environment, active }: Aftermath,
  record: RequestRecord,
  attempt: Attempt,
  asked: Pick<ShadowPair, "cheap"> & { readonly model: string },
): readonly LedgerEntry[] {
  const answer = record.attempts.findLast(({ role }) => role === "answer");
  const { route, routeVersion } = record;
  if (active === null || answer === undefined || route === null || routeVersion === null) return [];
  const { cheap, model } = asked;
  environment.reportedNames.note(attempt);
  const evidence = evidenceOfPair({
    itemId: record.id,
    route,
    task: record.task,
    startedAtMs: record.startedAtMs,
    inputClasses: record.inputClasses,
    decision: record.decision,
    draws: record.draws,
    attempts: [...record.attempts, attempt],
    pair: {
      ...{ requestId: record.id, route, routeVersion, createdAtMs: record.startedAtMs },
      ...{ cheap, deep: sideOf(answer) },
    },
    tier: attempt.tier ?? candidateTier(0),
    deepTier: active.route.tiers.length - 1,
    cheapModel: model,
    deepModel: answer.model,
    promptHash: active.protocol.promptHash,
    reportedName: environment.reportedNames.of,
  });
  if (evidence === null) return [];
  const written = environment.repeatClusters.admit(record.bodyHash, evidence);
  return [
    ...written.map((one): LedgerEntry => ({ kind: "evidence", evidence: one })),
    ...environment.jobsOf(evidence).map((job): LedgerEntry => ({ kind: "job", job })),
  ];
}

/** Which of the route's candidates a job asks. */
function placeOf({ payload }: Job): number | null {
  const read = readJson(payload);
  const place = read.ok && isJsonObject(read.value) ? read.value["place"] : null;
  return typeof place === "number" ? place : null;
}
