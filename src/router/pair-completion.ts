import { lateAttemptIndex } from "../cascade/late-attempt-index.ts";
import type { Attempt, RequestRecord, ShadowPair } from "../cascade/receipt.ts";
import type { MissingSideReason } from "../cascade/words.ts";
import type { LedgerEntry, RouteVersion } from "../ledger/ledger.ts";
import type { Job } from "../ledger/records/job.ts";
import type { RouterEnvironment } from "./flight.ts";
import { activeThen, lateAftermath } from "./late-aftermath.ts";
import { askForSide, sideEntries } from "./other-side.ts";
import { RecordDraft } from "./record-draft.ts";
import { missingSide } from "./shadow-pairs.ts";

/** A pair whose pending side is left to a job, with what the ledger has of its request. */
export interface PendingPair {
  readonly job: Job;
  readonly record: RequestRecord;
  readonly pair: ShadowPair;
  /** The route as it was when the request came. */
  readonly version: RouteVersion;
}

/** What a job yields. */
export interface CompletedPair {
  readonly attempt: Attempt;
  /** The attempt alone, for a try that is to be made again. */
  readonly booked: LedgerEntry;
  /** The attempt, its answer, the whole pair and its evidence. */
  readonly entries: readonly LedgerEntry[];
}

/** Fetches sides of pairs when the client, and perhaps the process that served it, is gone. */
export interface PairCompletion {
  /** A call of this process is at it, in memory. */
  isUnderWay(requestId: string): boolean;
  /**
   * Asks for the side that is missing. Never rejects.
   *
   * @param body the stored request
   * @returns why it could not be asked instead
   */
  complete(
    pending: PendingPair,
    body: Uint8Array,
    signal: AbortSignal,
  ): Promise<CompletedPair | MissingSideReason>;
  /** What is written when the side will not come. */
  giveUp(pending: PendingPair, reason: MissingSideReason): readonly LedgerEntry[];
}

export function createPairCompletion(environment: RouterEnvironment): PairCompletion {
  return {
    isUnderWay: (requestId) => environment.sidesUnderWay.has(requestId),
    complete: async (pending, body, signal) => {
      const { job, record, pair, version } = pending;
      const attemptIndex = lateAttemptIndex("shadow", job.tries);
      const late = { record, version, payload: job.payload, body, attemptIndex };
      const aftermath = lateAftermath(environment, late);
      if (aftermath === null) return "text_gone";
      const which = sideToFetch(pair);
      const tier = which === "cheap" ? version.route.tiers[0] : version.route.tiers.at(-1);
      const provider = tier?.provider ?? "";
      if (!environment.providers.has(provider)) return "route_gone";
      if (!environment.hasOwnCredential(provider)) return "credential_gone";
      const { attempt, side, answers } = await askForSide(aftermath, which, signal);
      return {
        attempt,
        booked: { kind: "attempt", requestId: record.id, attempt },
        entries: sideEntries(aftermath, { ...pair, [which]: side }, attempt, answers),
      };
    },
    giveUp: (pending, reason) => {
      const pair = { ...pending.pair, [sideToFetch(pending.pair)]: missingSide(reason) };
      const active = activeThen(pending.version);
      return sideEntries({ environment, active, draft: draftOf(pending) }, pair, null, []);
    },
  };
}

function sideToFetch({ cheap }: ShadowPair): "cheap" | "deep" {
  return cheap.missing === "pending" ? "cheap" : "deep";
}

function draftOf({ record, job }: PendingPair): RecordDraft {
  return RecordDraft.of(record, lateAttemptIndex("shadow", job.tries));
}
